import type { Json, JsonObject } from '../../core/json.js'
import type { Messages } from '../../core/messages.js'
import type { EditsText, Plan, Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { PatternTooSlow, slowHint } from '../../python/bounded-regex.js'
import { PythonRegexError } from '../../python/regex.js'
import { type Attributes, applyAttributes, type SetAttributes, setAttributes } from './attributes.js'
import { sha256 } from './checksum.js'
import type { FileSeen } from './file-seen.js'
import { mergeResults } from './merge-results.js'
import { field } from './message-data.js'
import { needsFile } from './needs.js'
import { isDamaged } from './nul-separated.js'
import { barredMessage, barredRefusal } from './path.js'
import { applyWrite, viaOf, type WriteFile, writeFile } from './write-file.js'

/** What the modules that edit a text file have in common. */
export interface EditParams extends Attributes {
  readonly path: string
  readonly create?: boolean
  readonly backup: boolean
  readonly validate?: string
  readonly unsafe_writes: boolean
}

export type Edit = WriteFile | SetAttributes

export interface Edited {
  readonly text: string
  /** What was done, as Ansible says it: `line added`. */
  readonly msg: string
}

/** The plan of an edit: `edit` gives the very same text where nothing is to be done. */
export const planEdit = (params: EditParams, seen: FileSeen, edit: (text: string) => Edited): Plan<Edit> => {
  if (seen.stat === undefined && params.create !== true) return needsFile(seen.path)
  const refusal = noTextFile(seen)
  if (refusal !== undefined) return refusal
  try {
    const { text, msg } = edit(seen.text ?? '')
    if (text === seen.text)
      return {
        changes: seen.stat === undefined ? [] : setAttributes(seen.path, params, seen.stat, viaOf(seen, params.path)),
      }
    return { changes: [writeFile(seen, text, { ...params, named: params.path, what: msg })] }
  } catch (error) {
    if (error instanceof PythonRegexError) return { refused: 'bad-pattern', data: { message: error.message } }
    if (error instanceof PatternTooSlow) return { refused: 'slow-pattern', data: { message: error.message } }
    throw error
  }
}

/** For dry runs: what an edit leaves, and what the next one finds. Of a file that is not there nobody knows the attributes it will have. */
export const editsText: EditsText<FileSeen, Edit> = {
  after: change => (change.kind === 'write' ? { path: change.path, text: change.text } : undefined),
  path: ({ path }) => path,
  over: (seen, text) => (seen.text === undefined ? undefined : { ...seen, text, sha256: sha256(text) }),
}

/** Why no text can be written there: something else than a text file is, or no folder can be made for it. Its codes are `fileMessages`. */
export const noTextFile = (seen: FileSeen): Refusal | undefined =>
  noFile(seen) ?? (seen.binary === true ? { refused: 'not-text', data: { path: seen.path } } : undefined)

/** Why no file can be written there, whatever it holds. */
export const noFile = ({ path, stat, barred }: FileSeen): Refusal | undefined => {
  if (barred !== undefined) return barredRefusal(barred)
  if (stat === undefined || stat.kind === 'file') return undefined
  return { refused: stat.kind === 'directory' ? 'is-directory' : 'not-a-file', data: { path } }
}

/** The same of a file of which only a text was read (`contents`, `filesOf`). */
export const damaged = (path: string, text: string | undefined): Refusal | undefined =>
  isDamaged(text) ? { refused: 'not-text', data: { path } } : undefined

type Refusal = Extract<Plan<never>, { readonly refused: string }>

/** What was done comes back as Ansible words it: after it nobody could tell any more. */
export const applyEdit = async (change: Edit, host: Session): Promise<Json> => {
  if (change.kind === 'attributes') {
    await applyAttributes(host, change)
    return { msg: 'ownership or permissions changed' }
  }
  const backup = await applyWrite(host, change)
  return omitUndefined({ msg: change.msg, backup_file: backup })
}

/** What `register` holds after an edit. */
export const editValue = (applied: readonly Json[]): JsonObject => ({
  msg: '',
  backup: field(mergeResults(applied), 'backup_file'),
  ...mergeResults(applied),
})

export const notTextMessage: Messages['codes'] = {
  'not-text': data => ({
    what: `${field(data, 'path')} is not UTF-8 text, so editing it by lines would damage it`,
    remedy: 'replace the whole file with copy',
  }),
}

/** The same for modules whose author does not choose the path. */
export const ownFileMessages: Messages['codes'] = {
  ...barredMessage,
  'is-directory': data => ({
    what: `${field(data, 'path')} is a directory, where a file belongs`,
    remedy: `remove it in an earlier task (\`file: {path: ${field(data, 'path')}, state: absent}\`)`,
  }),
  'not-a-file': data => ({
    what: `${field(data, 'path')} is not a regular file`,
    remedy: `remove it in an earlier task (\`file: {path: ${field(data, 'path')}, state: absent}\`)`,
  }),
}

/** Why a file cannot be edited or written, for every module that does. */
export const fileMessages: Messages = {
  codes: {
    ...barredMessage,
    'is-directory': data => ({ what: `${field(data, 'path')} is a directory`, remedy: 'name a file in it' }),
    'not-a-file': data => ({ what: `${field(data, 'path')} is not a regular file`, remedy: 'name a regular file' }),
    ...notTextMessage,
    'not-valid': data => ({
      what: `'${field(data, 'validate')}' does not accept the new ${field(data, 'path')}: ${field(data, 'said')}`,
      remedy: 'mend what is to be written; the file on the host is as it was',
    }),
    'bad-pattern': data => ({
      what: field(data, 'message'),
      remedy: "mend the regular expression (it is read as Python's)",
    }),
    'slow-pattern': data => ({
      what: field(data, 'message'),
      remedy: slowHint,
    }),
  },
}
