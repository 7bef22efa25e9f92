import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { ansible, prepareAnsible } from '../support/ansible.js'
import { type TemplateCases, templateCases } from '../support/template-cases.js'

const oracle = fileURLToPath(new URL('../../../test/conformance/template-oracle.py', import.meta.url))

interface Answer {
  readonly gives?: string
  readonly error?: string
}

/** The answers to all topics, by one process: its start is what takes long. */
const ask = (topics: readonly TemplateCases[]): readonly (readonly Answer[])[] => {
  const rows = topics.map(({ vars, cases }) => {
    const asked = cases.map(({ kind = 'template', text }) => JSON.stringify({ kind, text }))
    return `{"vars": ${vars}, "cases": [${asked.join(',')}]}`
  })
  const options = { encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, TZ: 'UTC' } } as const
  return JSON.parse(execFileSync(ansible.python, [oracle], { ...options, input: `[${rows.join(',')}]` })) as Answer[][]
}

// Making the virtual environment takes a minute or two.
t.setTimeout(600_000)

const missing = prepareAnsible()

t.test('templates give what ansible-core gives', { skip: missing ?? false, timeout: 600_000 }, async t => {
  const topics = templateCases()
  const answers = ask(topics)
  for (const [at, { topic, cases }] of topics.entries()) {
    t.test(topic, async t => {
      for (const [index, one] of cases.entries()) {
        const theirs = answers[at]?.[index]
        if (one.differs !== undefined)
          t.not(theirs?.gives, one.gives ?? 'an error', `${one.text} differs: ${one.differs}`)
        else if (one.gives === undefined) t.not(theirs?.error, undefined, `${one.text} is an error there too`)
        else t.equal(theirs?.gives ?? `error: ${theirs?.error}`, one.gives, one.text)
      }
    })
  }
})
