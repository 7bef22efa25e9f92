import { didYouMean } from '../../config/did-you-mean.js'
import { becomeMethod, connectionKind, firstDefined, portOf, secondsOf } from '../../core/connection-options.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import { Float, Secret } from '../../core/value.js'
import { type Binding, type Layer, rank, winning } from '../../core/vars.js'
import { hasTemplate } from '../../playbook/entry.js'
import { routeProblems } from './check-route.js'
import { isNoKey, whyNoKey } from './key-file.js'
import type { Project } from './project.js'

/** A host as one play connects to it. */
export interface ConnectedHost {
  readonly host: string
  /** The variables of the play. */
  readonly vars: readonly Layer[]
  /** Variables that something else in the plays sets, at a time that is not known before the run. */
  readonly elsewhere: ReadonlySet<string>
  /** Whether the run certainly connects to the host; problems of other hosts are only warnings. */
  readonly certain: boolean
  /** Whether a task of the play runs as another user. */
  readonly becomes: boolean
  /**
   * Whether the key file may exist by then: a task may make it on this machine, or this machine is not the one that
   * connects.
   */
  readonly prepared: boolean
}

interface Found {
  readonly host: string
  readonly problem: Diagnostic
  readonly isError: boolean
  /**
   * The problem is a missing file on this machine: only this host is unreachable then, the run goes on with the others.
   */
  readonly isLack?: boolean
}

/**
 * Checks the connection variables that hold no templates. @returns warnings
 * @throws ConfigError
 */
export const checkConnections = (project: Project, hosts: readonly ConnectedHost[]): readonly Diagnostic[] => {
  const all = hosts.flatMap(one => problemsOf(project, one))
  const unconnected = new Set(all.filter(({ isError, isLack }) => isError && isLack === true).map(({ host }) => host))
  const areAllUnconnected = hosts.every(({ host }) => unconnected.has(host))
  const found = new Map(
    all
      .map(one => (one.isLack === true && !areAllUnconnected ? { ...one, isError: false } : one))
      .toSorted((a, b) => Number(a.isError) - Number(b.isError))
      // Many hosts may have the same variable, from one line.
      .map(one => [`${one.problem.message} ${JSON.stringify(one.problem.source)}`, one]),
  )
  const once = [...found.values()]
  const [first, ...more] = once.filter(({ isError }) => isError).map(({ problem }) => problem)
  if (first !== undefined) throw new ConfigError(first, ...more)
  return once.map(({ problem }) => problem)
}

const problemsOf = (project: Project, connected: ConnectedHost): readonly Found[] => {
  const { inventory, connection, extra } = project
  const layers = [...connection, ...inventory.layersOf(connected.host), ...connected.vars, extra]
  const find = (...names: readonly string[]) => settingOf(layers, connected, names)
  const ask = (...names: readonly string[]): Setting | undefined => {
    const one = find(...names)
    return one === 'unknown' ? undefined : one
  }
  const kind = ask('connection')
  const found: Found[] = []
  const { host } = connected
  const add = (problem: Diagnostic, isError = connected.certain) => void found.push({ host, problem, isError })
  if (kind !== undefined && connectionKind(kind.text) === undefined)
    add(notOffered('ansible_connection', kind, ['ssh', 'local']))
  const method = ask('become_method')
  if (method !== undefined && becomeMethod(method.text) === undefined)
    add(
      notOffered('ansible_become_method', method, ['sudo', 'su']),
      connected.certain && (connected.becomes || ask('become') !== undefined),
    )
  const timeout = ask('connect_timeout', 'timeout')
  if (timeout !== undefined && secondsOf(timeout.text) === undefined)
    add({
      message: `'${timeout.text}' is not a number of seconds for the connection timeout`,
      ...timeout.at,
      hint: 'write a number: ansible_timeout: 10',
    })
  const isHere = connected.host === 'localhost' && ask('host', 'ssh_host') === undefined
  if (kind === undefined ? isHere : connectionKind(kind.text) !== 'ssh') return found
  // A templated `ansible_connection` may be one without ssh.
  const isSsh = connected.certain && find('connection') !== 'unknown'
  const port = ask('port', 'ssh_port')
  if (port !== undefined && portOf(port.text) === undefined)
    add({ message: `'${port.text}' is not a port`, ...port.at, hint: 'write a number up to 65535: 22' }, isSsh)
  const [address, user] = [find('host', 'ssh_host'), find('user', 'ssh_user')]
  const [args, extraArgs] = [find('ssh_args', 'ssh_common_args'), find('ssh_extra_args')]
  // A templated value may be an alias that ssh's configuration defines.
  if (address !== 'unknown' && user !== 'unknown' && args !== 'unknown' && extraArgs !== 'unknown')
    for (const problem of routeProblems({ name: connected.host, address, user, args, extraArgs })) add(problem, isSsh)
  const key = ask('ssh_private_key_file', 'private_key_file')
  const why =
    key === undefined || /^$|[%$]/.test(key.text) ? undefined : isNoKey(key.text) ? 'is not there' : whyNoKey(key.text)
  if (key !== undefined && why !== undefined) {
    const message = `${key.isTyped ? `${project.origin('private_key')}: ` : ''}the key file ${key.text} ${why}`
    const hint = 'correct the path, or make the key: ssh-keygen -t ed25519 -f FILE'
    // The login may succeed without the file, by an agent or a password.
    const hasAgent = (process.env['SSH_AUTH_SOCK'] ?? '') !== ''
    const otherwise = hasAgent || find('password', 'ssh_pass', 'ssh_password') !== undefined
    const isError = isSsh && !connected.prepared && (key.isTyped || !otherwise)
    found.push({ host, problem: { message, ...key.at, hint }, isError, isLack: !key.isTyped })
  }
  return found
}

interface Setting {
  readonly text: string
  readonly at: { readonly source?: Source }
  /** The value comes from a flag or a setting, not from a variable. */
  readonly isTyped: boolean
}

/** The value of the first of these variables, by the rules of `run/machine/target.ts`; undefined where none is set. */
const settingOf = (
  layers: readonly Layer[],
  { elsewhere, vars }: ConnectedHost,
  names: readonly string[],
): Setting | 'unknown' | undefined =>
  firstDefined(names, name => {
    const binding = winning(name, layers)
    if (elsewhere.has(name) && !decides(name, binding, layers, vars)) return 'unknown'
    if (binding === undefined || binding.value === null) return undefined
    const { value, source, data } = binding
    if (data !== true && hasTemplate(value)) return 'unknown'
    const plain = value instanceof Secret ? '' : value instanceof Float ? value.value : value
    const isTyped = layers.some(layer => layer.rank === rank.settings && layer.bindings.get(name) === binding)
    return { text: String(plain), at: source === undefined ? {} : { source }, isTyped }
  })

/**
 * Whether a binding is certain although something else in the plays sets the variable: true for variables of the play
 * and of the command line.
 */
const decides = (
  name: string,
  binding: Binding | undefined,
  layers: readonly Layer[],
  vars: readonly Layer[],
): boolean =>
  binding !== undefined &&
  [...vars, ...layers.filter(layer => layer.rank === rank.extra)].some(layer => layer.bindings.get(name) === binding)

const notOffered = (name: string, { text, at }: Setting, words: readonly string[]): Diagnostic => ({
  message: `${name} '${text}' is not offered`,
  ...at,
  hint: didYouMean(text, words) ?? `use ${words.join(' or ')}`,
})
