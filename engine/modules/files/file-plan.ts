import { posix } from 'node:path'
import type { Change, Plan } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import {
  type AttributeBits,
  type Attributes,
  attributeDifference,
  describeAttributes,
  type SetAttributes,
  setAttributes,
} from '../support/attributes.js'
import { needsFile, needsFolder } from '../support/needs.js'
import { barredRefusal, type PathKind } from '../support/path.js'
import type { PathFacts } from './file-probe.js'

export type FileState = 'absent' | 'directory' | 'file' | 'hard' | 'link' | 'touch'
type Time = 'preserve' | 'now'

export interface FileParams extends Attributes {
  readonly path: string
  readonly state?: FileState
  readonly src?: string
  readonly recurse: boolean
  readonly force: boolean
  readonly follow: boolean
  readonly modification_time?: Time
  readonly access_time?: Time
}

export type FileChange =
  | (Change & { readonly kind: 'remove'; readonly path: string; readonly folder: boolean })
  | (Change & { readonly kind: 'mkdir'; readonly path: string } & AttributeBits)
  | (Change & {
      readonly kind: 'link'
      readonly path: string
      readonly src: string
      readonly hard: boolean
      readonly instead?: PathKind
      /** The attributes are for the link itself. */
      readonly own?: true
    } & AttributeBits)
  | (Change & {
      readonly kind: 'touch'
      readonly path: string
      readonly via?: string
      readonly times: readonly ('access' | 'modification')[]
    } & AttributeBits)
  | SetAttributes

type Planner = (params: FileParams, seen: PathFacts) => Plan<FileChange>

export const planPath: Planner = (params, seen) => planners[stateOf(params, seen)](params, seen)

/** Without a state: what is there stays what it is. */
export const stateOf = ({ state, recurse }: Pick<FileParams, 'state' | 'recurse'>, { own }: PathFacts): FileState => {
  if (state !== undefined) return state
  if (own?.kind === 'directory' || own?.kind === 'link') return own.kind
  return own === undefined && recurse ? 'directory' : 'file'
}

const planners: { readonly [state in FileState]: Planner } = {
  absent: (_params, { path, own }) => {
    if (own === undefined) return { changes: [] }
    const folder = own.kind === 'directory'
    return { changes: [{ kind: 'remove', path, folder, summary: `${path}: ${own.kind} removed` }] }
  },

  file: (params, seen) => {
    const { stat, path, via } = followed(params, seen)
    if (stat === undefined) return needsFile(path)
    if (stat.kind !== 'file') return { refused: 'other-kind', data: { path, is: stat.kind, wanted: 'file' } }
    return { changes: [...setAttributes(path, params, stat, via), ...touched(params, path, seen, via)] }
  },

  directory: (params, seen) => {
    const { stat, path, via } = followed(params, seen)
    if (stat === undefined && seen.own?.kind === 'link') {
      return { refused: 'dangling', data: { path, target: seen.target ?? '' } }
    }
    if (seen.barred !== undefined) return barredRefusal(seen.barred)
    if (stat === undefined) {
      const attributes = attributeDifference(params, undefined, true) ?? {}
      const words = describeAttributes(attributes, undefined)
      return {
        changes: [{ kind: 'mkdir', path, ...attributes, summary: `${path}: new directory${words && `, ${words}`}` }],
      }
    }
    if (stat.kind !== 'directory') return { refused: 'other-kind', data: { path, is: stat.kind, wanted: 'directory' } }
    const below = params.recurse ? (seen.below ?? []) : []
    return {
      changes: [
        ...setAttributes(path, params, stat, via),
        ...below.flatMap(one =>
          setAttributes(one.path, one.stat.kind === 'link' ? ownersOf(params) : params, one.stat),
        ),
        ...touched(params, path, seen, via),
      ],
    }
  },

  touch: (params, seen) => {
    const { stat, path, via } = followed(params, seen)
    if (stat === undefined && !seen.parent) return needsFolder(posix.dirname(path))
    if (stat !== undefined)
      return { changes: [...setAttributes(path, params, stat, via), ...touched(params, path, seen, via)] }
    const attributes = attributeDifference(params, undefined) ?? {}
    return {
      changes: [
        { kind: 'touch', path, times: ['access', 'modification'], ...attributes, summary: `${path}: new empty file` },
      ],
    }
  },

  link: (params, seen) => {
    const { own, path, target, empty } = seen
    const src = params.src ?? target
    if (src === undefined) return { refused: 'no-src', data: { path } }
    if (posix.resolve(posix.dirname(path), src) === path) return { refused: 'to-itself', data: { path } }
    if (own === undefined && !seen.parent) return needsFolder(posix.dirname(path))
    if (seen.src === 'absent' && !params.force) return needsFile(src)
    if (own?.kind === 'link' && target === src) return { changes: linkAttributes(params, seen) }
    if (own?.kind === 'directory' && !(params.force && empty === true)) {
      return { refused: params.force ? 'not-empty' : 'in-the-way', data: { path, is: own.kind } }
    }
    if (own !== undefined && own.kind !== 'link' && !params.force)
      return { refused: 'in-the-way', data: { path, is: own.kind } }
    return { changes: [makeLink(params, seen, src, false)] }
  },

  hard: (params, seen) => {
    const { own, path, stat } = seen
    const { src } = params
    if (src === undefined) return { refused: 'no-src', data: { path } }
    if (seen.src === 'absent') return needsFile(src)
    if (own === undefined && !seen.parent) return needsFolder(posix.dirname(path))
    if (seen.src === 'same' && own?.kind !== 'link')
      return { changes: stat === undefined ? [] : setAttributes(path, params, stat) }
    if (own !== undefined && own.kind !== 'link' && !(params.force && own.kind === 'file')) {
      return { refused: 'in-the-way', data: { path, is: own.kind } }
    }
    return { changes: [makeLink(params, seen, src, true)] }
  },
}

