import type { Change, Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { ownershipScript } from '../../shell/safe-change.js'
import { octal, type PathStat } from './path.js'

/** As playbooks say it: names or numbers, octal or symbolic. */
export interface Attributes {
  readonly mode?: string
  readonly owner?: string
  readonly group?: string
}

/** What of it is to be set: bits, not words. */
export interface AttributeBits {
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
}

export type SetAttributes = Change & {
  readonly kind: 'attributes'
  readonly path: string
  readonly via?: string
} & AttributeBits

/**
 * What differs from what is wanted; undefined where nothing does. A new file differs in all that is asked for.
 * @param folder whether something new is a folder
 */
export const attributeDifference = (
  wanted: Attributes,
  stat: PathStat | undefined,
  folder = false,
): AttributeBits | undefined => {
  const bits =
    wanted.mode === undefined
      ? undefined
      : modeBits(wanted.mode, stat?.mode, stat === undefined ? folder : stat.kind === 'directory')
  const difference = omitUndefined({
    mode: bits === stat?.mode ? undefined : bits,
    owner: sameAs(wanted.owner, stat?.owner, stat?.uid) ? undefined : wanted.owner,
    group: sameAs(wanted.group, stat?.group, stat?.gid) ? undefined : wanted.group,
  })
  return Object.keys(difference).length === 0 ? undefined : difference
}

const sameAs = (wanted: string | undefined, name: string | undefined, id: number | undefined): boolean =>
  wanted === name || (id !== undefined && wanted === String(id))

/** The change that gives a path what is wanted, or none. */
export const setAttributes = (
  path: string,
  wanted: Attributes,
  stat: PathStat,
  via?: string,
): readonly SetAttributes[] => {
  const difference = attributeDifference(wanted, stat)
  return difference === undefined
    ? []
    : [
        {
          kind: 'attributes',
          path,
          ...omitUndefined({ via }),
          ...difference,
          summary: `${path}: ${describeAttributes(difference, stat)}`,
        },
      ]
}

/** `mode 0600 → 0644, owner kim → root` */
export const describeAttributes = (wanted: AttributeBits, stat: PathStat | undefined): string =>
  [
    wanted.mode === undefined ? [] : [`mode ${arrow(stat && octal(stat.mode), octal(wanted.mode))}`],
    wanted.owner === undefined ? [] : [`owner ${arrow(stat?.owner, wanted.owner)}`],
    wanted.group === undefined ? [] : [`group ${arrow(stat?.group, wanted.group)}`],
  ]
    .flat()
    .join(', ')

const arrow = (before: string | undefined, after: string): string =>
  before === undefined ? after : `${before} → ${after}`

/** @param change `via`: a link that was followed to the path, and is followed anew, where that is safe */
export const applyAttributes = async (
  host: Session,
  change: { readonly path: string; readonly via?: string } & AttributeBits,
): Promise<void> => {
  const { path, via, mode, owner, group } = change
  if (mode === undefined && owner === undefined && group === undefined) return
  const shown = `set owner and mode of ${path}`
  await host.shell(ownershipScript(via ?? path, change, via !== undefined), { shown })
}

/**
 * The permission bits that a mode amounts to. `present` is what a symbolic mode starts from;
 * without it a new file (0644) or folder (0755). Source: chmod(1).
 * @throws RangeError for something that is no mode
 */
export const modeBits = (mode: string, present: number | undefined, isDirectory: boolean): number => {
  const digits = /^(?:0o?)?([0-7]{1,4})$/.exec(mode)?.[1]
  if (digits !== undefined) return Number.parseInt(digits, 8)
  const start = present ?? (isDirectory ? 0o755 : 0o644)
  return mode.split(',').reduce((bits, clause) => withClause(bits, clause, isDirectory), start)
}

const shifts = { u: 6, g: 3, o: 0 } as const
type Who = keyof typeof shifts

const withClause = (bits: number, clause: string, isDirectory: boolean): number => {
  const [, who = '', actions = ''] = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause) ?? []
  if (actions === '') throw new RangeError(`'${clause}' is not a mode`)
  const named: readonly Who[] = who === '' || who.includes('a') ? (['u', 'g', 'o'] as const) : ([...who] as Who[])
  // Without a name the usual umask holds: `+w` gives it to the owner only.
  const mask = who === '' ? 0o7755 : 0o7777
  return [...actions.matchAll(/([-+=])([rwxXstugo]*)/g)].reduce<number>((now, [, operator, letters = '']) => {
    const asked = named.reduce<number>((sum, one) => sum | bitsFor(one, letters, now, isDirectory), 0) & mask
    if (operator === '+') return now | asked
    if (operator === '-') return now & ~asked
    return (now & ~named.reduce<number>((sum, one) => sum | ownBits(one, isDirectory), 0)) | asked
  }, bits)
}

/** What `=` clears. A folder keeps its set-id bits unless they are named. */
const ownBits = (who: Who, isDirectory: boolean): number => {
  const special = who === 'o' ? 0o1000 : isDirectory ? 0 : who === 'u' ? 0o4000 : 0o2000
  return (7 << shifts[who]) | special
}

const bitsFor = (who: Who, letters: string, now: number, isDirectory: boolean): number =>
  [...letters].reduce<number>((sum, letter) => sum | bitFor(who, letter, now, isDirectory), 0)

const bitFor = (who: Who, letter: string, now: number, isDirectory: boolean): number => {
  switch (letter) {
    case 'r':
      return 4 << shifts[who]
    case 'w':
      return 2 << shifts[who]
    case 'x':
      return 1 << shifts[who]
    case 'X':
      return isDirectory || (now & 0o111) !== 0 ? 1 << shifts[who] : 0
    case 's':
      return who === 'u' ? 0o4000 : who === 'g' ? 0o2000 : 0
    case 't':
      return who === 'o' ? 0o1000 : 0
    default:
      return ((now >> shifts[letter as Who]) & 7) << shifts[who]
  }
}
