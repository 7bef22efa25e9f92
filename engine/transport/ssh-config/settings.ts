import { ConfigError } from '../../core/failure.js'
import { wildcard } from '../wildcard.js'
import { type AlgorithmKind, algorithms, chosen } from './algorithms.js'
import type { AuthMethod, Hop } from './hop.js'
import type { SshSettings } from './parse.js'

export const saysYes = (text: string | undefined): boolean => /^(yes|true)$/i.test(text ?? '')

const saysNo = (text: string | undefined): boolean => /^(no|false)$/i.test(text ?? '')

export const numeric = (keyword: string, text: string | undefined, usual: number): number => {
  if (text === undefined || text === 'none') return usual
  if (!/^\d+$/.test(text)) throw new ConfigError({ message: `${keyword} '${text}' is not a number` })
  return Number(text)
}

/** @throws ConfigError */
export const portNumber = (text: string | undefined): number => {
  const port = numeric('Port', text, 22)
  if (port > 0 && port < 65_536) return port
  throw new ConfigError({ message: `Port '${port}' is not a port`, hint: 'write a number from 1 to 65535' })
}

/** The authentication methods that the configuration allows. */
export const methodsOf = (settings: SshSettings): Hop['methods'] => {
  const first = (keyword: string): string | undefined => settings.get(keyword)?.[0]
  const asked =
    first('kbdinteractiveauthentication') ?? first('challengeresponseauthentication') ?? first('skeyauthentication')
  const answers: readonly (readonly [AuthMethod, string | undefined])[] = [
    ['publickey', first('pubkeyauthentication')],
    ['password', first('passwordauthentication')],
    ['keyboard-interactive', asked],
  ]
  const off = answers.flatMap(([method, answer]) => (saysNo(answer) ? [method] : []))
  const order = first('preferredauthentications')?.split(',')
  return { off, ...(order === undefined ? {} : { order }) }
}

/** @throws ConfigError for a list without a supported algorithm */
export const algorithmsOf = (settings: SshSettings): Hop['algorithms'] =>
  Object.fromEntries(
    (Object.keys(algorithms) as AlgorithmKind[]).flatMap(kind => {
      const value = settings.get(kind)?.join(',')
      return value === undefined ? [] : [[kind, chosen(kind, value)]]
    }),
  )

/** @throws ConfigError */
export const familyOf = (text: string | undefined): Pick<Hop, 'family'> => {
  const family = text?.toLowerCase() ?? 'any'
  if (family === 'any') return {}
  if (family === 'inet' || family === 'inet6') return { family: family === 'inet' ? 4 : 6 }
  throw new ConfigError({ message: `AddressFamily '${text}' is not one`, hint: 'write any, inet or inet6' })
}

/**
 * The environment of sessions: all of SetEnv, and the variables of SendEnv that are set on this machine. Locale
 * variables, which the default ssh_config sends, are left out: tasks run in the host's locale, or in that of
 * `environment`.
 */
export const environmentOf = (settings: SshSettings): Hop['env'] => {
  const patterns = (settings.get('sendenv') ?? []).filter(one => !/^(LANG|LANGUAGE|LC_)/.test(one))
  const taken = patterns.filter(one => !one.startsWith('-'))
  const dropped = patterns.flatMap(one => (one.startsWith('-') ? [one.slice(1)] : []))
  const matches = (list: readonly string[], name: string): boolean => list.some(one => wildcard(one, name))
  const sent = Object.entries(process.env).filter(
    ([name]) => taken.length > 0 && matches(taken, name) && !matches(dropped, name) && !/^(LANG|LC_)/.test(name),
  )
  const set = (settings.get('setenv') ?? []).flatMap(one => {
    const equals = one.indexOf('=')
    return equals < 1 ? [] : [[one.slice(0, equals), one.slice(equals + 1)]]
  })
  return Object.fromEntries([...sent, ...set.toReversed()])
}