const makeLink = (
  params: FileParams,
  { path, own, target, src: there, srcStat }: PathFacts,
  src: string,
  hard: boolean,
): FileChange => ({
  kind: 'link',
  path,
  src,
  hard,
  ...omitUndefined({ instead: own?.kind }),
  // What is not there yet has no mode; the link itself has an owner only.
  ...(params.follow
    ? there === 'absent'
      ? {}
      : attributeDifference(params, srcStat)
    : { own: true, ...attributeDifference(ownersOf(params), undefined) }),
  summary: `${path} → ${src}${hard ? ' (hard link)' : ''}${own === undefined ? '' : `, instead of ${target ?? own.kind}`}`,
})

/** A link has an owner of its own, but no mode; with `follow` it is the file behind it that counts. */
const linkAttributes = (params: FileParams, { path, own, real, stat }: PathFacts): readonly FileChange[] => {
  if (params.follow) return stat === undefined || real === undefined ? [] : setAttributes(real, params, stat, path)
  return own === undefined ? [] : setAttributes(path, ownersOf(params), own)
}

const ownersOf = ({ owner, group }: Attributes): Attributes => omitUndefined({ owner, group })

const followed = (
  { follow }: FileParams,
  { path, own, real, stat }: PathFacts,
): Pick<PathFacts, 'path' | 'stat'> & {
  readonly via?: string
} => {
  if (!follow || own?.kind !== 'link') return { path, ...omitUndefined({ stat: own }) }
  return { path: real ?? path, via: path, ...omitUndefined({ stat }) }
}

/** Times that are to be set to now; `touch` sets both by default. */
const touched = (params: FileParams, path: string, seen: PathFacts, via?: string): readonly FileChange[] => {
  const fallback: Time = stateOf(params, seen) === 'touch' ? 'now' : 'preserve'
  const times = [
    ...((params.access_time ?? fallback) === 'now' ? ['access' as const] : []),
    ...((params.modification_time ?? fallback) === 'now' ? ['modification' as const] : []),
  ]
  return times.length === 0
    ? []
    : [{ kind: 'touch', path, ...omitUndefined({ via }), times, summary: `${path}: ${times.join(' and ')} time` }]
}
