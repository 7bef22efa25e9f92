import { NotObserved } from '../core/failure.js'
import { isJsonObject, type Json, type JsonObject } from '../core/json.js'
import type { Facts, Raw, Read } from '../core/module.js'
import { read, text } from '../core/read.js'
import { type Answer, parseAnswer } from './answer.js'
import { distribution, lsb } from './distribution.js'
import { hardware, loadavg } from './hardware.js'
import { dns, network } from './network.js'
import { script } from './script.js'
import { dateTime, environment, user } from './session.js'
import { type Collector, collectorsOf } from './subsets.js'
import {
  apparmor,
  commandLines,
  fips,
  hostKeys,
  packageManager,
  platform,
  selinux,
  serviceManager,
  virtualization,
} from './system.js'

/** The facts of each of Ansible's collectors. A collector that is missing here gathers nothing. */
const factsBy: { readonly [C in Collector]?: (answer: Answer) => JsonObject } = {
  apparmor,
  chroot: () => ({ is_chroot: false }),
  cmdline: commandLines,
  date_time: ({ section }) => ({ date_time: dateTime(section('date')[0] ?? '') }),
  distribution,
  dns: answer => ({ dns: dns(answer) }),
  env: answer => ({ env: environment(answer.env) }),
  fips,
  hardware,
  loadavg: answer => ({ loadavg: loadavg(answer) }),
  lsb: answer => ({ lsb: lsb(answer) }),
  network,
  pkg_mgr: packageManager,
  platform,
  selinux: answer => ({ selinux: selinux(answer) }),
  service_mgr: serviceManager,
  ssh_pub_keys: hostKeys,
  user,
  virtual: virtualization,
}

/**
 * All facts of a host, with Ansible's names without `ansible_`. One read, which starts about a dozen processes on the
 * host.
 *
 * Facts that Ansible does not have: `cgroup_version` (1, 2; 0 without cgroups), `swaps`, `init`, `units` (those of
 * `candidateUnits` that exist), and `clock_offset`: seconds by which the host's clock is ahead of this machine's, wrong
 * by at most the round trip.
 */
export const facts: Read<Facts> = read(script, raw => parseFacts(raw), { timeout: 20_000 })

/** The facts that `gather_subset` asks for. All facts are read anyway, in one read; the others are dropped. */
export const factsOf = (subsets: readonly string[]): Read<Facts> => ({
  ...facts,
  parse: raw => ({ ...parseFacts(raw, collectorsOf(subsets)), gather_subset: subsets }),
})

/** @throws NotObserved where the script did not run to its end */
export const parseFacts = (raw: Raw, wanted: ReadonlySet<Collector> = collectorsOf(['all'])): Facts => {
  const output = text(raw.stdout)
  if (raw.rc !== 0 || !output.includes('\n@env\n')) throw new NotObserved(raw, 'the facts')
  const answer = parseAnswer(output)
  const gathered: JsonObject = Object.assign({}, ...[...wanted].map(one => factsBy[one]?.(answer)))
  return { ...gathered, ...clockOffset(gathered['date_time'], raw.at), module_setup: true }
}

const clockOffset = (time: Json | undefined, at: number | undefined): JsonObject =>
  at === undefined || !isJsonObject(time) ? {} : { clock_offset: Number(time['epoch']) - Math.floor(at / 1000) }
