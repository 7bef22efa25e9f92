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
  /** The play's variables. */
  readonly vars: readonly Layer[]
  /** Names that something else in the plays gives, at a time that nobody knows before. */
  readonly elsewhere: ReadonlySet<string>
  /** Whether the host is sure to be connected to; other findings are warnings. */
  readonly certain: boolean
  /** Whether something there is done as another user. */
  readonly becomes: boolean
  /** Whether this machine may have another key by then: something may be done here before, or it is not this one that connects. */
  readonly prepared: boolean
}

interface Found {
  readonly host: string
  readonly problem: Diagnostic
  readonly isError: boolean
  /** It is this machine that lacks something: the host is not reached then, and the others are. */
  readonly isLack?: boolean
}

/**
 * What connection variables say that cannot be meant, as far as they hold no templates. @returns what may be wrong
 * @throws ConfigError
 */
export const checkConnections = (project: Project, hosts: readonly ConnectedHost[]): readonly Diagnostic[] => {
  const all = hosts.flatMap(one => problemsOf(project, one))
  const lost = new Set(all.filter(({ isError, isLack }) => isError && isLack === true).map(({ host }) => host))
  const areAllLost = hosts.every(({ host }) => lost.has(host))
  const found = new Map(
    all
      .map(one => (one.isLack === true && !areAllLost ? { ...one, isError: false } : one))
      .toSorted((a, b) => Number(a.isError) - Number(b.isError))
      // Many hosts may have it from one place.
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
  const said = (...names: readonly string[]) => saidOf(layers, connected, names)
  const ask = (...names: readonly string[]): Said | undefined => {
    const one = said(...names)
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
      message: `'${timeout.text}' is no number of seconds for reaching a host`,
      ...timeout.at,
      hint: 'write a number: ansible_timeout: 10',
    })
  const isHere = connected.host === 'localhost' && ask('host', 'ssh_host') === undefined
  if (kind === undefined ? isHere : connectionKind(kind.text) !== 'ssh') return found
  // Where a template says the connection, it may be one that needs neither.
  const isSsh = connected.certain && said('connection') !== 'unknown'
  const port = ask('port', 'ssh_port')
  if (port !== undefined && portOf(port.text) === undefined)
    add({ message: `'${port.text}' is not a port`, ...port.at, hint: 'write a number up to 65535: 22' }, isSsh)
  const [address, user] = [said('host', 'ssh_host'), said('user', 'ssh_user')]
  const [args, extraArgs] = [said('ssh_args', 'ssh_common_args'), said('ssh_extra_args')]
  // A template may give a name that ssh's files know by another.
  if (address !== 'unknown' && user !== 'unknown' && args !== 'unknown' && extraArgs !== 'unknown')
    for (const problem of routeProblems({ name: connected.host, address, user, args, extraArgs })) add(problem, isSsh)
  const key = ask('ssh_private_key_file', 'private_key_file')
  const why =
    key === undefined || /^$|[%$]/.test(key.text) ? undefined : isNoKey(key.text) ? 'is not there' : whyNoKey(key.text)
  if (key !== undefined && why !== undefined) {
    const message = `${key.isTyped ? `${project.origin('private_key')}: ` : ''}the key file ${key.text} ${why}`
    const hint = 'correct the path, or make the key: ssh-keygen -t ed25519 -f FILE'
    // An agent, or a password, may let one in without it.
    const hasAgent = (process.env['SSH_AUTH_SOCK'] ?? '') !== ''
    const otherwise = hasAgent || said('password', 'ssh_pass', 'ssh_password') !== undefined
    const isError = isSsh && !connected.prepared && (key.isTyped || !otherwise)
    found.push({ host, problem: { message, ...key.at, hint }, isError, isLack: !key.isTyped })
  }
  return found
}

interface Said {
  readonly text: string
  readonly at: { readonly source?: Source }
  /** By a flag, or another setting. */
  readonly isTyped: boolean
}

/** As `run/machine/target.ts` asks; undefined where no variable says it. */
const saidOf = (
  layers: readonly Layer[],
  { elsewhere, vars }: ConnectedHost,
  names: readonly string[],
): Said | 'unknown' | undefined =>
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

/** The play's own variables and those of the command line are known whatever else gives the name. */
const decides = (
  name: string,
  binding: Binding | undefined,
  layers: readonly Layer[],
  vars: readonly Layer[],
): boolean =>
  binding !== undefined &&
  [...vars, ...layers.filter(layer => layer.rank === rank.extra)].some(layer => layer.bindings.get(name) === binding)

const notOffered = (name: string, { text, at }: Said, words: readonly string[]): Diagnostic => ({
  message: `${name} '${text}' is not offered`,
  ...at,
  hint: didYouMean(text, words) ?? `use ${words.join(' or ')}`,
})
