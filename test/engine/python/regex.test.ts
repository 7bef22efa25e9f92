import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import t from 'tap'
import {
  expandReplacement,
  PythonRegexError,
  type PythonRegexOptions,
  pythonRegex,
} from '../../../engine/python/regex.js'

/** What Python 3.11 answered: start, end (in code points) and groups of every match. */
interface Match {
  readonly pattern: string
  readonly options: PythonRegexOptions
  readonly text: string
  readonly matches: readonly (readonly [number, number, ...(string | null)[]])[]
}

interface Substitution {
  readonly pattern: string
  readonly options: PythonRegexOptions
  readonly replacement: string
  readonly text: string
  readonly result: string
}

const folder = fileURLToPath(new URL('../../../../test/cases/python-re/', import.meta.url))
const read = <T>(name: string): readonly T[] => JSON.parse(readFileSync(folder + name, 'utf8')) as readonly T[]

/** Whether it throws just that. */
const refuses = (attempt: () => unknown): boolean => {
  try {
    attempt()
    return false
  } catch (error) {
    return error instanceof PythonRegexError
  }
}

const codePoints = (text: string, index: number): number => [...text.slice(0, index)].length

t.test('matches as Python does', async t => {
  for (const [index, { pattern, options, text, matches }] of read<Match>('matches.json').entries()) {
    const found = [...text.matchAll(pythonRegex(pattern, options))].map(match => [
      codePoints(text, match.index),
      codePoints(text, match.index + match[0].length),
      ...match.slice(1).map(group => group ?? null),
    ])
    t.same(found, matches, `row ${index + 1}: ${encodeURI(pattern)}`)
  }
})

t.test('replaces as Python does', async t => {
  for (const { pattern, options, replacement, text, result } of read<Substitution>('substitutions.json')) {
    let out = ''
    let end = 0
    for (const match of text.matchAll(pythonRegex(pattern, options))) {
      out += text.slice(end, match.index) + expandReplacement(replacement, match)
      end = match.index + match[0].length
    }
    t.equal(out + text.slice(end), result, `${pattern} → ${replacement}`)
  }
})

t.test('what it cannot do is an error, not another meaning', async t => {
  for (const pattern of [
    '(',
    'a)',
    '[a',
    'a**',
    '(?P<1>a)',
    '(?>a)',
    'a++',
    '(a)(?(1)b|c)',
    '\\',
    '\\q',
    '[z-a]',
    '\\x4',
    '(?P=x)',
  ]) {
    t.ok(
      refuses(() => pythonRegex(pattern)),
      pattern,
    )
  }
  const match = /(a)/.exec('a')
  t.ok(match !== null)
  if (match !== null) {
    t.ok(refuses(() => expandReplacement('\\2', match)))
    t.ok(refuses(() => expandReplacement('\\g<x>', match)))
    t.ok(refuses(() => expandReplacement('\\q', match)))
  }
})

t.test('re.escape and back: any text matches itself', async t => {
  const escaped = (text: string): string => text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const match = pythonRegex(`\\A${escaped(text)}\\Z`).exec(text)
      t.equal(match?.[0], text)
    }),
    { numRuns: 200 },
  )
})

t.test('a pattern either compiles or is refused, whatever it is', async t => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab()[]{}?*+-|^$\\.,0129:=!<>Pxbdws#') }), pattern => {
      try {
        pythonRegex(pattern)
      } catch (error) {
        if (!(error instanceof PythonRegexError)) throw error
      }
    }),
    { numRuns: 2000 },
  )
  t.pass()
})
