import type { Target } from '../core/connection.js'
import { Unreachable } from '../core/failure.js'
import type { RunAs } from '../core/module.js'
import { Timer } from '../core/timer.js'
import type { Secret } from '../core/value.js'
import { shellWords } from '../python/shell-words.js'
import { quote } from '../shell/quote.js'
import { lostConnection, noShell, type ShellEnd, type ShellStreams } from './shell-channel.js'

/** The user that a channel changes to, with all defaults filled in. */
export interface Becoming {
  readonly user: string
  readonly method: 'sudo' | 'su'
  readonly flags: readonly string[]
}

/** The user to change to; undefined where the login user is the wanted one. */
export const becoming = (as: RunAs, target: Target, loginUser: string): Becoming | undefined => {
  if (as === 'login') return undefined
  const wanted = as === 'root' ? { user: 'root' } : as
  if (wanted.user === loginUser) return undefined
  const method = ('method' in wanted ? wanted.method : undefined) ?? target.becomeMethod ?? 'sudo'
  // -n would refuse a password; becomeCommand sets the other flags itself.
  const flags = 'flags' in wanted ? wanted.flags : undefined
  const chosen = flags === undefined ? undefined : wordsOf(flags).filter(flag => !/^(-[nSkp]|)$/.test(flag))
  return { user: wanted.user, method, flags: chosen ?? (method === 'sudo' ? ['-H'] : []) }
}

/** Words of become_flags. sudo or su reports a quote that is not closed. */
const wordsOf = (flags: string): readonly string[] => {
  try {
    return shellWords(flags)
  } catch (error) {
    if (error instanceof RangeError) return flags.split(/\s+/)
    throw error
  }
}

/**
 * The command that changes the user and then runs a shell. The shell prints `ready` before it reads anything. Every
 * login shell understands the command.
 * @param nonce the password prompt
 */
export const becomeCommand = ({ user, method, flags }: Becoming, nonce: string, ready: string): string => {
  const shell = `'echo ${ready}; exec /bin/sh -s'`
  const words = flags.map(quote).join(' ')
  return method === 'sudo'
    ? `exec env LC_ALL=C sudo ${words} -k -S -p ${nonce} -u ${quote(user)} /bin/sh -c ${shell}`
    : `exec env LC_ALL=C su ${words} -s /bin/sh -c ${shell} ${quote(user)}`
}

export interface Handshake {
  readonly to: Becoming
  readonly nonce: string
  readonly ready: string
  readonly password: Secret<string> | undefined
  /** user@address:port */
  readonly target: string
  /** The host's name in the inventory. */
  readonly name: string
  /** ms */
  readonly timeout: number
}

/**
 * Waits until the shell runs as the other user. The password is sent only after its prompt was seen, since a shell that
 * does not ask would run the password as a command. @throws Unreachable 'become-password', 'become-denied' or 'no-user'
 */
export const becomeReady = (streams: ShellStreams, shake: Handshake): Promise<void> =>
  new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    let prompts = 0
    const fail = (error: Unreachable): void => {
      settle()
      streams.destroy()
      reject(error)
    }
    const settle = (): void => {
      timer.cancel()
      streams.stdout.off('data', onStdout)
      streams.stderr.off('data', onStderr)
    }
    const onStdout = (bytes: Buffer): void => {
      stdout += bytes.toString('latin1')
      if (!stdout.includes(shake.ready)) return
      settle()
      resolve()
    }
    const onStderr = (bytes: Buffer): void => {
      stderr += bytes.toString('utf8')
      const asked = countPrompts(stderr, shake)
      if (asked === prompts) return
      prompts = asked
      if (shake.password === undefined) fail(noPassword(shake))
      else if (prompts > 1) fail(wrongPassword(shake, stderr))
      else streams.stdin.write(`${shake.password.reveal()}\n`)
    }
    const timer = new Timer(shake.timeout, () =>
      fail(denied(shake, `no answer within ${shake.timeout / 1000} s`, stderr)),
    )
    for (const stream of [streams.stdin, streams.stdout, streams.stderr]) stream.on('error', () => {})
    streams.stdout.on('data', onStdout)
    streams.stderr.on('data', onStderr)
    streams.onEnd(end => fail(diagnose(shake, { stdout, stderr, prompts, end })))
  })

/** Standard error after the first prompt. Text before the prompt (a lecture, a banner) is no answer to the password. */
const afterPrompt = (stderr: string, { nonce }: Handshake): string => stderr.slice(Math.max(0, stderr.indexOf(nonce)))

const withoutPrompts = (stderr: string, { nonce }: Handshake): string => stderr.replaceAll(nonce, '').trim()

/** The command with which a person can reproduce the failure. */
const shownCommand = ({ method, flags, user }: Becoming): string =>
  (method === 'sudo' ? [method, ...flags, '-u', user, '/bin/sh'] : [method, ...flags, user]).map(quote).join(' ')

const countPrompts = (stderr: string, { nonce, to }: Handshake): number =>
  (to.method === 'sudo' ? stderr.split(nonce) : stderr.split(/password[^\n:]*: ?/i)).length - 1

interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly prompts: number
  readonly end: ShellEnd
}

const diagnose = (shake: Handshake, { stdout, stderr, prompts, end }: Outcome): Unreachable => {
  const { method } = shake.to
  const message = withoutPrompts(stderr, shake)
  // sudo and su refuse with a message on standard error. A login shell that runs no commands prints nothing, or its
  // reason on standard output.
  if (message === '' && prompts === 0) {
    if (!end.byItself) return lostConnection(shake.target, end.reason)
    const what = stdout.trim().slice(0, 500)
    return noShell(shake.target, what === '' ? `${end.reason}, without a word` : what)
  }
  if (/not found|unknown command|no such file/i.test(message) && message.includes(method))
    return new Unreachable(
      'become-denied',
      `there is no ${method} on ${shake.target}: ${message}`,
      method === 'sudo'
        ? 'install sudo there, log in as root, or use become_method: su'
        : 'install su there, or log in as root',
    )
  if (/incorrect password|authentication failure|sorry, try again/i.test(message) && prompts > 0)
    return wrongPassword(shake, stderr)
  if (/password is required|no password was provided/i.test(message)) return noPassword(shake)
  if (/unknown user|does not exist/i.test(message))
    return new Unreachable(
      'no-user',
      `there is no user ${shake.to.user} on ${shake.target}`,
      `make the user ${shake.to.user} first, or correct become_user`,
    )
  return denied(shake, message === '' ? `${method} ended` : message, '')
}

const noPassword = ({ target, to, name }: Handshake): Unreachable =>
  new Unreachable(
    'become-password',
    `${to.method} on ${target} asks for a password to become ${to.user}, and there is none`,
    `give it by -K, or as ansible_become_password of ${name}`,
  )

const wrongPassword = (shake: Handshake, stderr: string): Unreachable => {
  const { target, to, name } = shake
  return new Unreachable(
    'become-password',
    `${to.method} on ${target} does not take the password to become ${to.user}`,
    `give the right one by -K, or as ansible_become_password of ${name}`,
    { command: shownCommand(to), stderr: withoutPrompts(afterPrompt(stderr, shake), shake) },
  )
}

const denied = ({ target, to }: Handshake, why: string, stderr: string): Unreachable =>
  new Unreachable(
    'become-denied',
    `${target} may not become ${to.user} by ${to.method}: ${[why, stderr.trim()].filter(one => one !== '').join(': ')}`,
    to.method === 'sudo'
      ? `allow it in /etc/sudoers.d, or log in as ${to.user}`
      : `log in as ${to.user}, or use become_method: sudo`,
  )
