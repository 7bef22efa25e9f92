import type { Target } from '../core/connection.js'
import { ConfigError } from '../core/failure.js'
import type { Secret } from '../core/value.js'
import { parseSshArgs } from './ssh-args.js'
import { lookup, type SshSettings } from './ssh-config.js'
import type { SshFiles } from './ssh-files.js'

/** One ssh login: all that is needed for it, from the target's variables, the words for ssh, and ssh's files. */
export interface Hop {
  readonly host: string
  readonly port: number
  readonly user: string
  /** The name that known_hosts knows it by (HostKeyAlias). */
  readonly alias: string
  readonly knownHosts: readonly string[]
  /** The one of them for keys that are new; absent where none is the user's to write. */
  readonly pinFile?: string
  /** Key files that were asked for, then the usual ones. */
  readonly identities: readonly { readonly file: string; readonly asked: boolean }[]
  /** Only these keys, no others of the agent. */
  readonly identitiesOnly: boolean
  /** The agent's socket. */
  readonly agent: string | undefined
  readonly password: Secret<string> | undefined
  readonly passphrase: Secret<string> | undefined
  /** Logged into first; the connection goes through it. */
  readonly via: Hop | undefined
  /** A command whose input and output are the connection. */
  readonly proxyCommand: string | undefined
  /** ms */
  readonly connectTimeout: number
  readonly keepalive: { readonly interval: number; readonly count: number }
}

/** Of the target's own: it is not handed on to the hosts on the way. */
type Own = Pick<Target, 'user' | 'port' | 'password' | 'keyFile' | 'keyPassphrase'>

interface Asked {
  readonly name: string
  readonly own: Partial<Own>
  readonly first: SshSettings
  readonly configFile: string | undefined
  readonly target: Target
  readonly depth: number
}

const usualKeys = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'].map(name => `~/.ssh/${name}`)
const farthest = 8

/** @throws ConfigError for words or jumps that make no sense */
export const route = (target: Target, files: SshFiles): Hop => {
  const { settings, configFile } = parseSshArgs(target.sshArgs)
  return hop({ name: target.address, own: target, first: settings, configFile, target, depth: 0 }, files)
}

const hop = (asked: Asked, files: SshFiles): Hop => {
  const { name, own, target } = asked
  const { localUser } = files
  const query = { name, localUser, ...(own.user === undefined ? {} : { user: own.user }) }
  const settings = lookup(files.config(asked.configFile), query, asked.first)
  const say = (keyword: string): string | undefined => settings.get(keyword)?.[0]
  const on = (keyword: string): boolean => say(keyword)?.toLowerCase() === 'yes'

  const host = say('hostname')?.replace(/%([%h])/g, (_, token) => (token === 'h' ? name : '%')) ?? name
  const port = own.port ?? numeric('Port', say('port'), 22)
  const user = own.user ?? say('user') ?? localUser
  const tokens: { readonly [token: string]: string } = {
    '%': '%',
    d: files.home,
    h: host,
    n: name,
    p: String(port),
    r: user,
    u: localUser,
  }
  const fill = (text: string): string => text.replace(/%([%dhnpru])/g, (whole, token: string) => tokens[token] ?? whole)
  const path = (text: string): string => files.expand(fill(text))
  const list = (keyword: string, usual: readonly string[]): readonly string[] =>
    (settings.get(keyword) ?? usual).filter(one => one.toLowerCase() !== 'none').map(path)

  const usersOwn = list('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'])
  const configured = (settings.get('identityfile') ?? []).filter(one => one.toLowerCase() !== 'none')
  const asks = [...(own.keyFile === undefined ? [] : [own.keyFile]), ...configured]
  const identities = [
    ...asks.map(file => ({ file: path(file), asked: true })),
    ...(asks.length > 0 ? [] : usualKeys.map(file => ({ file: path(file), asked: false }))),
  ]
  const agent = say('identityagent') ?? 'SSH_AUTH_SOCK'
  const socket = agent === 'SSH_AUTH_SOCK' ? process.env['SSH_AUTH_SOCK'] : agent === 'none' ? undefined : path(agent)
  const pinFile = [...target.knownHosts.map(file => files.expand(file)), ...usersOwn].find(file => file !== '/dev/null')
  const jump = say('proxyjump')
  const command = say('proxycommand')
  const limit = say('connecttimeout')
  return {
    host,
    port,
    user,
    alias: say('hostkeyalias') ?? host,
    knownHosts: [
      ...usersOwn,
      ...list('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
      ...target.knownHosts.map(file => files.expand(file)),
    ],
    ...(pinFile === undefined ? {} : { pinFile }),
    identities,
    identitiesOnly: on('identitiesonly'),
    agent: socket === '' ? undefined : socket,
    password: own.password,
    passphrase: own.keyPassphrase,
    via: jump === undefined || jump.toLowerCase() === 'none' ? undefined : through(jump, asked, files),
    proxyCommand: jump !== undefined || command === undefined || command === 'none' ? undefined : fill(command),
    connectTimeout:
      limit === undefined ? target.connectTimeout : numeric('ConnectTimeout', limit, 0) * 1000 || target.connectTimeout,
    keepalive: {
      interval: numeric('ServerAliveInterval', say('serveraliveinterval'), 0) * 1000 || 10_000,
      count: numeric('ServerAliveCountMax', say('serveralivecountmax'), 2),
    },
  }
}

/** `a,b`: a is logged into first, b through it. What the configuration says of b's own jump is not asked, as with ssh. */
const through = (jumps: string, asked: Asked, files: SshFiles): Hop => {
  const all = jumps.split(',')
  const last = all.pop() ?? ''
  const [, user, name, port] = /^(?:ssh:\/\/)?(?:([^@]*)@)?(\[[^\]]+\]|[^:\]]+)(?::(\d+))?\/?$/.exec(last) ?? []
  if (name === undefined) throw new ConfigError({ message: `ProxyJump '${jumps}' is not of the form user@host:port` })
  if (asked.depth >= farthest) throw new ConfigError({ message: `ProxyJump '${jumps}' goes in circles` })
  const first = new Map<string, readonly string[]>(all.length === 0 ? [] : [['proxyjump', [all.join(',')]]])
  const own = { ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port: Number(port) }) }
  const bare = name.replace(/^\[|\]$/g, '')
  return hop({ ...asked, name: bare, own, first, depth: asked.depth + 1 }, files)
}

const numeric = (keyword: string, text: string | undefined, usual: number): number => {
  if (text === undefined) return usual
  if (!/^\d+$/.test(text)) throw new ConfigError({ message: `${keyword} '${text}' is not a number` })
  return Number(text)
}
