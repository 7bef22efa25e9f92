import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { contentLimit, readLocal, whyUnread } from '../../config/files/local-file.js'
import { lookedFor } from '../../config/files/near-file.js'
import { outputLimit, whyNoOutput } from '../../config/files/programs.js'
import { decodeText } from '../../config/files/text.js'
import type { Scope } from '../../core/expr.js'
import { isDict, type Key, Unknown, type Value } from '../../core/value.js'
import { candidatesIn, type Kind } from '../../playbook/files/search-path.js'
import { boundedTest } from '../../python/bounded-regex.js'
import type { ControllerLookup } from '../../template/index.js'

/** A program may have effects, so it runs only at the step's turn and never ahead of it. */
const atItsTurn =
  (lookUp: (terms: readonly Value[]) => readonly Value[]): ControllerLookup =>
  (terms, _, { scope }) =>
    scope.ahead === true ? new Unknown(`'${terms.map(String).join(', ')}' to run here`) : lookUp(terms)

/** The lookups that read this machine: its environment, files beside the role or playbook, and programs. */
export const controllerLookups: { readonly [name: string]: ControllerLookup } = {
  env: terms => terms.map(name => process.env[String(name)] ?? ''),
  file: (terms, _, { scope }) => terms.map(name => textOf(theFile(String(name), scope)).trimEnd()),
  fileglob: (terms, _, { scope }) => terms.flatMap(pattern => filesLike(String(pattern), scope)),
  first_found: (terms, named, { scope }) => firstFound(terms, named, scope),
  lines: atItsTurn(terms => terms.flatMap(command => output(command).split('\n'))),
  pipe: atItsTurn(terms => terms.map(output)),
}

const textOf = (file: string): string => {
  try {
    return decodeText(readLocal(file, { limit: contentLimit }), file)
  } catch (error) {
    const why = whyUnread(error)
    throw why === undefined ? error : new Error(`${file} cannot be read: ${why}`)
  }
}

const output = (command: Value): string => {
  try {
    return execFileSync('/bin/sh', ['-c', String(command)], { encoding: 'utf8', maxBuffer: outputLimit }).trimEnd()
  } catch (error) {
    const why = whyNoOutput(error)
    throw why === undefined ? error : new Error(`${String(command)}: ${why}`)
  }
}

/** The paths where a file may be: as for a module's files, then the working directory. */
const searchPaths = (name: string, scope: Scope, kind: Kind | undefined): readonly string[] => {
  const search = scope.get('ansible_search_path')
  const folders = Array.isArray(search) ? search.map(String) : []
  return candidatesIn([...folders, resolve('.')], kind, name)
}

const theFile = (name: string, scope: Scope): string => {
  const looked = searchPaths(name, scope, 'files')
  const found = looked.find(path => existsSync(path))
  if (found === undefined) throw new Error(`there is no file '${name}': ${lookedFor(name, looked)}`)
  return found
}

const filesLike = (pattern: string, scope: Scope): readonly string[] => {
  const like = asRegExp(basename(pattern))
  for (const path of searchPaths(pattern, scope, 'files')) {
    const folder = dirname(path)
    if (!existsSync(folder)) continue
    const names = readdirSync(folder, { withFileTypes: true }).filter(
      entry => entry.isFile() && boundedTest(like, entry.name),
    )
    if (names.length > 0) return names.map(entry => join(folder, entry.name)).sort()
  }
  return []
}

/** A glob with `*` and `?` as a regular expression for one file name. */
const asRegExp = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  )

/**
 * The lookup `first_found`. Terms are names, or dicts of `files` and `paths`. If no file exists, that is an error
 * without `skip`. As in Ansible, the options of a dict also hold for the terms after it.
 */
const firstFound = (terms: readonly Value[], named: ReadonlyMap<string, Value>, scope: Scope): readonly Value[] => {
  let options: ReadonlyMap<Key, Value> = named
  const candidates = (terms.length === 0 ? [named.get('files') ?? []] : terms).flat(9).flatMap(term => {
    if (isDict(term)) options = term
    const names = listOf(isDict(term) ? term.get('files') : term, /[,;]/)
    const paths = listOf(options.get('paths'), /[,:;]/)
    return paths.length === 0 ? names : paths.flatMap(path => names.map(name => join(path, name)))
  })
  const kinds: readonly Kind[] = ['files', 'templates', 'vars']
  // As in Ansible, only `with_first_found` searches a subfolder.
  const kind = kinds.find(one => one === named.get('subdir'))
  const found = candidates.flatMap(name => searchPaths(name, scope, kind)).find(path => existsSync(path))
  if (found !== undefined) return [found]
  if (options.get('skip') === true) return []
  throw new Error(`none of these files is there: ${candidates.join(', ')}`)
}

const listOf = (value: Value | undefined, separators: RegExp): readonly string[] =>
  value === undefined ? [] : [value].flat().flatMap(one => String(one).split(separators))
