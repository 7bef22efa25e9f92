import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { type TemplateCases, templateCases } from '../support/template-cases.js'

/** What the answers are compared with; the folder's name carries it, so that another version gets another folder. */
const VERSION = '2.19.14'

const cache = process.env['TKPLAY_CACHE'] ?? '/var/cache/tkplay'
const venv = join(cache, `venv-ansible-core-${VERSION}`)
const python = join(venv, 'bin', 'python')
const oracle = fileURLToPath(new URL('../../../test/conformance/template-oracle.py', import.meta.url))

/** A virtual environment with ansible-core, made once. Says what is missing where it cannot be made. */
const prepare = (): string | undefined => {
  if (existsSync(join(venv, 'ready'))) return undefined
  try {
    mkdirSync(cache, { recursive: true })
    execFileSync('python3', ['-m', 'venv', '--clear', venv], { stdio: 'pipe' })
  } catch {
    return 'python3 cannot make a virtual environment: apt-get install python3-venv'
  }
  try {
    const packages = [`ansible-core==${VERSION}`, 'jinja2==3.1.6', 'packaging', 'passlib', 'PyYAML']
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'pipe' })
    execFileSync('touch', [join(venv, 'ready')])
    return undefined
  } catch {
    return `pip cannot install ansible-core ${VERSION}, which needs Python 3.11 and PyPI`
  }
}

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
  return JSON.parse(execFileSync(python, [oracle], { ...options, input: `[${rows.join(',')}]` })) as Answer[][]
}

// Making the virtual environment takes a minute or two.
t.setTimeout(600_000)

const missing = prepare()

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
