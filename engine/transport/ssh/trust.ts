import { appendFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readLocal } from '../../config/files/local-file.js'
import { makeFolders } from '../../config/files/make-folders.js'
import type { Target } from '../../core/connection.js'
import { fingerprint, hostName, type KeyCheck, keyType } from '../host-keys/known-hosts.js'
import { algorithms } from '../ssh-config/algorithms.js'
import { SshFiles } from '../ssh-config/files.js'
import { type Hop, route } from '../ssh-config/route.js'
import { algorithmsFor, connectRetrying, type SshShared } from './client.js'
import { explain, type Progress } from './errors.js'
import { Handshakes } from './handshakes.js'
import { KeyFiles } from './key-files.js'

export interface ScannedKey {
  /** `ssh-ed25519`, … */
  readonly type: string
  /** `SHA256:…` */
  readonly fingerprint: string
  /** The line for known_hosts. */
  readonly line: string
  /**
   * The file in which the key is to be pinned: one that connections to the host read. Undefined where there is none.
   */
  readonly file?: string
  /** known: already pinned. changed: another key is pinned for this host; `old` is that key. */
  readonly status: 'new' | 'known' | 'changed'
  readonly old?: { readonly fingerprint: string; readonly file: string; readonly line: number }
}

/** Kinds of host keys; each needs a connection of its own, since a server shows one key at a time. */
const kinds: readonly (readonly string[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
]

/**
 * The keys of a host, without logging in to it. Its jump hosts are logged in to, so their keys must be pinned.
 * @throws Unreachable
 */
export const scanHostKeys = async (
  target: Target,
  options: { readonly home?: string; readonly inventory?: readonly string[]; readonly signal?: AbortSignal } = {},
): Promise<readonly ScannedKey[]> => {
  const files = new SshFiles(options.home)
  const { inventory = [] } = options
  const shared: SshShared = { files, keys: new KeyFiles(), handshakes: new Handshakes(), jumps: new Map(), inventory }
  const hop = route(target, files)
  try {
    const allowed = hop.algorithms.hostkeyalgorithms ?? algorithms.hostkeyalgorithms.usual
    const wanted = kinds.map(kind => kind.filter(one => allowed.includes(one))).filter(kind => kind.length > 0)
    const asked = await Promise.all(wanted.map(kind => ask(hop, kind, shared, target.name, options.signal)))
    const keys = asked.flatMap(one => ('key' in one ? [one.key] : []))
    const [failed] = asked.flatMap(one => ('error' in one ? [one] : []))
    if (keys.length === 0 && failed !== undefined) throw explain(failed.error, hop, target.name, failed.progress)
    const known = files.known(hop.knownHosts)
    const verified = keys.map(key => ({ key, check: known.verify(hop.alias, hop.port, key) }))
    const proven = verified.some(({ check }) => check.kind === 'trusted')
    return verified.map(({ key, check }) => ({
      type: keyType(key),
      fingerprint: fingerprint(key),
      line: knownLine(hop, key),
      ...(hop.pinFile === undefined ? {} : { file: hop.pinFile }),
      ...status(key, check, proven),
    }))
  } finally {
    for (const jump of shared.jumps.values())
      jump.then(
        client => client.end(),
        () => {},
      )
  }
}

/**
 * Adds lines to a known_hosts file, except those that are in it already. Makes the file and its folder where they are
 * missing.
 */
export const pin = async (file: string, lines: readonly string[]): Promise<void> => {
  const text = textOf(file)
  const there = new Set(text.split('\n').map(line => line.trim()))
  const missing = [...new Set(lines)].filter(line => !there.has(line))
  if (missing.length === 0) return
  makeFolders(dirname(file), 0o700)
  const joint = text === '' || text.endsWith('\n') ? '' : '\n'
  await appendFile(file, `${joint}${missing.join('\n')}\n`, { mode: 0o600 })
}

/** The text of a file; '' where it does not exist. */
const textOf = (file: string): string => {
  try {
    return readLocal(file).toString()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/** @param proven another key of this host is pinned and was shown, so a key of another kind is only new */
const status = (key: Buffer, check: KeyCheck, proven: boolean): Pick<ScannedKey, 'status' | 'old'> => {
  if (check.kind === 'trusted') return { status: 'known' }
  if (check.kind === 'unknown' || (proven && check.kind === 'changed' && check.old.type !== keyType(key)))
    return { status: 'new' }
  const { file, line, key: old } = check.old
  return { status: 'changed', old: { fingerprint: fingerprint(old), file, line } }
}

type KeyAnswer = { readonly key: Buffer } | { readonly error: Error; readonly progress: Progress }

/** The host key of one kind. The server shows it before the login, and it is refused. */
const ask = async (
  hop: Hop,
  hostKeys: readonly string[],
  shared: SshShared,
  name: string,
  signal: AbortSignal | undefined,
): Promise<KeyAnswer> => {
  const progress: Progress = { connected: false, shaken: false }
  let key: Buffer | undefined
  const hostVerifier = (shown: Buffer): boolean => {
    key = shown
    return false
  }
  const options = { name, ...(signal === undefined ? {} : { signal }) }
  try {
    const only: Hop = { ...hop, algorithms: { ...hop.algorithms, hostkeyalgorithms: hostKeys } }
    const client = await connectRetrying(
      hop,
      shared,
      options,
      { hostVerifier, ...algorithmsFor(only, hostKeys) },
      progress,
    )
    client.end()
  } catch (error) {
    return key === undefined ? { error: error as Error, progress } : { key }
  }
  return { error: new Error('the host showed no key'), progress }
}

const knownLine = (hop: Hop, key: Buffer): string =>
  `${hostName(hop.alias, hop.port)} ${keyType(key)} ${key.toString('base64')}`
