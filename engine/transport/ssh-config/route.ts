import type { Target } from '../../core/connection.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { ConfigError } from '../../core/failure.js'
import { longestTimer } from '../../core/timer.js'
import { wildcard } from '../wildcard.js'
import { parseSshArgs } from './args.js'
import type { SshFiles } from './files.js'
import type { Hop } from './hop.js'
import type { SshQuery } from './match.js'
import { isHostName, isUserName } from './names.js'
import { objection } from './options.js'
import { type ConfigLine, lookup, type SshSettings } from './parse.js'
import { algorithmsOf, environmentOf, familyOf, methodsOf, numeric, portNumber, saysYes } from './settings.js'
import { commandTokens, filled, type Named, pathTokens, withEnvironment } from './tokens.js'

export type { Hop } from './hop.js'

/** Settings of the target itself, which do not apply to its jump hosts. */
type Own = Pick<Target, 'user' | 'port' | 'password' | 'keyFile' | 'keyPassphrase'>

interface HopQuery {
  readonly name: string
  readonly own: Partial<Own>
  readonly first: SshSettings
  readonly configFile: string | undefined
  readonly target: Target
  readonly depth: number
}

/** ms, limited to what ssh2's timers take: 24 days. */
const limited = (ms: number): number => Math.min(ms, longestTimer)

const usualKeys = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'].map(name => `~/.ssh/${name}`)
const farthest = 8

/**
 * The login for a target, with its jump hosts. @throws ConfigError for arguments, names, options or jump hosts that are
 * invalid or not supported
 */
export const route = (target: Target, files: SshFiles): Hop => {
  const { settings, configFile } = parseSshArgs(target.sshArgs)
  return hop({ name: target.address, own: target, first: settings, configFile, target, depth: 0 }, files)
}

const hop = (asked: HopQuery, files: SshFiles): Hop => {
  const { name, own, target } = asked
  const { localUser } = files
  if (!isHostName(name)) throw badHost(name)
  if (own.user !== undefined && !isUserName(own.user)) throw badUser(own.user)
  const settings = settingsOf(asked, files)
  const first = (keyword: string): string | undefined => settings.get(keyword)?.[0]

  const host = hostOf(settings, name)
  if (!isHostName(host)) throw badHost(host)
  const port = own.port ?? portNumber(first('port'))
  const user = own.user ?? first('user') ?? localUser
  if (!isUserName(user)) throw badUser(user)
  const jump = first('proxyjump')
  const command = first('proxycommand')
  const named: Named = { home: files.home, host, name, port, user, localUser, alias: first('hostkeyalias'), jump }
  const tokens = pathTokens(named)
  const path = (text: string, keyword: string): string =>
    files.expand(filled(keyword, withEnvironment(keyword, text), tokens))
  const list = (keyword: string, usual: readonly string[]): readonly string[] =>
    (settings.get(keyword) ?? usual).filter(one => one.toLowerCase() !== 'none').map(one => path(one, keyword))

  const usersOwn = list('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'])
  const configured = (settings.get('identityfile') ?? []).filter(one => one.toLowerCase() !== 'none')
  const asks = [...(own.keyFile === undefined ? [] : [own.keyFile]), ...configured]
  const identities = [
    ...asks.map(file => ({ file: path(file, 'IdentityFile'), asked: true })),
    ...(asks.length > 0 ? [] : usualKeys.map(file => ({ file: path(file, 'IdentityFile'), asked: false }))),
  ]
  const pinFile = [...target.knownHosts.map(file => files.expand(file)), ...usersOwn].find(file => file !== '/dev/null')
  const limit = first('connecttimeout')
  const revoked = first('revokedhostkeys')
  const bindAddress = first('bindaddress')
  const proxies = jump === undefined && command !== undefined && command !== 'none'
  return {
    host,
    port,
    user,
    alias: first('hostkeyalias') ?? host,
    knownHosts: [
      ...usersOwn,
      ...list('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
      ...target.knownHosts.map(file => files.expand(file)),
    ],
    ...(pinFile === undefined ? {} : { pinFile }),
    ...(revoked === undefined || revoked === 'none' ? {} : { revokedKeys: path(revoked, 'RevokedHostKeys') }),
    shortestRsa: numeric('RequiredRSASize', first('requiredrsasize'), 1024),
    identities,
    identitiesOnly: saysYes(first('identitiesonly')),
    agent: agentOf(first('identityagent'), text => path(text, 'IdentityAgent')),
    password: own.password,
    passphrase: own.keyPassphrase,
    methods: methodsOf(settings),
    algorithms: algorithmsOf(settings),
    via: jump === undefined || jump.toLowerCase() === 'none' ? undefined : through(jump, asked, files),
    proxyCommand: proxies ? filled('ProxyCommand', command, commandTokens(named)) : undefined,
    ...(proxies ? { proxy: command } : {}),
    ...(bindAddress === undefined ? {} : { bindAddress }),
    ...familyOf(first('addressfamily')),
    attempts: Math.max(1, numeric('ConnectionAttempts', first('connectionattempts'), 1)),
    connectTimeout: limited(
      (limit === undefined ? 0 : numeric('ConnectTimeout', limit, 0) * 1000) || target.connectTimeout,
    ),
    keepalive: {
      interval: limited(numeric('ServerAliveInterval', first('serveraliveinterval'), 0) * 1000 || 10_000),
      count: numeric('ServerAliveCountMax', first('serveralivecountmax'), 2),
    },
    env: environmentOf(settings),
  }
}

