import { type Document, isScalar, visit, type YAMLParseError } from 'yaml'
import { mayRepeat, saysNoLog } from '../files/showable.js'

/** A syntax error in YAML: what, at which offset, and what to do. */
export interface SyntaxProblem {
  readonly message: string
  readonly offset: number
  readonly hint: string
  /** The line may be under `no_log`, so it must not be shown. */
  readonly noLog?: true
}

/** The parser's first error, in terms of playbooks. Further errors mostly follow from the first. */
export const syntaxProblem = (document: Document.Parsed, text: string, file: string): SyntaxProblem | undefined => {
  const error = document.errors[0]
  if (error === undefined) return undefined
  const [offset] = error.pos
  const quiet = saysNoLog(text)
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, endOfLine(text, offset))
  const repeat: Repeat = !quiet && mayRepeat(file, line) ? part => part : () => '…'
  const problem = unquotedTemplate(text, offset, repeat) ?? tabOr(byCode(error, document, text, repeat), text)
  return quiet ? { ...problem, noLog: true } : problem
}

/** The part of the text that a message may quote; «…» for a line that may contain a secret. */
type Repeat = (part: string) => string

/** Names a tab as the cause of bad indentation, since it looks like spaces. */
const tabOr = (problem: SyntaxProblem, text: string): SyntaxProblem => {
  if (!problem.message.startsWith('bad indentation')) return problem
  const lineStart = text.lastIndexOf('\n', problem.offset - 1) + 1
  const spaces = /^ *(?=\t)/.exec(text.slice(lineStart, endOfLine(text, problem.offset)))
  return spaces === null ? problem : tabAt(lineStart + spaces[0].length)
}

const tabAt = (offset: number): SyntaxProblem => ({
  message: 'a tab in the indentation',
  offset,
  hint: 'YAML indents with spaces only: replace the tab by spaces',
})

const byCode = (error: YAMLParseError, document: Document.Parsed, text: string, repeat: Repeat): SyntaxProblem => {
  const [start, end] = error.pos
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return tabAt(start)
    case 'BLOCK_AS_IMPLICIT_KEY':
      return colonOrIndent(document, text, start, repeat)
    case 'MULTILINE_IMPLICIT_KEY':
      return missingColon(text, start, end, repeat)
    case 'MISSING_CHAR':
      return missingCharacter(error, document, text, repeat)
    case 'BAD_SCALAR_START':
      return {
        message: `a plain value cannot start with ${text.charAt(start)}`,
        offset: start,
        hint: `quote it: '${repeat(restOfLine(text, start))}'`,
      }
    case 'BAD_DQ_ESCAPE':
      return {
        message: `'${text.slice(start, start + 2)}' is no escape sequence of a double-quoted string`,
        offset: start,
        hint: `use single quotes, or write two backslashes`,
      }
    case 'BAD_INDENT':
      return /flow/i.test(error.message)
        ? unclosed(error.message, start)
        : { message: 'bad indentation', offset: start, hint: sameColumn }
    case 'UNEXPECTED_TOKEN':
      return unexpected(text, start, repeat)
    default:
      if (/call stack/.test(error.message)) {
        return { message: 'nested too deeply', offset: 0, hint: 'is this the right file?' }
      }
      return { message: lowerFirst(error.message), offset: start, hint: 'check the indentation and the quotes here' }
  }
}

const sameColumn = 'keys of one dict, and items of one list, start in the same column'

