import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { join as joinUrl } from 'node:path/posix'
import ts from 'typescript'
import { root } from './project.js'

export interface Import {
  /** A path from the project's root, a package's name, or `node:…`. */
  readonly target: string
  readonly kind: 'source' | 'package' | 'node'
  /** Counts from 1. */
  readonly line: number
}

/** The imports of a source: values, types, and dynamic imports with constant names. */
export const importsOf = (file: string, base = root): readonly Import[] => {
  const text = readFileSync(join(base, file), 'utf8')
  return importsIn(text, file)
}

export const importsIn = (text: string, file: string): readonly Import[] =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    ...targetOf(fileName, file),
    line: text.slice(0, pos).split('\n').length,
  }))

const targetOf = (specifier: string, from: string): Omit<Import, 'line'> => {
  if (specifier.startsWith('.')) {
    const target = joinUrl(from, '..', specifier).replace(/\.js$/, '.ts')
    return { target, kind: 'source' }
  }
  if (specifier.startsWith('node:')) return { target: specifier, kind: 'node' }
  const [scope = '', name = ''] = specifier.split('/')
  return { target: scope.startsWith('@') ? `${scope}/${name}` : scope, kind: 'package' }
}

/** All sources that a source imports, directly and indirectly, itself included. */
export const reachedFrom = (file: string, importsFor = cached()): ReadonlySet<string> => {
  const seen = new Set<string>()
  const open = [file]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...importsFor(next))
  }
  return seen
}

/** Reads each file once, however many others import it. */
export const cached = (base = root): ((file: string) => readonly string[]) => {
  const known = new Map<string, readonly string[]>()
  return file => {
    const before = known.get(file)
    if (before !== undefined) return before
    const found = file.endsWith('.ts')
      ? importsOf(file, base).flatMap(one => (one.kind === 'source' ? [one.target] : []))
      : []
    known.set(file, found)
    return found
  }
}
