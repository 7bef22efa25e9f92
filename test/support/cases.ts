import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkParams, nowhere } from '../../engine/config/schema/check-params.js'
import { isJsonObject, type Json, type JsonObject } from '../../engine/core/json.js'
import type { AnyModule, Change, Plan } from '../../engine/core/module.js'
import { sha256 } from '../../engine/modules/support/checksum.js'
import { octal, type PathStat } from '../../engine/modules/support/path.js'
import { rowsOf } from './rows.js'

/** One row of the table `params + seen → plan`. */
export interface Case {
  readonly file: string
  readonly name: string
  readonly params: JsonObject
  /** What `prepare` adds. */
  readonly prepared?: JsonObject
  readonly facts?: JsonObject
  readonly seen: Json
  readonly changes?: readonly JsonObject[]
  readonly needs?: string
  readonly refused?: string
  readonly data?: Json
  /** What its message says happened. */
  readonly says?: string
  /** A part of what `register` holds, given what the changes answered. */
  readonly value?: JsonObject
  readonly applied?: readonly Json[]
  /** What it says for dry runs: the paths, or `anything`; what it looked at, or `nothing`. */
  readonly writes?: Json
  readonly looks?: Json
  /** The plan is known not to be empty after its own change: Ansible's semantics have it so. */
  readonly repeats?: boolean
}

const folder = fileURLToPath(new URL('../../../test/cases/', import.meta.url))

/** `plan.yml`, or several `plan-….yml`. */
export const casesOf = (module: string): readonly Case[] =>
  planFiles(module).flatMap(file => {
    const rows = rowsOf<Omit<Case, 'file'>>(`${folder}${module}/${file}`, columns)
    return rows.map(row => ({ ...row, file: `${module}/${file}` }))
  })

const columns = [
  'name',
  'params',
  'prepared',
  'facts',
  'seen',
  'changes',
  'needs',
  'refused',
  'data',
  'says',
  'value',
  'applied',
  'writes',
  'looks',
  'repeats',
] as const

export const hasCases = (module: string): boolean => planFiles(module).length > 0

const planFiles = (module: string): readonly string[] =>
  existsSync(folder + module)
    ? readdirSync(folder + module)
        .filter(file => /^plan(-.*)?\.yml$/.test(file))
        .sort()
    : []

/** Parameters as the engine hands them over: checked, typed, with defaults, and prepared. */
export const paramsOf = (module: AnyModule, given: JsonObject, prepared: JsonObject = {}): JsonObject => ({
  ...checkParams(module.params, given, nowhere(), { literal: false, of: module.name, later: templated(given) }).value,
  ...prepared,
})

/** What an example leaves to a template. */
const templated = (given: JsonObject): ReadonlySet<string> =>
  new Set(Object.entries(given).flatMap(([name, one]) => (JSON.stringify(one).includes('{{') ? [name] : [])))

/** `stat: file 0644 root:root 12` is short for what stat(1) says; an empty value stands for undefined. */
export const expandSeen = (seen: Json, key = ''): unknown => {
  if (typeof seen === 'string' && ['stat', 'own', 'srcStat'].includes(key)) return shortStat(seen)
  if (Array.isArray(seen)) return seen.map(one => expandSeen(one))
  if (!isJsonObject(seen)) return seen ?? undefined
  const entries = Object.entries(seen).map(([name, one]) => [name, expandSeen(one, name)] as const)
  const expanded = Object.fromEntries(entries.filter(([, one]) => one !== undefined))
  return typeof expanded['text'] === 'string' && expanded['stat'] !== undefined && expanded['sha256'] === undefined
    ? { ...expanded, sha256: sha256(expanded['text']) }
    : expanded
}

const shortStat = (short: string): PathStat => {
  const [kind = 'file', mode = '0644', owners = 'root:root', size = '0'] = short.split(' ')
  const [owner = 'root', group = 'root'] = owners.split(':')
  const id = (name: string): number => (name === 'root' ? 0 : 1000)
  return {
    kind: kind as PathStat['kind'],
    mode: Number.parseInt(mode, 8),
    uid: id(owner),
    gid: id(group),
    owner,
    group,
    size: Number(size),
    atime: 1,
    mtime: 1,
    ctime: 1,
    device: 1,
    inode: 1,
    links: 1,
  }
}

/** What would be seen after a `write` or `put` of the file that was seen; undefined where the shapes do not tell. */
export const seenAfter = (seen: unknown, plan: Plan<Change>): unknown => {
  const changes = 'changes' in plan ? plan.changes : []
  const [change] = changes as readonly (Change & {
    text?: string
    sha256?: string
    mode?: number
    owner?: string
    group?: string
  })[]
  const written = change?.kind === 'write' && typeof change.text === 'string'
  if (changes.length !== 1 || change === undefined || !written || !isFileSeen(seen)) return undefined
  const before = seen.stat ?? shortStat('file')
  const stat = shortStat(
    `file ${octal(change.mode ?? before.mode)} ${change.owner ?? before.owner}:${change.group ?? before.group} ${change.text?.length}`,
  )
  return { ...seen, parent: true, text: change.text, sha256: sha256(change.text ?? ''), stat }
}

const isFileSeen = (seen: unknown): seen is { readonly path: string; readonly stat?: PathStat } =>
  typeof seen === 'object' && seen !== null && 'path' in seen && 'parent' in seen