/** `a: {{ b }}` is read as a dict in a dict, and the error is reported somewhere behind it. */
const unquotedTemplate = (text: string, offset: number, repeat: Repeat): SyntaxProblem | undefined => {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const line = text.slice(lineStart, endOfLine(text, offset))
  const found = /^(\s*(?:- +)*(?:[^\s#'"{[][^#'"{[]*?:\s+)?)(\{\{.*)$/.exec(line)
  if (found?.[1] === undefined || found[2] === undefined) return undefined
  return {
    message: 'a value that starts with {{ is not quoted',
    offset: lineStart + found[1].length,
    hint: quoteIt(repeat(found[2])),
  }
}

/** The hint for an unquoted template, with the user's own text. */
export const quoteIt = (written: string): string => {
  const text = written.replace(/\s+#.*$/, '').trimEnd()
  return `quote it: ${text.includes('"') ? `'${text}'` : `"${text}"`}`
}

/** Either there is a second `: ` in one line, or the line is indented like a continuation of the value before it. */
const colonOrIndent = (document: Document.Parsed, text: string, start: number, repeat: Repeat): SyntaxProblem => {
  const multiline = document.errors.find(one => one.code === 'MULTILINE_IMPLICIT_KEY')
  if (multiline !== undefined && multiline.pos[0] <= start + 1) {
    const lineStart = text.lastIndexOf('\n', multiline.pos[1] - 1) + 1
    const offset = lineStart + (text.slice(lineStart).match(/^ */)?.[0].length ?? 0)
    return { message: 'bad indentation', offset, hint: sameColumn }
  }
  return {
    message: "a second ': ' in one line",
    offset: start,
    hint: `a value that holds ': ' must be quoted: '${repeat(restOfLine(text, start)).replaceAll("'", "''")}'`,
  }
}

const missingColon = (text: string, start: number, end: number, repeat: Repeat): SyntaxProblem => {
  const line = restOfLine(text, start)
  const glued = /^([\w.-]+):([^\s:/]\S*)$/.exec(line)
  if (glued !== null) {
    return { message: "no space after ':'", offset: start, hint: `write ${glued[1]}: ${repeat(glued[2] ?? '')}` }
  }
  const under = text.slice(start, end).includes('\n')
  return {
    message: under ? `'${repeat(line)}' is not a 'key: value' line` : 'a key must stand on one line',
    offset: start,
    hint: "put ': ' after the key, or indent the line to go on the value before",
  }
}

const missingCharacter = (
  error: YAMLParseError,
  document: Document.Parsed,
  text: string,
  repeat: Repeat,
): SyntaxProblem => {
  const quote = /Missing closing (["'])/.exec(error.message)
  if (quote === null) {
    if (/flow/i.test(error.message)) return unclosed(error.message, error.pos[0])
    const [, indentation = '', isKey] = /^( *)(?:- +)*[\w.-]+:(\s|$)?/.exec(restOfLine(text, error.pos[0])) ?? []
    if (isKey !== undefined) {
      return { message: 'bad indentation', offset: error.pos[0] + indentation.length, hint: sameColumn }
    }
    return {
      message: `'${repeat(restOfLine(text, error.pos[0]))}' is not a 'key: value' line`,
      offset: error.pos[0],
      hint: "put ': ' between key and value",
    }
  }
  let offset = error.pos[0]
  visit(document, (_, node) => {
    if (!isScalar(node) || node.type?.startsWith('QUOTE') !== true || !node.range) return undefined
    if (node.range[1] < error.pos[0]) return undefined
    // The first string that reaches the error is the open one; strings after it are complete.
    offset = node.range[0]
    return visit.BREAK
  })
  return {
    message: 'a quoted string is never closed',
    offset,
    hint: `put the closing ${quote[1]} at the end of the string`,
  }
}

const unclosed = (message: string, offset: number): SyntaxProblem => {
  const [name, close] = /seq/i.test(message) ? ['list', ']'] : ['dict', '}']
  return { message: `a ${name} in brackets is never closed`, offset, hint: `close it with ${close}` }
}

const unexpected = (text: string, start: number, repeat: Repeat): SyntaxProblem => {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const before = text.slice(lineStart, start)
  if (before.trim() === '') {
    return { message: 'bad indentation: this does not go with the lines before', offset: start, hint: sameColumn }
  }
  const value = /(?::\s+|-\s+)(["'].*)$/.exec(before + restOfLine(text, start))?.[1]
  return {
    message: `unexpected '${repeat(restOfLine(text, start))}' after the end of the value`,
    offset: start,
    hint: value === undefined ? 'quote the whole value' : `quote the whole value: ${repeat(requoted(value))}`,
  }
}

/** Puts a value into the other kind of quotes: `'it's'` becomes `"it's"`, `"x" y` becomes `'"x" y'`. */
const requoted = (value: string): string => {
  const [mine, other] = value.startsWith('"') ? ['"', "'"] : ["'", '"']
  const text = value.endsWith(mine) && value.length > 1 ? value.slice(1, -1) : value
  return `${other}${text}${other}`
}

const endOfLine = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end
}

const restOfLine = (text: string, offset: number): string =>
  text.slice(offset, endOfLine(text, offset)).replace(/\s+$/, '')

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
