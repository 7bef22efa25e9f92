import { Composer, type CST, type Document, type ParsedNode, Parser } from 'yaml'
import type { Diagnostic } from '../../core/diagnostic.js'
import { ConfigError } from '../../core/failure.js'
import type { Value } from '../../core/value.js'
import { readJson } from '../../python/json-reader.js'
import { type ReadOptions, textLimit } from '../files/local-file.js'
import { readText, tooLarge } from '../files/text.js'
import { Builder, Stop } from './build.js'
import { pythonTokens } from './lexer.js'
import { SourceText } from './source-map.js'
import { type SyntaxProblem, syntaxProblem } from './syntax-errors.js'

export {
  keySourceOf,
  linesOf,
  recordWritten,
  sourceAt,
  sourceOf,
  writtenAs,
  writtenOf,
} from './source-map.js'

/**
 * Parses a file with one YAML document as PyYAML does (YAML 1.1). Dicts are Maps, `!unsafe` strings are `Unsafe`,
 * integral floats are `Float`, dates are text. `sourceOf(container, key)` gives the source of a value. An empty file is
 * null.
 * @param file the name in errors
 * @throws ConfigError with source and hint: syntax, duplicate keys, unknown tags, too many aliases, a second document
 */
export const parseYaml = (text: string, file: string): Value => {
  const [first = null, second] = parse(text, file)
  if (second !== undefined) {
    throw new ConfigError({
      message: 'a second document in a file that must hold one',
      source: second.source,
      hint: "remove the line '---' and what follows it, or make it a file of its own",
    })
  }
  return first === null ? null : first.value
}

/** All documents of a file (separated by `---`), in order. */
export const parseYamlDocuments = (text: string, file: string): readonly Value[] =>
  parse(text, file).map(document => document.value)

interface Parsed {
  readonly value: Value
  readonly source: ReturnType<SourceText['at']>
}

/** Characters that YAML forbids in text: control characters, except tab and line ends. */
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/

const parse = (written: string, file: string): readonly Parsed[] => {
  if (written.length > textLimit) throw tooLarge(file)
  // The parser counts a byte order mark as a column, so that later lines seem to be indented less. As for PyYAML, a
  // carriage return alone ends a line; the offsets stay the same.
  const text = written.replace(/^\uFEFF/, '').replace(/\r(?!\n)/g, '\n')
  const source = new SourceText(file, text)
  const control = text.search(unprintable)
  if (control !== -1) {
    throw new ConfigError({
      message: `a control character (U+${text.charCodeAt(control).toString(16).toUpperCase().padStart(4, '0')})`,
      source: source.at(control),
      hint: 'take it out, or write it as an escape in double quotes: "\\x00"',
    })
  }
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    throw new ConfigError({
      message: 'a file encrypted by vault: vault is not read yet',
      source: source.at(0),
      hint: 'decrypt it, or give its values by -e @FILE',
    })
  }
  const documents = read(text, source)
  const problems: Diagnostic[] = []
  const parsed = documents.map(document => {
    const builder = new Builder(source)
    const value = building(builder, document, source)
    problems.push(...builder.problems)
    return { value, source: source.at(document.range[0]) }
  })
  const [first, ...more] = problems.sort((a, b) => order(a) - order(b))
  if (first !== undefined) throw new ConfigError(first, ...more)
  return parsed
}

/** The order in the file. A dict's keys are checked after the values inside it. */
const order = ({ source }: Diagnostic): number => (source?.line ?? 0) * 1e6 + (source?.col ?? 0)

/**
 * Parses by the YAML standard, or else with PyYAML's tolerance for indentation. If both fail, the error of the first is
 * clearer.
 */
const read = (text: string, source: SourceText): readonly Document.Parsed<ParsedNode>[] => {
  try {
    const documents = compose(new Parser().parse(text))
    const wrong = firstProblem(documents, source)
    if (wrong === undefined) return documents
    const asPython = compose(pythonTokens(text))
    if (firstProblem(asPython, source) === undefined) return asPython
    const { offset, ...problem } = wrong
    throw new ConfigError({ ...problem, source: source.at(offset) })
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ConfigError({ message: 'nested too deeply', source: source.at(0), hint: 'is this the right file?' })
    }
    throw error
  }
}

const compose = (tokens: Iterable<CST.Token>): readonly Document.Parsed<ParsedNode>[] => {
  const composer = new Composer<ParsedNode>({
    version: '1.1',
    // Our builder resolves scalars: the parser's own YAML 1.1 reads `y` as true and has no sexagesimal floats.
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  return [...composer.compose(tokens)]
}

const firstProblem = (
  documents: readonly Document.Parsed<ParsedNode>[],
  { text, file }: SourceText,
): SyntaxProblem | undefined => {
  for (const document of documents) {
    const problem = syntaxProblem(document, text, file)
    if (problem !== undefined) return problem
  }
  return undefined
}

const building = (builder: Builder, document: Document.Parsed<ParsedNode>, source: SourceText): Value => {
  try {
    return builder.build(document.contents)
  } catch (error) {
    if (error instanceof Stop) throw new ConfigError(error.problem)
    if (error instanceof RangeError) {
      throw new ConfigError({ message: 'nested too deeply', source: source.at(0), hint: 'is this the right file?' })
    }
    throw error
  }
}

/** Reads and parses a file. @param shownAs its name in errors @throws ConfigError */
export const readYaml = async (path: string, shownAs = path, options: ReadOptions = {}): Promise<Value> =>
  parseYaml(readText(path, shownAs, options), shownAs)

/**
 * Parses JSON or YAML of a command line (`-e '{"a": 1}'`, `-a '{…}'`). JSON is tried first, since YAML 1.1 reads 1e3 as
 * a string.
 * @param file the name in errors: `-e`
 */
export const parseJsonOrYaml = (text: string, file: string): Value => {
  if (/^\s*[[{]/.test(text)) {
    try {
      return readJson(text)
    } catch {
      return parseYaml(text, file)
    }
  }
  return parseYaml(text, file)
}
