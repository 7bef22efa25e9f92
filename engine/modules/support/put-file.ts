import { posix } from 'node:path'
import type { Json, JsonObject } from '../../core/json.js'
import type { Change, Plan, Read, Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { foldersScript } from '../../shell/safe-change.js'
import {
  type AttributeBits,
  type Attributes,
  applyAttributes,
  attributeDifference,
  describeAttributes,
  modeBits,
  type SetAttributes,
  setAttributes,
} from './attributes.js'
import { sha1, sha256 } from './checksum.js'
import { bytesOf, type FileBody } from './file-body.js'
import { diffLimit, type FileSeen, fileSeen } from './file-seen.js'
import { mergeResults } from './merge-results.js'
import { needsFolder } from './needs.js'
import { barredRefusal, octal } from './path.js'
import { notShown, putFile, viaOf } from './write-file.js'

/** One file that the controller brings: what copy and template have in common. */
export interface FileParams extends Attributes {
  readonly dest: string
  readonly backup: boolean
  readonly force: boolean
  readonly follow: boolean
  readonly validate?: string
  readonly unsafe_writes: boolean
  readonly directory_mode?: string
}

/** What `prepare` found on the controller. */
export interface Brought {
  readonly body: FileBody
  /** The name that the file gets where the destination is a folder; without it a folder is an error. */
  readonly basename?: string
  /** The source's own permissions, for `mode: preserve`. */
  readonly mode?: number
}

/** The body itself stays in the parameters: a saved plan shows what it is by its checksum. */
export type PutBody = Change & {
  readonly kind: 'put'
  readonly path: string
  /** The link that leads to the path: it is followed anew, where that is safe. */
  readonly via?: string
  readonly sha256: string
  readonly backup?: boolean
  readonly validate?: string
  readonly inPlace?: boolean
  /** Make the folders above it first, with this mode if one is told. */
  readonly parents?: { readonly mode?: number }
} & AttributeBits

export type FileChange = PutBody | SetAttributes

export const probeFile = (params: FileParams, { body, basename }: Brought): Read<FileSeen> => {
  const { dest, follow } = params
  const path = dest.endsWith('/') && basename !== undefined ? dest + basename : dest
  return fileSeen(path, { follow, unlessSha256: sha256(bytesOf(body)), ...omitUndefined({ inFolder: basename }) })
}

export const planFile = (params: FileParams, brought: Brought, seen: FileSeen): Plan<FileChange> => {
  const { stat, path } = seen
  if (stat?.kind === 'directory') return { refused: 'is-directory', data: { path } }
  if (stat === undefined && !seen.parent && !params.dest.endsWith('/')) return needsFolder(posix.dirname(path))
  if (seen.barred !== undefined) return barredRefusal(seen.barred)
  if (stat !== undefined && !params.force) return { changes: [] }
  const wanted = withoutPreserve(params, brought)
  const bytes = bytesOf(brought.body)
  if (stat?.kind === 'file' && seen.sha256 === sha256(bytes))
    return { changes: setAttributes(path, wanted, stat, viaOf(seen, namedBy(params, brought))) }
  const via = params.follow ? viaOf(seen, namedBy(params, brought)) : undefined
  return { changes: [{ ...putBody(params, wanted, brought.body, seen), ...omitUndefined({ via }) }] }
}

const namedBy = ({ dest }: FileParams, { basename }: Brought): string =>
  dest.endsWith('/') && basename !== undefined ? dest + basename : dest

/** `mode: preserve` is the mode of the source. */
export const withoutPreserve = (params: Attributes, { mode }: { readonly mode?: number }): Attributes => {
  if (params.mode !== 'preserve') return params
  const { mode: _preserve, ...rest } = params
  return { ...rest, ...omitUndefined({ mode: mode === undefined ? undefined : octal(mode) }) }
}

export const putBody = (params: FileParams, wanted: Attributes, body: FileBody, seen: FileSeen): PutBody => {
  const { stat, path } = seen
  const bytes = bytesOf(body)
  // A link's own mode and owner are no file's.
  const file = stat?.kind === 'link' ? undefined : stat
  const difference = attributeDifference(wanted, file) ?? {}
  const words = describeAttributes(difference, file)
  const checksum = sha256(bytes)
  return {
    kind: 'put',
    path,
    sha256: checksum,
    ...difference,
    ...omitUndefined({
      backup: (params.backup && stat !== undefined) || undefined,
      validate: params.validate,
      inPlace: params.unsafe_writes || undefined,
      parents: seen.parent ? undefined : omitUndefined({ mode: folderMode(params) }),
    }),
    summary: `${path}: ${stat === undefined ? 'new' : 'changed'}${words === '' ? '' : `, ${words}`}`,
    diff: {
      path,
      before: stat === undefined ? undefined : (seen.text ?? notShown(stat.size, seen.sha256)),
      after: 'text' in body && bytes.length <= diffLimit ? body.text : notShown(bytes.length, checksum),
    },
  }
}

export const folderMode = ({ directory_mode }: FileParams): number | undefined =>
  directory_mode === undefined ? undefined : modeBits(directory_mode, undefined, true)

export const applyFileChange = async (change: FileChange, body: FileBody, host: Session): Promise<Json | void> => {
  if (change.kind === 'attributes') return applyAttributes(host, change)
  const { path, via, mode, owner, group, backup, validate, inPlace, parents } = change
  const follow = via !== undefined || undefined
  if (parents !== undefined) await makeFolders(host, posix.dirname(path), parents.mode)
  const options = omitUndefined({ mode, owner, group, backup, validate, inPlace, follow })
  const copy = await putFile(host, via ?? path, bytesOf(body), options)
  return copy === undefined ? undefined : { backup_file: copy }
}

/** Folders that are not there yet; the mode holds for all of them, as Ansible has it. */
const makeFolders = async (host: Session, path: string, mode: number | undefined): Promise<void> => {
  await host.shell(foldersScript(path, omitUndefined({ mode })), { shown: `make the folder ${path}` })
}

/** What `register` holds for one file: Ansible's words. */
export const fileValue = (
  params: FileParams,
  { body, mode }: Brought,
  seen: FileSeen,
  applied: readonly Json[],
): JsonObject => {
  const bytes = bytesOf(body)
  const wanted = withoutPreserve(params, omitUndefined({ mode }))
  const bits = wanted.mode === undefined ? (seen.stat?.mode ?? 0o644) : modeBits(wanted.mode, seen.stat?.mode, false)
  return {
    dest: seen.path,
    checksum: sha1(bytes),
    size: bytes.length,
    state: 'file',
    mode: octal(bits),
    ...omitUndefined({ owner: wanted.owner ?? seen.stat?.owner, group: wanted.group ?? seen.stat?.group }),
    ...omitUndefined({ uid: seen.stat?.uid, gid: seen.stat?.gid }),
    ...mergeResults(applied),
  }
}
