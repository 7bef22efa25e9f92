import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** What the answers are compared with; the folder's name carries it, so that another version gets another folder. */
const VERSION = '2.19.14'

const cache = process.env['TKPLAY_CACHE'] ?? '/var/cache/tkplay'
const venv = join(cache, `venv-ansible-core-${VERSION}`)

/** Programs of a virtual environment with ansible-core. */
export const ansible = { python: join(venv, 'bin', 'python'), playbook: join(venv, 'bin', 'ansible-playbook') }

/** Makes the environment, once; that takes a minute or two. Says what is missing where it cannot be made. */
export const prepareAnsible = (): string | undefined => {
  if (existsSync(join(venv, 'ready'))) return undefined
  try {
    mkdirSync(cache, { recursive: true })
    execFileSync('python3', ['-m', 'venv', '--clear', venv], { stdio: 'pipe' })
  } catch {
    return 'python3 cannot make a virtual environment: apt-get install python3-venv'
  }
  try {
    const packages = [`ansible-core==${VERSION}`, 'jinja2==3.1.6', 'packaging', 'passlib', 'PyYAML']
    execFileSync(ansible.python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'pipe' })
    execFileSync('touch', [join(venv, 'ready')])
    return undefined
  } catch {
    return `pip cannot install ansible-core ${VERSION}, which needs Python 3.11 and PyPI`
  }
}
