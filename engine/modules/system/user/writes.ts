import { posix } from 'node:path'
import { accountFiles, treeAt } from '../../support/writes.js'
import { keyFile, type UserParams, type UserSeen } from './account.js'
import { planUser } from './plan.js'

/** All that is at home only where the home comes, goes or moves, or its files get another owner; otherwise the key at most. */
export const userWrites = (p: UserParams, seen: UserSeen | undefined): readonly string[] => [
  ...accountFiles,
  ...(seen !== undefined && isDone(p, seen) ? keptHomes(p, seen) : changedHomes(p, seen)),
]

const isDone = (p: UserParams, seen: UserSeen): boolean => {
  const plan = planUser(p, seen)
  return 'changes' in plan && plan.changes.length === 0
}

/** What would be made again if it were removed before. */
const keptHomes = (p: UserParams, { account, home }: UserSeen): readonly string[] => {
  if (account === undefined || p.state === 'absent') return []
  return [
    ...(p.create_home && home !== 'absent' ? [account.home] : []),
    ...(p.generate_ssh_key ? keyAt(p, account.home) : []),
  ]
}

const changedHomes = (p: UserParams, seen: UserSeen | undefined): readonly string[] => {
  const named = [seen?.account?.home, p.home].filter(at => at !== undefined)
  const homes = named.length === 0 ? ['~'] : named
  const trees = takesTree(p, seen) ? homes.map(treeAt) : []
  if (p.state === 'absent' || !p.generate_ssh_key || seen?.key === true) return trees
  return [...new Set([...trees, ...homes.flatMap(home => [home, ...keyAt(p, home)])])]
}

const takesTree = (p: UserParams, seen: UserSeen | undefined): boolean => {
  if (seen === undefined) return p.create_home || p.home !== undefined || p.generate_ssh_key || p.remove
  const { account } = seen
  if (p.state === 'absent') return p.remove
  if (account === undefined) return p.create_home
  // usermod(8): the files in the home directory go along to another number.
  const isOther = p.uid !== undefined && p.uid !== account.uid
  const isInOther = p.group !== undefined && seen.known[p.group] !== account.gid
  return seen.movable === true || isOther || isInOther || (p.create_home && seen.home === 'absent')
}

const keyAt = (p: UserParams, home: string): readonly string[] => {
  const key = posix.isAbsolute(keyFile(p)) ? keyFile(p) : `${home}/${keyFile(p)}`
  return [...new Set([posix.dirname(key), key, `${key}.pub`])]
}
