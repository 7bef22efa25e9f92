import { posix } from 'node:path'
import type { Change, Plan } from '../../../core/module.js'
import { needsFolder } from '../../support/needs.js'
import { barredRefusal } from '../../support/path.js'
import { type Account, digestOf, expiryDay, keyFile, type UserParams, type UserSeen, unlocked } from './account.js'

export type UserChange = Change &
  (
    | { readonly kind: 'add' | 'change' | 'remove'; readonly argv: readonly string[] }
    /** The hash and its lock in one write: in between, a locked account would be open. */
    | { readonly kind: 'password'; readonly locked: boolean }
    | { readonly kind: 'home' }
    | { readonly kind: 'key' }
  )

export const planUser = (p: UserParams, seen: UserSeen): Plan<UserChange> => {
  if (p.state === 'absent') return removed(p, seen)
  const changes = seen.account === undefined ? added(p, seen) : changed(p, seen, seen.account)
  if (p.generate_ssh_key && seen.key !== true) changes.push({ kind: 'key', summary: `SSH key for ${p.name}` })
  return whyNot(p, seen) ?? { changes }
}

const removed = (p: UserParams, { account, home, homeOwner }: UserSeen): Plan<UserChange> => {
  if (account === undefined) return { changes: [] }
  // userdel would remove the account, leave what is at the home, and fail.
  if (p.remove && home === 'other') return { refused: 'home-is-no-folder', data: { home: account.home } }
  if (homeOwner !== undefined && homeOwner !== account.uid && !p.force)
    return { refused: 'home-of-another', data: { user: p.name, home: account.home } }
  const argv = ['userdel', ...(p.force ? ['-f'] : []), ...(p.remove ? ['-r'] : []), p.name]
  return {
    changes: [{ kind: 'remove', argv, summary: `remove user ${p.name}${p.remove ? ' with home directory' : ''}` }],
  }
}

/** What the programs would fail at, some of them halfway. */
const whyNot = (
  p: UserParams,
  seen: UserSeen,
): Exclude<Plan<UserChange>, { readonly changes: unknown }> | undefined => {
  if (p.password !== undefined && !isHash(p.password)) return { refused: 'not-a-hash', data: { user: p.name } }
  const missing = [...(p.group === undefined ? [] : [p.group]), ...(p.groups ?? [])].find(
    name => seen.known[name] === undefined,
  )
  if (missing !== undefined) {
    return {
      needs: `group ${missing}`,
      at: ['/etc/group'],
      remedy: `make it in an earlier task (\`group: {name: ${missing}}\`), or correct the name`,
    }
  }
  if (seen.uidOf !== undefined) return { refused: 'uid-taken', data: { uid: String(p.uid), user: seen.uidOf } }
  if (opensWithoutPassword(p, seen)) return { refused: 'no-password', data: { user: p.name } }
  return whyNoHome(p, seen)
}

/** usermod -U refuses where nothing would be left of the hash. */
const opensWithoutPassword = (p: UserParams, { account, shadow }: UserSeen): boolean => {
  if (p.password_lock !== false) return false
  if (p.password !== undefined && (account === undefined || p.update_password === 'always'))
    return p.password !== '' && unlocked(p.password) === ''
  return account === undefined || (shadow?.locked === true && shadow.digest === digestOf(''))
}

const whyNoHome = (p: UserParams, seen: UserSeen): ReturnType<typeof whyNot> => {
  const home = p.home ?? seen.account?.home ?? ''
  if (seen.movable === true) {
    if (seen.home !== 'absent') return { refused: 'home-taken', data: { home } }
    if (seen.noParent === true) return needsFolder(posix.dirname(home))
  }
  if (p.create_home && seen.home === 'broken-link') return { refused: 'home-is-link', data: { home } }
  const makesKey = p.generate_ssh_key && seen.key !== true
  if (seen.barred !== undefined) return barredRefusal(seen.barred)
  const isThere = seen.home === 'folder' || (seen.home === 'absent' && (p.create_home || seen.movable === true))
  if (makesKey && !isThere && !posix.isAbsolute(keyFile(p)))
    return home === '' ? { needs: `a home directory for ${p.name}` } : needsFolder(home)
  return undefined
}

/** crypt(5): `$id$…`, a DES hash, or a mark under which no password fits. */
const isHash = (password: string): boolean => /^!*(\$[^$]+\$.+|[./0-9A-Za-z]{13}|\*|!)?$/.test(password)

