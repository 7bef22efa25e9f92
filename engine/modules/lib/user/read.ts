import { posix } from 'node:path'
import { NotObserved } from '../../../core/failure.js'
import { given } from '../../../core/given.js'
import type { Probe, Raw } from '../../../core/module.js'
import { read } from '../../../core/read.js'
import { ShellText, sh } from '../../../shell/quote.js'
import { parts } from '../parts.js'
import { keyFile, type Shadow, type UserParams, type UserSeen } from './account.js'

/** getent answers 2 where there is no such entry; anything else that is not 0 did not say. */
const entry = (database: string, key: string): string => sh`getent ${database} ${key} || [ $? -eq 2 ] || exit 1`

/** passwd, groups, and what else the parameters ask for. */
export const readUser = (p: UserParams): Probe<UserSeen> => {
  const asked = [...new Set([p.name, ...(p.group === undefined ? [] : [p.group]), ...(p.groups ?? [])])]
  const asksShadow = p.password !== undefined || p.password_lock !== undefined || p.expires !== undefined
  return read(
    [
      `line=$(${entry('passwd', p.name)}) || exit 1`,
      `printf '%s\\0' "$line"`,
      sh`[ -z "$line" ] || id -Gn -- ${p.name} || exit 1`,
      `printf '\\0'`,
      sh`getent group ${asked}; [ $? -le 2 ] || exit 1`,
      `printf '\\0'`,
      'home=$' + '{line%:*}; home=$' + '{home##*:}',
      `[ -z "$line" ] || [ ! -d "$home" ] || echo home`,
      `printf '\\0'`,
      asksShadow ? shadowText(p.name) : ':',
      `printf '\\0'`,
      p.generate_ssh_key ? sh`cd "$home" 2>/dev/null && [ -e ${keyFile(p)} ] && echo key` : ':',
      `printf '\\0'`,
      p.move_home && p.home !== undefined ? targetText(p.home) : ':',
      ':',
    ].join('\n'),
    raw => parseUser(p, raw),
  )
}

/** usermod gives the account its new home before it moves the old one, and does not take that back where it cannot. */
const targetText = (home: string): string =>
  sh`if [ -e ${home} ] || [ -L ${home} ]; then echo taken; elif [ ! -d ${posix.dirname(home)} ]; then echo no-parent; fi`

/** The hash stays on the host: `locked`, its digest, and the day on which the account expires. */
const shadowText = (name: string): ShellText =>
  new ShellText(
    [
      `line=$(${entry('shadow', name)}) || exit 1`,
      'if [ -n "$line" ]; then',
      '  IFS=: read -r _ hash _ _ _ _ _ expires _ <<LINE',
      '$line',
      'LINE',
      '  bare=$hash',
      '  while :; do case $bare in !*) bare=$' + '{bare#!} ;; *) break ;; esac; done',
      '  case $hash in !*) echo locked ;; *) echo open ;; esac',
      '  printf "%s\\n" "$expires"',
      `  printf '%s' "$bare" | sha256sum`,
      'fi',
    ].join('\n'),
  )

const parseUser = (p: UserParams, raw: Raw): UserSeen => {
  const [passwd = '', groups = '', known = '', home = '', shadow = '', key = '', target = ''] = parts(raw, 7)
  const fields = passwd.trim().split(':')
  const [, , uid, gid, comment, directory, shell] = fields
  if (passwd.trim() !== '' && shell === undefined)
    throw new NotObserved(raw, 'getent answered in a form that is not known')
  return given({
    account:
      shell === undefined
        ? undefined
        : { uid: Number(uid), gid: Number(gid), comment: comment ?? '', home: directory ?? '', shell },
    // id prints the primary group first.
    groups: groups.trim().split(' ').slice(1),
    known: Object.fromEntries(
      known
        .split('\n')
        .filter(line => line !== '')
        .flatMap(line => groupsIn(line)),
    ),
    home: home.includes('home'),
    shadow: shadowIn(shadow),
    key: p.generate_ssh_key ? key.includes('key') : undefined,
    target: (['taken', 'no-parent'] as const).find(word => word === target.trim()),
  })
}

/** Under its name and under its number, since a group may be named by either. */
const groupsIn = (line: string): readonly (readonly [string, number])[] => {
  const [name = '', , gid = ''] = line.split(':')
  return [
    [name, Number(gid)],
    [gid, Number(gid)],
  ]
}

const shadowIn = (text: string): Shadow | undefined => {
  const [state, expires = '', sum] = text.trim().split('\n')
  if (sum === undefined) return undefined
  return given({
    digest: sum.split(' ')[0] ?? '',
    locked: state === 'locked',
    expires: expires === '' ? undefined : Number(expires),
  })
}
