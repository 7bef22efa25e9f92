import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { ConfigError } from '../../core/failure.js'

/** The values of the tokens of ssh_config(5) for one host. */
export type Tokens = { readonly [token: string]: string }

export interface Named {
  readonly home: string
  readonly host: string
  /** The name as the user wrote it. */
  readonly name: string
  readonly port: number
  readonly user: string
  readonly localUser: string
  readonly alias: string | undefined
  readonly jump: string | undefined
}

/** Tokens of a ProxyCommand. A shell reads the command, so no other values of the inventory get into it. */
export const commandTokens = ({ host, name, port, user }: Named): Tokens => ({
  '%': '%',
  h: host,
  n: name,
  p: String(port),
  r: user,
})

/** Tokens of paths. */
export const pathTokens = (named: Named): Tokens => {
  const local = hostname()
  const jump = named.jump ?? ''
  const hash = createHash('sha1').update(`${local}${named.host}${named.port}${named.user}${jump}`).digest('hex')
  return {
    ...commandTokens(named),
    C: hash,
    d: named.home,
    i: String(process.getuid?.() ?? ''),
    j: jump,
    k: named.alias ?? named.name,
    L: local.split('.')[0] ?? '',
    l: local,
    u: named.localUser,
  }
}

/** Replaces tokens. @throws ConfigError for an unknown token, which ssh refuses too */
export const filled = (keyword: string, text: string, tokens: Tokens): string =>
  text.replace(/%(.?)/gs, (whole, token: string) => {
    const value = Object.hasOwn(tokens, token) ? tokens[token] : undefined
    if (value !== undefined) return value
    throw new ConfigError({
      message: `${keyword}: '${whole}' is no token that ssh knows there`,
      hint: `use ${Object.keys(tokens)
        .map(one => `%${one}`)
        .join(' ')}; a % itself is %%`,
    })
  })

/**
 * Replaces `${NAME}` in a path by the environment variable. @throws ConfigError where the variable is not set, like ssh
 */
export const withEnvironment = (keyword: string, text: string): string =>
  text.replace(/\$\{(\w+)\}/g, (whole, name: string) => {
    const value = process.env[name]
    if (value !== undefined) return value
    throw new ConfigError({
      message: `${keyword}: ${whole} is not set in the environment`,
      hint: `set it: export ${name}=…`,
    })
  })
