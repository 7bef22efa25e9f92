import { NotObserved } from '../core/failure.js'
import { isJsonObject, type Json, type JsonObject } from '../core/json.js'
import type { Facts, Raw, Read } from '../core/module.js'
import { read, text } from '../core/read.js'
import { parseAnswer } from './answer.js'
import { distribution } from './distribution.js'
import { hardware } from './hardware.js'
import { network } from './network.js'
import { script } from './script.js'
import { session } from './session.js'
import { system } from './system.js'

/**
 * What a host is, under Ansible's names without `ansible_`: one read, about a dozen processes on the host.
 * Beyond Ansible: `cgroup_version` (1, 2; 0 without), `swaps`, `init`, `units` (of those that roles ask for), `clock_offset` (seconds by
 * which the host's clock is ahead of this machine's; as exact as the round trip is short).
 */
export const facts: Read<Facts> = read(script, raw => parseFacts(raw), { timeout: 20_000 })

/** @throws NotObserved where the script did not come to its end */
export const parseFacts = (raw: Raw): Facts => {
  const said = text(raw.stdout)
  if (raw.rc !== 0 || !said.includes('\n@env\n')) throw new NotObserved(raw, 'the facts')
  const answer = parseAnswer(said)
  const told = session(answer)
  return {
    ...network(answer),
    ...hardware(answer),
    ...distribution(answer),
    ...system(answer),
    ...told,
    ...clockOffset(told['date_time'], raw.at),
    module_setup: true,
  }
}

const clockOffset = (time: Json | undefined, at: number | undefined): JsonObject =>
  at === undefined || !isJsonObject(time) ? {} : { clock_offset: Number(time['epoch']) - Math.floor(at / 1000) }
