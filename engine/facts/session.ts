import type { JsonObject } from '../core/json.js'
import type { Answer } from './answer.js'

/** Facts about the user, from `id` (`uid=0(root) gid=0(root) groups=0(root)`) and the user's line of passwd(5). */
export const user = (answer: Answer): JsonObject => {
  const [ids = '', account = ''] = answer.section('user')
  const [name, , uid, gid, gecos, home, shell] = account.split(':')
  const idOf = (word: string): string | undefined => new RegExp(`\\b${word}=(\\d+)`).exec(ids)?.[1]
  const [userId, groupId] = [Number(idOf('uid') ?? uid ?? 0), Number(idOf('gid') ?? gid ?? 0)]
  return {
    user_id: name || (/\buid=\d+\(([^)]*)\)/.exec(ids)?.[1] ?? String(userId)),
    user_uid: userId,
    user_gid: groupId,
    user_gecos: gecos ?? '',
    user_dir: home ?? '',
    user_shell: shell ?? '',
    real_user_id: userId,
    effective_user_id: userId,
    real_group_id: groupId,
    effective_group_id: groupId,
  }
}

/** The environment, without the variables that tkplay itself sets. */
export const environment = (text: string): JsonObject =>
  Object.fromEntries(
    text
      .split(text.includes('\0') ? '\0' : '\n')
      .filter(line => line.includes('=') && !line.startsWith('TKPLAY_'))
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

/** Parses the output of `date`: `2026 01 31 12 34 56 1769862896 UTC +0000 Saturday 6 05`. */
export const dateTime = (line: string): JsonObject => {
  const [
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    epoch = '0',
    tz = '',
    offset = '',
    weekday = '',
    number = '',
    week = '',
  ] = line.split(' ')
  const utc = new Date(Number(epoch) * 1000).toISOString()
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    weekday,
    weekday_number: number,
    weeknumber: week,
    epoch,
    epoch_int: epoch,
    date: `${year}-${month}-${day}`,
    time: `${hour}:${minute}:${second}`,
    iso8601: utc.replace('.000', ''),
    iso8601_micro: utc.replace('.000', '.000000'),
    iso8601_basic: `${year}${month}${day}T${hour}${minute}${second}000000`,
    iso8601_basic_short: `${year}${month}${day}T${hour}${minute}${second}`,
    tz,
    tz_dst: tz,
    tz_offset: offset,
  }
}
