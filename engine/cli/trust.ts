import { homedir } from 'node:os'
import { join } from 'node:path'
import { TkplayError } from '../core/failure.js'
import { targetOf } from '../run/target.js'
import { VariableScope } from '../run/scope.js'
import { pin, scanHostKeys } from '../transport/index.js'
import { ask } from './ask.js'
import { exit } from './exit.js'
import type { Flags } from './options.js'
import { openProject, type Project } from './project.js'
import { controllerEnv, templatesOf } from './templates.js'

export interface TrustFlags extends Flags {
  readonly yes?: boolean
}

type Scanned = Awaited<ReturnType<typeof scanHostKeys>>

/** Collects host keys once, shows their fingerprints in one table, and pins them when the user says yes. Strict afterwards. */
export const trust = async (pattern: string, flags: TrustFlags, say: (text: string) => void): Promise<number> => {
  const project = await openProject(flags, [])
  const hosts = project.inventory.select(pattern)
  const file = project.settings.known_hosts[0] ?? join(homedir(), '.ssh', 'known_hosts')
  const scanned = await Promise.all(hosts.map(async host => [host, await scan(project, host)] as const))
  const width = Math.max(...hosts.map(host => host.length))
  for (const [host, keys] of scanned) {
    if (typeof keys === 'string') say(`${host.padEnd(width)}  ${keys}`)
    else for (const key of keys) say(`${host.padEnd(width)}  ${key.type.padEnd(20)} ${key.fingerprint}`)
  }
  const lines = scanned.flatMap(([, keys]) => (typeof keys === 'string' ? [] : keys.map(key => key.line)))
  const missing = scanned.some(([, keys]) => typeof keys === 'string')
  if (lines.length === 0) return exit.unreachable
  const agreed = flags.yes === true || /^y(es)?$/i.test(await ask(`Pin these ${lines.length} keys in ${file}? (yes/no)`, { secret: false }))
  if (!agreed) {
    say('Nothing was pinned.')
    return exit.failed
  }
  await pin(file, lines)
  say(`${lines.length} keys are pinned in ${file}.`)
  return missing ? exit.unreachable : exit.ok
}

const scan = async ({ inventory, connection, extra }: Project, host: string): Promise<Scanned | string> => {
  const templates = templatesOf(controllerEnv())
  const scope = new VariableScope([...connection, ...inventory.layersOf(host), extra], binding => templates.variable(binding))
  try {
    return await scanHostKeys(targetOf(host, scope))
  } catch (error) {
    if (error instanceof TkplayError && error.failure.kind === 'unreachable') return error.failure.message
    throw error
  }
}