/**
 * The settings of arguments and files for a host. @throws ConfigError with all options that are unknown or not
 * supported
 */
const settingsOf = (asked: HopQuery, files: SshFiles): SshSettings => {
  const { name, own, first } = asked
  const { localUser } = files
  const config = files.config(asked.configFile)
  const exec: SshQuery['exec'] = (command, found) => {
    const user = own.user ?? found.get('user')?.[0] ?? localUser
    if (!isUserName(user)) throw badUser(user)
    const [host, port] = [hostOf(found, name), own.port ?? portNumber(found.get('port')?.[0])]
    if (!isHostName(host)) throw badHost(host)
    const named = { home: files.home, host, name, port, user, localUser, alias: undefined, jump: undefined }
    return files.succeeds(filled('Match exec', command, pathTokens(named)))
  }
  const query = { name, localUser, exec, ...(own.user === undefined ? {} : { user: own.user }) }
  const taken: Pick<ConfigLine, 'keyword' | 'args' | 'source'>[] = []
  const once = lookup(config, query, first, entry => taken.push(entry))
  const settings = config.some(({ final }) => final)
    ? lookup(config, { ...query, final: true }, once, entry => taken.push(entry))
    : once
  const ignored = (settings.get('ignoreunknown') ?? []).flatMap(one => one.split(','))
  const used = [...[...first].map(([keyword, args]) => ({ keyword, args, source: undefined })), ...taken]
  const problems = used.flatMap(({ keyword, args, source }): readonly Diagnostic[] => {
    const problem = objection(keyword, args)
    if (problem === undefined || ignored.some(pattern => wildcard(pattern, keyword))) return []
    return [{ ...problem, ...(source === undefined ? {} : { source }) }]
  })
  const [problem, ...more] = problems
  if (problem !== undefined) throw new ConfigError(problem, ...more)
  const refusal = settings.get('refuseconnection')?.join(' ')
  if (refusal !== undefined)
    throw new ConfigError({
      message: `RefuseConnection: ${refusal}`,
      hint: 'take the line out of the configuration of ssh',
    })
  return settings
}

const hostOf = (settings: SshSettings, name: string): string => {
  const host = settings.get('hostname')?.[0]
  return host === undefined ? name : filled('HostName', host, { '%': '%', h: name })
}

const badHost = (name: string): ConfigError =>
  new ConfigError({
    message: `'${name}' is no host name or address: ssh takes none that begins with '-' or holds a quote, a blank or a sign of the shell`,
    hint: 'write a name or an address: ansible_host: 10.0.0.5',
  })

const badUser = (name: string): ConfigError =>
  new ConfigError({
    message: `'${name}' is no user name: ssh takes none that begins with '-' or holds a quote or a sign of the shell`,
    hint: 'write the name of a user of the host: ansible_user: ops',
  })

/** The socket of the agent: from `SSH_AUTH_SOCK`, `$NAME`, `none`, or a path. */
const agentOf = (text: string | undefined, path: (text: string) => string): string | undefined => {
  const agent = text ?? 'SSH_AUTH_SOCK'
  if (agent === 'none') return undefined
  const name = agent === 'SSH_AUTH_SOCK' ? agent : /^\$(\w+)$/.exec(agent)?.[1]
  const socket = name === undefined ? path(agent) : process.env[name]
  return socket === '' ? undefined : socket
}

/** The jump host of `a,b`: the login to b goes through a. As with ssh, ProxyJump settings of b are not used. */
const through = (jumps: string, asked: HopQuery, files: SshFiles): Hop => {
  const all = jumps.split(',')
  const last = all.pop() ?? ''
  const [, user, name, port] = /^(?:ssh:\/\/)?(?:([^@]*)@)?(\[[^\]]+\]|[^:\]]+)(?::(\d+))?\/?$/.exec(last) ?? []
  if (name === undefined) throw new ConfigError({ message: `ProxyJump '${jumps}' is not of the form user@host:port` })
  if (asked.depth >= farthest)
    throw new ConfigError({
      message: `ProxyJump '${jumps}' goes in circles: the host on the way has it too`,
      hint: `set ProxyJump none for ${last} in the configuration of ssh`,
    })
  const first = new Map<string, readonly string[]>(all.length === 0 ? [] : [['proxyjump', [all.join(',')]]])
  const own = { ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port: portNumber(port) }) }
  const bare = name.replace(/^\[|\]$/g, '')
  return hop({ ...asked, name: bare, own, first, depth: asked.depth + 1 }, files)
}
