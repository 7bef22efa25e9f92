import type { AnyAuthMethod, AuthHandlerMiddleware, ParsedKey } from 'ssh2'
import { Unreachable } from '../../core/failure.js'
import type { AuthMethod, Hop } from '../ssh-config/hop.js'
import { OrderedAgent } from './agent.js'
import type { KeyFiles } from './key-files.js'

interface Attempt {
  /** The name in «tried …». */
  readonly label: string
  readonly method: AnyAuthMethod
  readonly kind: AuthMethod
}

export interface Login {
  readonly handler: AuthHandlerMiddleware
  /** What was tried so far, and what could not be used: `agent, ~/.ssh/id_rsa (needs a passphrase)`. */
  readonly tried: string[]
  /** The methods that the server accepts; undefined until it has answered. */
  accepts: readonly string[] | undefined
}

/**
 * The ways to log in, in order: keys of the agent, then key files, then the password. The password comes first where no
 * key file is configured. @throws Unreachable 'auth' where nothing can be tried
 */
export const login = async (hop: Hop, keys: KeyFiles): Promise<Login> => {
  const loaded = await Promise.all(
    hop.identities.map(async identity => ({ ...identity, ...(await keys.load(identity.file, hop.passphrase)) })),
  )
  const usable = loaded.flatMap(one => ('key' in one ? [one] : []))
  const barred = loaded.flatMap(one => ('why' in one && (one.asked || one.missing !== true) ? [one] : []))
  const asked = loaded.filter(one => one.asked).map(publicHalf)
  const attempts = [
    ...agentAttempts(hop, asked.flat()),
    ...usable.map(
      (one): Attempt => ({
        label: one.file,
        kind: 'publickey',
        method: { type: 'publickey', username: hop.user, key: one.key },
      }),
    ),
  ]
  const secrets = passwordAttempts(hop)
  const all = usable.some(one => one.asked) ? [...attempts, ...secrets] : [...secrets, ...attempts]
  const remaining = permitted(all, hop)
  const tried = barred.map(one => `${one.file} (${one.why})`)
  if (remaining.length === 0 && all.length > 0) throw notPermitted(hop, all)
  if (remaining.length === 0) {
    const allMissing = barred.length > 0 && barred.every(one => one.missing === true)
    throw nothingToTry(hop, tried, allMissing)
  }

  const result: Login = {
    tried,
    accepts: undefined,
    handler: (left, _partial, next) => {
      if (left !== null) result.accepts = left
      const at = remaining.findIndex(one => left === null || left.length === 0 || left.includes(one.kind))
      const [attempt] = at < 0 ? [] : remaining.splice(at, 1)
      if (attempt !== undefined) tried.push(attempt.label)
      next(attempt?.method ?? (false as never))
    },
  }
  return result
}

/** The attempts that the configuration allows, in its order. */
const permitted = (attempts: readonly Attempt[], { methods: { order, off } }: Hop): Attempt[] => {
  const on = attempts.filter(({ kind }) => !off.includes(kind) && order?.includes(kind) !== false)
  if (order === undefined) return on
  return on.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

const notPermitted = (hop: Hop, attempts: readonly Attempt[]): Unreachable => {
  const { order, off } = hop.methods
  const words = { publickey: 'PubkeyAuthentication', password: 'PasswordAuthentication' } as const
  const said = [
    ...(order === undefined ? [] : [`PreferredAuthentications ${order.join(',')}`]),
    ...off.map(one => `${one === 'keyboard-interactive' ? 'KbdInteractiveAuthentication' : words[one]} no`),
  ]
  const kinds = [...new Set(attempts.map(({ kind }) => kind))]
  return new Unreachable(
    'auth',
    `no way to log in to ${hop.user}@${hop.host} is left: there is ${kinds.join(' and ')}, and ssh is configured with ${said.join(', ')}`,
    'take that out of the configuration of ssh, or give what it lets be tried: --private-key, ansible_password',
  )
}

const publicHalf = (one: { readonly key?: ParsedKey; readonly public?: ParsedKey }): readonly ParsedKey[] => {
  const known = one.key ?? one.public
  return known === undefined ? [] : [known]
}

const agentAttempts = (hop: Hop, asked: readonly ParsedKey[]): readonly Attempt[] => {
  if (hop.agent === undefined || (hop.identitiesOnly && asked.length === 0)) return []
  const agent = new OrderedAgent(hop.agent, asked, hop.identitiesOnly)
  return [{ label: 'agent', kind: 'publickey', method: { type: 'agent', username: hop.user, agent } }]
}

const passwordAttempts = (hop: Hop): readonly Attempt[] => {
  const { password, user: username } = hop
  if (password === undefined) return []
  let answered = false
  return [
    { label: 'password', kind: 'password', method: { type: 'password', username, password: password.reveal() } },
    {
      label: 'keyboard-interactive',
      kind: 'keyboard-interactive',
      method: {
        type: 'keyboard-interactive',
        username,
        // The password answers the first hidden question only: a second one asks for something else (a code, a new
        // password).
        prompt: (_name, _instructions, _language, prompts, finish) => {
          const first = !answered
          answered = true
          finish(prompts.map(({ echo }) => (first && echo !== true ? password.reveal() : '')))
        },
      },
    },
  ]
}

const nothingToTry = (hop: Hop, barred: readonly string[], allMissing: boolean): Unreachable =>
  new Unreachable(
    'auth',
    `no key or password to log in to ${hop.user}@${hop.host} with${barred.length === 0 ? '' : `: ${barred.join(', ')}`}`,
    barred.length === 0
      ? 'give a key (--private-key, ansible_ssh_private_key_file) or start an agent that holds one'
      : allMissing
        ? 'correct the path of the key (--private-key, ansible_ssh_private_key_file)'
        : 'put the key into an agent: eval "$(ssh-agent)" && ssh-add',
  )
