import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parseYaml } from '../../engine/config/yaml/yaml.js'
import { ConfigError } from '../../engine/core/failure.js'
import { Bytes, Float, isDict, type Value } from '../../engine/core/value.js'
import { repr } from '../../engine/python/text.js'
import { ansible, prepareAnsible } from '../support/ansible.js'
import { yamlCorpus } from '../support/yaml-corpus.js'

const oracle = fileURLToPath(new URL('../../../test/conformance/yaml-oracle.py', import.meta.url))

type Typed = null | readonly [string, unknown]

interface Answer {
  readonly gives?: Typed
  readonly error?: string
}

const ask = (texts: readonly string[]): readonly Answer[] => {
  const options = { encoding: 'utf8', maxBuffer: 64 << 20, input: JSON.stringify(texts) } as const
  return JSON.parse(execFileSync(ansible.python, [oracle], options)) as Answer[]
}

/** The same shape as the oracle's answers. */
const typed = (value: Value): Typed => {
  if (value === null) return null
  if (typeof value === 'boolean') return ['bool', value]
  if (typeof value === 'bigint') return ['int', String(value)]
  if (value instanceof Float) return ['float', repr(value)]
  if (typeof value === 'number') return [Number.isInteger(value) ? 'int' : 'float', repr(value)]
  if (typeof value === 'string') return ['str', value]
  if (value instanceof Bytes) return ['bytes', Buffer.from(value.bytes).toString('hex')]
  if (Array.isArray(value)) return ['list', value.map(typed)]
  if (isDict(value)) return ['dict', [...value].map(([key, one]) => [typed(key), typed(one)])]
  return ['other', typeof value]
}

const ours = (text: string): Answer => {
  try {
    return { gives: typed(parseYaml(text, 'corpus.yml')) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { error: error.message }
  }
}

/** For names of tests: a line separator in one would end its line. */
const ascii = (value: unknown): string =>
  JSON.stringify(value).replace(/[^ -~]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** What PyYAML takes and this project refuses, on purpose: it loses a value without a word, or nobody writes it in a playbook. */
const refusedOnPurpose = /duplicate key|inside its own|unknown tag !!(?:set|omap)/

/** What PyYAML refuses and this project takes, on purpose: what it means is plain. */
const takenOnPurpose =
  /found character '\\t' that cannot start any token|tag 'tag:yaml\.org,2002:(?:value|merge)'|but found '<document end>'/

/** What is not read alike yet, and rare enough. */
const notYet: ReadonlyMap<string, string> = new Map([
  ['a: "b"# c\n', 'a comment without a space before it'],
  ['a: [-, b]\n', 'a dash alone as an item in brackets'],
  ['a: [a?b, c?]\n', 'PyYAML refuses a question mark in brackets'],
  ['1: a\n1.5: b\ntrue: c\n~: d\n', 'Python takes the keys 1 and true for one'],
  ['1.0: a\n', 'a key that is an integral float is refused'],
  ['a:\n  b:\n  |\n   x\n', 'the head of a block on a line of its own, no deeper than its key'],
  ['a: |2\n      x\n    \n', 'spaces alone in the last line of a block'],
  ['a: x\u0085y\n', 'NEL and the line separators of Unicode end a line for PyYAML'],
  ['a: c\u2028d\n', 'NEL and the line separators of Unicode end a line for PyYAML'],
  ['%x', 'a directive without a document'],
  ['? k:- yes\n- a\n', 'a key without a value, and then a list'],
])

// Making the virtual environment takes a minute or two.
t.setTimeout(600_000)

const missing = prepareAnsible()

t.test('YAML is read as PyYAML reads it, or refused by both', { skip: missing ?? false, timeout: 600_000 }, async t => {
  const texts = [...notYet.keys(), ...yamlCorpus()]
  const answers = ask(texts)
  let read = 0
  for (const [index, text] of texts.entries()) {
    const theirs = answers[index] ?? {}
    const mine = ours(text)
    if (mine.error !== undefined && refusedOnPurpose.test(mine.error)) continue
    if (mine.gives !== undefined && takenOnPurpose.test(theirs.error ?? '')) continue
    if (theirs.error === undefined) read++
    const alike =
      theirs.error === undefined
        ? JSON.stringify(mine.gives) === JSON.stringify(theirs.gives)
        : mine.gives === undefined
    if (notYet.has(text)) t.notOk(alike, `${ascii(text)}: ${notYet.get(text)}`)
    else t.ok(alike, alike ? ascii(text) : `${ascii(text)}: PyYAML ${ascii(theirs)}, here ${ascii(mine)}`)
  }
  t.ok(read > texts.length / 3, `${read} of ${texts.length} texts are read by both`)
})
