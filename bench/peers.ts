import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensurePackages } from '../lab/machine/packages.js'
import { contentKey } from '../lab/mirror/cache.js'
import { cacheDir } from '../lab/state/paths.js'
import { withLock } from '../lab/support/lock.js'
import type { Log } from '../lab/support/log.js'
import { reason, sh } from '../lab/support/shell.js'
import type { Absent } from './item.js'

/**
 * Each version has its own folder in the cache. Mitogen runs inside Ansible, so it is installed with the same version.
 */
const PEERS = {
  ansible: ['ansible-core==2.19.14'],
  mitogen: ['ansible-core==2.19.14', 'mitogen==0.3.54'],
  pyinfra: ['pyinfra==3.10.0'],
} as const satisfies { readonly [name: string]: readonly string[] }

type PeerName = keyof typeof PEERS

export interface Peer {
  readonly version: string
  /** The virtual environment. */
  readonly folder: string
}

export interface Peers {
  readonly found: { readonly [name in PeerName]?: Peer }
  readonly absent: readonly Absent[]
}

/** Peers from the cache, or newly installed. A peer that cannot be installed is no error of the bench. */
export const pythonPeers = async (names: readonly PeerName[], log: Log): Promise<Peers> => {
  const found: { [name in PeerName]?: Peer } = {}
  const absent: Absent[] = []
  for (const name of names) {
    try {
      found[name] = await pythonPeer(name, log)
    } catch (error) {
      absent.push({ name, why: whyNot(error) })
    }
  }
  return { found, absent }
}

const pythonPeer = async (name: PeerName, log: Log): Promise<Peer> => {
  const packages = PEERS[name]
  await ensurePackages(['python3', 'python3-venv'], log)
  const python = (await sh`python3 --version`).stdout.trim()
  const folder = join(cacheDir(), `peer-${name}-${contentKey(packages, python)}`)
  await withLock('peers', log, () => ensureEnvironment(folder, packages, log))
  return { folder, version: packages.at(-1)?.replace('==', ' ') ?? name }
}

/** A virtual environment cannot be moved, so it is made in its final folder; a file marks it as complete. */
const ensureEnvironment = async (folder: string, packages: readonly string[], log: Log): Promise<void> => {
  const ready = join(folder, 'ready')
  if (existsSync(ready)) return
  log(`installing ${packages.join(', ')} from PyPI into ${folder}`)
  await mkdir(folder, { recursive: true })
  await sh`python3 -m venv --clear ${folder}`
  await sh`${join(folder, 'bin/python')} -m pip install --quiet --disable-pip-version-check ${packages}`
  await writeFile(ready, '')
}

export const pdsh = async (log: Log): Promise<Peer | Absent> => {
  try {
    await ensurePackages(['pdsh'], log)
    const { stdout } = await sh`dpkg-query -W -f ${'${Version}'} pdsh`
    return { folder: '/usr', version: `pdsh ${stdout.trim()}` }
  } catch (error) {
    return { name: 'pdsh', why: whyNot(error) }
  }
}

const whyNot = (error: unknown): string =>
  `it could not be installed: ${reason(error).trim().split('\n').at(-1)?.trim()}`
