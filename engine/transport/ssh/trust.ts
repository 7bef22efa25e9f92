import { appendFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readLocal } from '../../config/files/local-file.js'
import { makeFolders } from '../../config/files/make-folders.js'
import type { Target } from '../../core/connection.js'
import { fingerprint, hostName, keyType, type Verdict } from '../host-keys/known-hosts.js'
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
  /** As it stands in known_hosts. */
  readonly line: string
  /** Where it is to be pinned: a file that is read when the host is connected to. Absent where none is. */
  readonly file?: string
  /** known: pinned already. changed: another is known for this host, `old` says which and where. */
  readonly standing: 'new' | 'known' | 'changed'
  readonly old?: { readonly fingerprint: string; readonly file: string; readonly line: number }
}

/** One connection for each: a server shows one key at a time. */
const kinds: readonly (readonly string[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
]

/**
 * The keys that a host shows, without logging in to it. Hosts on the way to it are logged in to, and must be known already.
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
    const verified = keys.map(key => ({ key, verdict: known.verify(hop.alias, hop.port, key) }))
    const proven = verified.some(({ verdict }) => verdict.kind === 'trusted')
    return verified.map(({ key, verdict }) => ({
      type: keyType(key),
      fingerprint: fingerprint(key),
      line: knownLine(hop, key),
      ...(hop.pinFile === undefined ? {} : { file: hop.pinFile }),
      ...standing(key, verdict, proven),
    }))
  } finally {
    for (const jump of shared.jumps.values())
      jump.then(
        client => client.end(),
        () => {},
      )
  }
}

/** Adds lines to a known_hosts file; those that stand there already are left out. The file and its folder are made if need be. */
export const pin = async (file: string, lines: readonly string[]): Promise<void> => {
  const text = textOf(file)
  const there = new Set(text.split('\n').map(line => line.trim()))
  const missing = [...new Set(lines)].filter(line => !there.has(line))
  if (missing.length === 0) return
  makeFolders(dirname(file), 0o700)
  const joint = text === '' || text.endsWith('\n') ? '' : '\n'
  await appendFile(file, `${joint}${missing.join('\n')}\n`, { mode: 0o600 })
}

/** A file that is not there holds nothing. */
const textOf = (file: string): string => {
  try {
    return readLocal(file).toString()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/** @param proven another key of the host is pinned and was shown: one of a kind not seen before is only new */
const standing = (key: Buffer, verdict: Verdict, proven: boolean): Pick<ScannedKey, 'standing' | 'old'> => {
  if (verdict.kind === 'trusted') return { standing: 'known' }
  if (verdict.kind === 'unknown' || (proven && verdict.kind === 'changed' && verdict.old.type !== keyType(key)))
    return { standing: 'new' }
  const { file, line, key: old } = verdict.old
  return { standing: 'changed', old: { fingerprint: fingerprint(old), file, line } }
}

type KeyAnswer = { readonly key: Buffer } | { readonly error: Error; readonly progress: Progress }

/** The host's key of one kind: it comes before any login, and is declined. */
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
