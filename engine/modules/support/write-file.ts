import { posix } from 'node:path'
import { ApplyFailed } from '../../core/failure.js'
import type { Change, PutOptions, Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { text as decode } from '../../core/read.js'
import { foldersScript } from '../../shell/safe-change.js'
import { type AttributeBits, type Attributes, attributeDifference, describeAttributes } from './attributes.js'
import type { FileSeen } from './file-seen.js'

/** A file gets this text, and with it the attributes that are to be set. */
export type WriteFile = Change & {
  readonly kind: 'write'
  readonly path: string
  /** The link that leads to the path: it is followed anew, where that is safe. */
  readonly via?: string
  /** sha256 of the text that this one was made of. */
  readonly was?: string
  readonly text: string
  /** What is done, as Ansible words it in `msg`. */
  readonly msg?: string
  readonly backup?: boolean
  readonly validate?: string
  readonly inPlace?: boolean
  /** Make the folders above it first. */
  readonly parents?: boolean
} & AttributeBits

export interface WriteOptions extends Attributes {
  readonly backup?: boolean | undefined
  readonly validate?: string | undefined
  /** Ansible's word for writing in place. */
  readonly unsafe_writes?: boolean | undefined
  /** The path as it was given. */
  readonly named?: string
  /** What happened to it, for the summary: `line added`. */
  readonly what?: string
}

/** The change that makes a file hold the text. Ask it only where the text differs. */
export const writeFile = (seen: FileSeen, text: string, options: WriteOptions = {}): WriteFile => {
  const { path, stat } = seen
  const difference = attributeDifference(options, stat) ?? {}
  const words = describeAttributes(difference, stat)
  return {
    kind: 'write',
    path,
    text,
    ...difference,
    ...omitUndefined({
      via: viaOf(seen, options.named),
      was: seen.sha256,
      msg: options.what,
      backup: (options.backup === true && stat !== undefined) || undefined,
      validate: options.validate,
      inPlace: options.unsafe_writes || undefined,
      parents: !seen.parent || undefined,
    }),
    summary: `${path}: ${options.what ?? (stat === undefined ? 'new' : 'changed')}${words === '' ? '' : `, ${words}`}`,
    diff: {
      path,
      before: stat === undefined ? undefined : (seen.text ?? notShown(stat.size, seen.sha256)),
      after: text,
    },
  }
}

/** The name by which a link was given, where the path is what it leads to. `~` is the user's own. */
export const viaOf = ({ link, path }: FileSeen, named: string | undefined): string | undefined =>
  link === true && named !== path && named?.startsWith('/') === true ? named : undefined

/** What stands in a diff for content that cannot be shown. */
export const notShown = (size: number, sha256: string | undefined): string =>
  `(${size} bytes${sha256 === undefined ? '' : `, sha256 ${sha256}`})\n`

/** @returns the backup's path, if one was made */
export const applyWrite = async (host: Session, change: WriteFile): Promise<string | undefined> => {
  if (change.parents === true) await host.shell(foldersScript(posix.dirname(change.path), {}))
  const { mode, owner, group, backup, validate, inPlace, via, was } = change
  const follow = via !== undefined || undefined
  return putFile(
    host,
    via ?? change.path,
    change.text,
    omitUndefined({ mode, owner, group, backup, validate, inPlace, follow, was }),
  )
}

/**
 * Writes a file; one that cannot be replaced, because it is a mount point (a container's /etc/hosts), in place.
 * @throws ApplyFailed with the diagnosis `not-valid` where it is the validation that failed
 */
export const putFile = async (
  host: Session,
  path: string,
  body: string | Uint8Array,
  options: PutOptions = {},
): Promise<string | undefined> => {
  try {
    return await host.put(path, body, options)
  } catch (error) {
    if (!(error instanceof ApplyFailed)) throw error
    const said = decode(error.raw.stderr).trim()
    if (/resource busy/i.test(said) && options.inPlace !== true)
      return host.put(path, body, { ...options, inPlace: true })
    const { validate } = options
    if (validate === undefined || error.raw.rc === 77 || error.raw.rc === 76 || diskTrouble.test(said)) throw error
    throw new ApplyFailed(validate, error.raw, { diagnosis: { code: 'not-valid', data: { path, validate, said } } })
  }
}

const diskTrouble =
  /No space left|Read-only file system|Permission denied|Disk quota|cannot create|failed to create|not found/