const added = (p: UserParams, seen: UserSeen): UserChange[] => {
  const argv = ['useradd']
  if (p.uid !== undefined) argv.push('-u', String(p.uid), ...(p.non_unique ? ['-o'] : []))
  if (p.group !== undefined) argv.push('-g', p.group)
  // useradd refuses to make a group of the user's own name where there is one already.
  else if (seen.known[p.name] !== undefined) argv.push('-g', p.name)
  if (p.groups !== undefined && p.groups.length > 0) argv.push('-G', p.groups.join(','))
  if (p.comment !== undefined) argv.push('-c', p.comment)
  if (p.home !== undefined) argv.push('-d', p.home)
  if (p.shell !== undefined) argv.push('-s', p.shell)
  const end = p.expires !== undefined && p.expires >= 0 ? ['-e', isoDay(p.expires)] : []
  // With -r, useradd leaves -e aside.
  if (!p.system) argv.push(...end)
  argv.push(...(p.create_home ? ['-m', ...(p.skeleton === undefined ? [] : ['-k', p.skeleton])] : ['-M']))
  if (p.system) argv.push('-r')
  const changes: UserChange[] = [
    { kind: 'add', argv: [...argv, p.name], summary: `user ${p.name}${p.uid === undefined ? '' : ` (${p.uid})`}` },
  ]
  if (p.system && end.length > 0) changes.push(usermod(p.name, end, `expires ${end[1]}`))
  // useradd makes the account locked, and so it stays without a password.
  if (p.password !== undefined) changes.push(passwordOf(p))
  return changes
}

const passwordOf = (p: UserParams): UserChange => {
  const locked = p.password_lock === true
  return { kind: 'password', locked, summary: `password of ${p.name}${locked ? ', locked' : ''}` }
}

const changed = (p: UserParams, seen: UserSeen, account: Account): UserChange[] => {
  const changes: UserChange[] = []
  const argv: string[] = []
  const said: string[] = []
  const want = (flag: readonly string[], what: string, before: string | number, after: string | number) => {
    if (before === after) return
    argv.push(...flag, String(after))
    said.push(`${what} ${before === '' ? 'none' : before} → ${after === '' ? 'none' : after}`)
  }
  want(p.non_unique ? ['-o', '-u'] : ['-u'], 'uid', account.uid, p.uid ?? account.uid)
  if (p.group !== undefined && seen.known[p.group] !== account.gid) want(['-g'], 'group', account.gid, p.group)
  want(['-c'], 'comment', account.comment, p.comment ?? account.comment)
  want(['-s'], 'shell', account.shell, p.shell ?? account.shell)
  want(seen.movable === true ? ['-m', '-d'] : ['-d'], 'home', account.home, p.home ?? account.home)
  const groups = groupChange(p, seen)
  if (groups !== undefined) {
    argv.push(...groups.argv)
    said.push(groups.summary)
  }
  if (p.expires !== undefined && expiryDay(p.expires) !== (seen.shadow?.expires ?? -1)) {
    argv.push('-e', p.expires < 0 ? '' : isoDay(p.expires))
    said.push(p.expires < 0 ? 'never expires' : `expires ${isoDay(p.expires)}`)
  }
  const isOpened = p.password_lock === false && seen.shadow?.locked === true
  const isNew =
    p.password !== undefined &&
    p.update_password === 'always' &&
    (seen.shadow?.digest !== digestOf(p.password) || isOpened)
  if (!isNew && p.password_lock !== undefined && p.password_lock !== seen.shadow?.locked) {
    argv.push(p.password_lock ? '-L' : '-U')
    said.push(p.password_lock ? 'password locked' : 'password unlocked')
  }
  const rest = argv.length === 0 ? [] : [usermod(p.name, argv, said.join(', '))]
  const password = isNew ? [passwordOf(p)] : []
  // A locked account is opened last, with its new shell, groups and end; an open one gets its new password first.
  changes.push(...(seen.shadow?.locked === true ? [...rest, ...password] : [...password, ...rest]))
  if (p.create_home && seen.home === 'absent' && seen.movable !== true) {
    changes.push({ kind: 'home', summary: `home directory ${p.home ?? account.home}` })
  }
  return changes
}

const usermod = (name: string, argv: readonly string[], said: string): UserChange => ({
  kind: 'change',
  argv: ['usermod', ...argv, name],
  summary: `user ${name}: ${said}`,
})

/** Group names may be numbers in the parameters; the account's are names. */
const groupChange = (
  p: UserParams,
  seen: UserSeen,
): { readonly argv: readonly string[]; readonly summary: string } | undefined => {
  if (p.groups === undefined) return undefined
  const has = (one: string): boolean =>
    seen.groups.some(name => name === one || (seen.known[name] ?? -1) === seen.known[one])
  const primary = p.group === undefined ? seen.account?.gid : seen.known[p.group]
  const lacking = p.groups.filter(one => !has(one) && seen.known[one] !== primary)
  const numbers = new Set(p.groups.map(one => seen.known[one]))
  const surplus = p.append
    ? []
    : seen.groups.filter(name => !p.groups?.includes(name) && !numbers.has(seen.known[name] ?? -1))
  if (lacking.length === 0 && surplus.length === 0) return undefined
  const summary = [...lacking.map(one => `into ${one}`), ...surplus.map(one => `out of ${one}`)].join(', ')
  return { argv: [...(p.append ? ['-a'] : []), '-G', p.groups.join(',')], summary }
}

const isoDay = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)
