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

/** What each of Ansible's collectors brings; those that are not here bring nothing. */
const found: { readonly [C in Collector]?: (answer: Answer) => JsonObject } = {
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
 * What a host is, under Ansible's names without `ansible_`: one read, about a dozen processes on the host.
 * Beyond Ansible: `cgroup_version` (1, 2; 0 without), `swaps`, `init`, `units` (of those that roles ask for), `clock_offset` (seconds by
 * which the host's clock is ahead of this machine's; as exact as the round trip is short).
 */
export const facts: Read<Facts> = read(script, raw => parseFacts(raw), { timeout: 20_000 })

/** Only what `gather_subset` asks for. All comes in one read, whatever is kept of it. */
export const factsOf = (subsets: readonly string[]): Read<Facts> => ({
  ...facts,
  parse: raw => ({ ...parseFacts(raw, collectorsOf(subsets)), gather_subset: subsets }),
})

/** @throws NotObserved where the script did not come to its end */
export const parseFacts = (raw: Raw, wanted: ReadonlySet<Collector> = collectorsOf(['all'])): Facts => {
  const said = text(raw.stdout)
  if (raw.rc !== 0 || !said.includes('\n@env\n')) throw new NotObserved(raw, 'the facts')
  const answer = parseAnswer(said)
  const told: JsonObject = Object.assign({}, ...[...wanted].map(one => found[one]?.(answer)))
  return { ...told, ...clockOffset(told['date_time'], raw.at), module_setup: true }
}

const clockOffset = (time: Json | undefined, at: number | undefined): JsonObject =>
  at === undefined || !isJsonObject(time) ? {} : { clock_offset: Number(time['epoch']) - Math.floor(at / 1000) }
