import { isJsonObject, type Json } from '../../../core/json.js'
import { omitUndefined } from '../../../core/omit-undefined.js'
import { field } from '../../support/message-data.js'
import type { AptSeen } from './seen.js'

/** Ansible's keys; the output of what was done, in order. */
export const aptValue = (seen: AptSeen, applied: readonly Json[]): Json => {
  const of = (name: string): string => applied.map(one => field(one, name)).join('')
  return omitUndefined({
    cache_updated: applied.some(one => isJsonObject(one) && one['kind'] === 'refresh'),
    cache_update_time: seen.lists === undefined ? undefined : Math.floor(seen.lists.fetched),
    stdout: applied.length === 0 ? undefined : of('stdout'),
    stderr: applied.length === 0 ? undefined : of('stderr'),
  })
}
