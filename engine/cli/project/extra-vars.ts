import { didYouMean } from '../../config/did-you-mean.js'
import { keySourceOf, parseJsonOrYaml, readYaml } from '../../config/yaml/yaml.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import { isDict, type Value } from '../../core/value.js'
import { type Binding, isVariableName, type Layer, rank, variableNames } from '../../core/vars.js'
import { extraVarWords, type Word } from '../../python/shell-words.js'

interface ExtraVar {
  readonly name: string
  readonly value: Value
  readonly source: Source
}

/**
 * The variables of `-e`: `k=v` pairs (strings, except `true` and `false`), JSON or YAML, `@file`. An invalid name is an
 * error on the command line, and a warning in a file, which other tools may read too.
 * @throws ConfigError
 */
export const extraVars = async (
  values: readonly string[],
): Promise<{ readonly layer: Layer; readonly warnings: readonly Diagnostic[] }> => {
  const bindings = new Map<string, Binding>()
  const found = { typed: [] as Diagnostic[], inFiles: [] as Diagnostic[] }
  for (const text of values) {
    for (const { name, value, source } of await read(text)) {
      bindings.set(name, { value, source })
      if (isVariableName(name)) continue
      const problem = { message: `'${name}' is no name for a variable`, source, hint: nearName(name) ?? variableNames }
      found[text.startsWith('@') ? 'inFiles' : 'typed'].push(problem)
    }
  }
  const [first, ...more] = found.typed
  if (first !== undefined) throw new ConfigError(first, ...more)
  return { layer: { rank: rank.extra, name: 'extra vars (-e)', bindings }, warnings: found.inFiles }
}

const nearName = (name: string): string | undefined => {
  const meant = name.replace(/[-. ]/g, '_')
  return isVariableName(meant) ? didYouMean(name, [meant]) : undefined
}

const typed: Source = { file: '-e', line: 1, col: 1 }

const read = async (text: string): Promise<readonly ExtraVar[]> => {
  if (text.startsWith('@')) return entries(await readYaml(text.slice(1), text.slice(1), { pipe: true }), text)
  if (/^\s*[{[]/.test(text)) return entries(parseJsonOrYaml(text, '-e'), '-e')
  return pairs(text)
}

const entries = (value: Value, from: string): readonly ExtraVar[] => {
  if (value === null) return []
  if (isDict(value))
    return [...value].map(([name, one]) => ({
      name: String(name),
      value: one,
      source: (from === '-e' ? undefined : keySourceOf(value, name)) ?? typed,
    }))
  throw new ConfigError({ message: `${from} holds no variables`, hint: 'write name: value pairs' })
}

/**
 * Words of `k=v`. Quotes, and the braces of a template, keep spaces together; quotes inside a template belong to the
 * template.
 */
const pairs = (line: string): readonly ExtraVar[] =>
  wordsOf(line).map((word, index) => {
    const written = line.slice(word.at, word.end)
    const at = written.indexOf('=')
    if (at < 1)
      throw new ConfigError({
        // The word may be the rest of a password with a blank in it, so it is not shown.
        message: `-e: ${index === 0 && at < 0 ? `'${written}'` : `word ${index + 1}`} is not name=value`,
        hint: quoteHint,
      })
    const value = word.text.slice(word.text.indexOf('=') + 1)
    return {
      name: written.slice(0, at),
      value: value === 'true' ? true : value === 'false' ? false : value,
      source: typed,
    }
  })

const quoteHint = 'quote a value that has blanks in it: -e "name=\'…\'"; or write JSON, or @file'

/** @throws ConfigError for a quote or a template that is never closed */
const wordsOf = (line: string): readonly Word[] => {
  try {
    return extraVarWords(line)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ConfigError({ message: `-e: ${error.message}`, hint: quoteHint })
  }
}
