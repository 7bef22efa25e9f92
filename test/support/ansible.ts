import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'

/** What the answers are compared with; the folder's name carries it, so that another version gets another folder. */
const VERSION = '2.19.14'

const cache = process.env['TKPLAY_CACHE'] ?? '/var/cache/tkplay'
const venv = join(cache, `venv-ansible-core-${VERSION}`)

/** Programs of a virtual environment with ansible-core. */
export const ansible = { python: join(venv, 'bin', 'python'), playbook: join(venv, 'bin', 'ansible-playbook') }

const noVenv = 'python3 cannot make a virtual environment: apt-get install python3-venv'
const noAnsible = `pip cannot install ansible-core ${VERSION}, which needs Python 3.11 and PyPI`

/**
 * Makes the environment, once; that takes a minute or two. Several test files may ask for it at the same time, and all but one wait.
 * @returns what is missing where it cannot be made
 */
export const prepareAnsible = (): string | undefined => {
  if (existsSync(join(venv, 'ready'))) return undefined
  mkdirSync(cache, { recursive: true })
  const packages = [`ansible-core==${VERSION}`, 'jinja2==3.1.6', 'packaging', 'passlib', 'PyYAML']
  const script = `
    venv=$1; shift
    [ ! -e "$venv/ready" ] || exit 0
    python3 -m venv --clear "$venv" || exit 10
    "$venv/bin/python" -m pip install --quiet "$@" || exit 11
    touch "$venv/ready"`
  try {
    execFileSync('flock', [`${venv}.lock`, 'sh', '-c', script, 'sh', venv, ...packages], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    return (error as { readonly status?: number }).status === 11 ? noAnsible : noVenv
  }
}

export interface KeptAnswers<Answer> {
  find(question: object): Answer | undefined
  keep(question: object, answer: Answer): void
  /** Removes answers to questions that nobody asks any more. */
  removeOthers(): void
}

/**
 * What this machine's ansible-core answered before, by the whole of the question: the same question to the same version, Python and kernel has
 * the same answer. It is asked again where anything of that is another, and where its answer was not the one that was expected.
 */
export const keptAnswers = <Answer>(): KeptAnswers<Answer> => {
  const folder = join(cache, `answers-ansible-core-${VERSION}`)
  mkdirSync(folder, { recursive: true })
  const machine = [readFileSync(join(venv, 'pyvenv.cfg'), 'utf8'), release(), readFileSync('/etc/os-release', 'utf8')]
  const asked = new Set<string>()
  const nameOf = (question: object): string => {
    const name = createHash('sha256')
      .update(JSON.stringify([machine, question]))
      .digest('hex')
    asked.add(name)
    return name
  }
  return {
    find: question => {
      const file = join(folder, nameOf(question))
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Answer) : undefined
    },
    keep: (question, answer) => {
      const file = join(folder, nameOf(question))
      writeFileSync(`${file}.new`, JSON.stringify(answer))
      renameSync(`${file}.new`, file)
    },
    removeOthers: () => {
      for (const name of readdirSync(folder)) if (!asked.has(name)) rmSync(join(folder, name), { force: true })
    },
  }
}
