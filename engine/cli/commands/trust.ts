import { exit } from '../../core/exit.js'
import { TkplayError } from '../../core/failure.js'
import { addTo } from '../../core/grouped.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { warningText } from '../../report/words.js'
import { targetOf } from '../../run/machine/target.js'
import { Slots } from '../../run/schedule/forks.js'
import { VariableScope } from '../../run/variables/scope.js'
import { trustCommand } from '../../transport/host-keys/trust-command.js'
import { pin, type ScannedKey, scanHostKeys } from '../../transport/ssh/trust.js'
import type { Flags } from '../options.js'
import { openProject, type Project } from '../project/project.js'
import { checkTargets, hostsOf } from '../project/target-hosts.js'
import { controllerEnv, templatesOf } from '../project/templates.js'
import { ask } from '../terminal/ask.js'

export interface TrustFlags extends Flags {
  readonly yes?: boolean
}

/** The keys of a host, or why there are none. */
interface Scanned {
  readonly host: string
  readonly keys: readonly ScannedKey[]
  readonly trouble?: readonly string[]
}

type Say = (text: string) => void

/**
 * Scans host keys, shows their fingerprints in a table, and pins the new ones if the user agrees. A key that differs
 * from the pinned one is never replaced: the user has to decide. @returns the exit code
 */
export const trust = async (pattern: string, flags: TrustFlags, say: Say): Promise<number> => {
  const project = await openProject(flags, [])
  for (const warning of checkTargets(project, [{ pattern, source: undefined }], flags.limit))
    say(`warning: ${warningText({ kind: 'warning', ...warning })}`)
  const hosts = hostsOf(project.inventory, pattern, flags.limit)
  const scanned = await scanAll(project, hosts, flags)
  for (const line of table(scanned)) say(line)
  const keys = scanned.flatMap(one => one.keys)
  const changed = keys.some(({ status }) => status === 'changed')
  const unanswered = scanned.some(({ trouble }) => trouble !== undefined)
  const otherwise = changed ? exit.failed : unanswered ? exit.unreachable : exit.ok
  const fresh = keys.filter(({ status }) => status === 'new')
  if (fresh.length === 0) {
    if (keys.length > 0 && !changed) say('All of them are pinned already.')
    return otherwise
  }
  const files = byFile(fresh)
  if (flags.yes !== true && !(await agrees(fresh.length, [...files.keys()], again(pattern, flags)))) {
    say('Nothing was pinned.')
    return exit.failed
  }
  for (const [file, lines] of files) {
    await pin(file, lines)
    say(`${counted(lines.length)} pinned in ${file}.`)
  }
  return otherwise
}

/** Lines of keys by the file in which connections to their host look for keys. */
const byFile = (keys: readonly ScannedKey[]): ReadonlyMap<string, readonly string[]> => {
  const files = new Map<string, string[]>()
  for (const { file, line } of keys) if (file !== undefined) addTo(files, file, line)
  return files
}

const counted = (keys: number): string => (keys === 1 ? '1 key is' : `${keys} keys are`)

/** The same command with --yes, which asks no question. */
const again = (pattern: string, { inventory = [], limit }: TrustFlags): string =>
  trustCommand(pattern, { inventory, more: [...(limit === undefined ? [] : ['-l', limit]), '--yes'] })

const agrees = async (keys: number, files: readonly string[], otherwise: string): Promise<boolean> =>
  /^y(es)?$/i.test(
    await ask(`Pin ${keys} key${keys === 1 ? '' : 's'} in ${files.join(', ')}? (yes/no)`, {
      secret: false,
      instead: `compare the fingerprints, then: ${otherwise}`,
    }),
  )

const table = (scanned: readonly Scanned[]): readonly string[] => {
  const width = Math.max(...scanned.map(({ host }) => host.length))
  return scanned.flatMap(({ host, keys, trouble = [] }) => [
    ...keys.flatMap(key => rowOf(host.padEnd(width), key)),
    ...trouble.map((line, index) => (index === 0 ? `${host.padEnd(width)}  ${line}` : `  ${line}`)),
  ])
}

const rowOf = (host: string, { type, fingerprint, status, old }: ScannedKey): readonly string[] => [
  `${host}  ${type.padEnd(19)}  ${fingerprint}  ${status}`,
  ...(old === undefined
    ? []
    : [
        `  another key is pinned: ${old.fingerprint} (${old.file}:${old.line})`,
        `  → only if the host was installed anew: delete line ${old.line} of ${old.file}, then run trust again`,
      ]),
]

const lacksFile = ({ status, file }: ScannedKey): boolean => status === 'new' && file === undefined

const noKnownHostsFile: readonly string[] = [
  'ssh options leave no file of known keys to pin them in (UserKnownHostsFile)',
  '→ take that option out, or name a file: ansible_ssh_known_hosts_file, or known_hosts in tkplay.yml',
]

const scanAll = (project: Project, hosts: readonly string[], flags: TrustFlags): Promise<readonly Scanned[]> => {
  const slots = new Slots(project.settings.forks)
  return Promise.all(
    hosts.map(async host => {
      const release = await slots.take()
      try {
        return await scan(project, host, flags)
      } finally {
        release()
      }
    }),
  )
}

const scan = async ({ inventory, connection, extra }: Project, host: string, flags: TrustFlags): Promise<Scanned> => {
  const templates = templatesOf(controllerEnv())
  const layers = [...connection, ...inventory.layersOf(host), extra]
  const target = targetOf(host, new VariableScope(layers, binding => templates.variable(binding)))
  if (target.kind !== 'ssh') return { host, keys: [], trouble: ['is not connected to over ssh'] }
  try {
    const keys = await scanHostKeys(target, omitUndefined({ inventory: flags.inventory }))
    return keys.some(lacksFile) ? { host, keys: [], trouble: noKnownHostsFile } : { host, keys }
  } catch (error) {
    if (!(error instanceof TkplayError) || error.failure.kind !== 'unreachable') throw error
    const { message, remedy } = error.failure
    return { host, keys: [], trouble: [message, `→ ${remedy}`] }
  }
}
