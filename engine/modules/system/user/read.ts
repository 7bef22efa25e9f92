import { NotObserved } from '../../../core/failure.js'
import type { Probe, Raw } from '../../../core/module.js'
import { omitUndefined } from '../../../core/omit-undefined.js'
import { read } from '../../../core/read.js'
import { ShellText, sh } from '../../../shell/quote.js'
import { nulSeparated } from '../../support/nul-separated.js'
import { parentCheck } from '../../support/path.js'
import { type HomeSeen, keyFile, movesHome, type Shadow, type UserParams, type UserSeen } from './account.js'

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
      p.groups === undefined ? ':' : groupsText(p.name),
      `printf '\\0'`,
      sh`getent group ${asked}; [ $? -le 2 ] || exit 1`,
      `printf '\\0'`,
      uidText(p),
      `printf '\\0'`,
      homeText(p),
      p.generate_ssh_key ? keyText(p) : "printf '\\0\\0'",
      movesHome(p) ? '[ "$was" = "$home" ] || [ ! -d "$was" ] || echo movable' : ':',
      `printf '\\0'`,
      p.state === 'absent' && p.remove ? '[ ! -e "$home" ] || stat -L -c %u -- "$home" || exit 1' : ':',
      `printf '\\0'`,
      asksShadow ? shadowText(p.name) : ':',
      ':',
    ].join('\n'),
    raw => parseUser(p, raw),
  )
}

/** The supplementary groups, a line each. `id` is for systems whose getent does not know them: it takes the primary group of whoever comes first with the same number. */
const groupsText = (name: string): string => sh`if [ -z "$line" ]; then :
elif g=$(getent initgroups ${name} 2>/dev/null); then set -- $g; shift; [ $# = 0 ] || getent group "$@" || [ $? -eq 2 ] || exit 1
else g=$(id -Gn -- ${name}) || exit 1; printf '%s\n' "$g" | tr ' ' '\n' | sed 1d; fi`

/** Who has the wanted number, where it is not the user's own. */
const uidText = ({ name, uid, non_unique }: UserParams): string =>
  uid === undefined || non_unique
    ? ':'
    : sh`case $line in ${name}:*:${uid}:*:*:*:*) ;; *) ${new ShellText(entry('passwd', String(uid)))} ;; esac`

/** The directory that the account is to have, and whether a folder can be made there. Where useradd is not told, it has a default. */
const homeText = ({ name, home, state }: UserParams): string =>
  [
    'was=$' + '{line%:*}; was=$' + '{was##*:}',
    home !== undefined && state === 'present'
      ? sh`home=${home}`
      : sh`home=$was
[ -n "$line" ] || { home=$(useradd -D 2>/dev/null | sed -n 's/^HOME=//p'); home=${new ShellText('${home:-/home}')}/${name}; }`,
    `f=$home
if [ -d "$f" ]; then printf 'folder\\0\\0'; elif [ -e "$f" ]; then printf 'other\\0\\0'; elif [ -L "$f" ]; then printf 'broken-link\\0\\0'
else printf 'absent\\0'; ${parentCheck}; fi`,
  ].join('\n')

/** It is looked for where it will be: a directory that moves takes it along. */
const keyText = (p: UserParams): string =>
  sh`f=${keyFile(p)}
case $f in /*) ;; *) ${new ShellText(movesHome(p) ? 'if [ -d "$was" ]; then f=$was/$f; else f=$home/$f; fi' : 'f=$home/$f')} ;; esac
if [ -e "$f" ]; then printf 'key\0\0'; else printf '\0'; ${new ShellText(parentCheck)}; fi`

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
  const all = nulSeparated(raw, 10)
  const [passwd = '', groups = '', known = '', taken = '', home = '', above = '', key = ''] = all
  const [aboveKey = '', movable = '', owner = '', shadow = ''] = all.slice(7)
  const isMovable = movable.includes('movable')
  const fields = passwd.trim().split(':')
  const [, , uid, gid, comment, directory, shell] = fields
  if (passwd.trim() !== '' && shell === undefined)
    throw new NotObserved(raw, 'getent answered in a form that is not known')
  return omitUndefined({
    account:
      shell === undefined
        ? undefined
        : { uid: Number(uid), gid: Number(gid), comment: comment ?? '', home: directory ?? '', shell },
    groups: groups
      .split('\n')
      .filter(line => line !== '' && line.split(':')[2] !== gid)
      .map(line => line.split(':')[0] ?? ''),
    known: Object.fromEntries(
      known
        .split('\n')
        .filter(line => line !== '')
        .flatMap(line => groupsIn(line)),
    ),
    home: homeIn(raw, home),
    uidOf: nameIn(taken),
    noParent: above === 'no-parent' || undefined,
    barred: [p.create_home || isMovable ? above : '', aboveKey]
      .find(one => one.startsWith('barred '))
      ?.slice('barred '.length),
    movable: isMovable || undefined,
    homeOwner: owner.trim() === '' ? undefined : Number(owner),
    shadow: shadowIn(shadow),
    key: p.generate_ssh_key ? key === 'key' : undefined,
  })
}

const homeIn = (raw: Raw, word: string): HomeSeen => {
  const found = (['folder', 'other', 'broken-link', 'absent'] as const).find(one => one === word)
  if (found === undefined) throw new NotObserved(raw, 'it did not say what stands where the home directory is to be')
  return found
}

const nameIn = (line: string): string | undefined => line.trim().split(':')[0] || undefined

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
  return omitUndefined({
    digest: sum.split(' ')[0] ?? '',
    locked: state === 'locked',
    expires: expires === '' ? undefined : Number(expires),
  })
}
