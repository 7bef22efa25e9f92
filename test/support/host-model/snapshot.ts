import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Model } from './model.js'

/** All that a step can change on the model: a line for each path. */
export type Snapshot = ReadonlyMap<string, string>

/** The programs of this machine are not the model's; of /proc only what the model brings itself. */
const foreign = new Set(['/usr', '/dev', '/proc', '/bin', '/sbin', '/lib', '/lib64', '/model'])
const besides = ['/usr/local', '/proc/sys', '/proc/swaps']

/** What the engine itself keeps on a host. */
const ofEngine = '/var/lib/tkplay'

export const snapshot = (model: Model): Snapshot => {
  const found = new Map<string, string>()
  for (const path of ['/', ...besides]) walk(model, path, found)
  found.set('/proc/self/mountinfo', model.mounts().join('\n'))
  return found
}

const walk = (model: Model, path: string, found: Map<string, string>): void => {
  const at = model.at(path)
  const stat = lstatSync(at)
  const owners = `${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid}`
  const times = `${stat.mtimeMs} ${stat.atimeMs} ${stat.ino}`
  // A folder's times are of what is in it.
  if (stat.isDirectory()) {
    found.set(path, `folder ${owners}`)
    for (const name of readdirSync(at)) {
      const below = path === '/' ? `/${name}` : `${path}/${name}`
      if (!foreign.has(below) && below !== ofEngine) walk(model, below, found)
    }
  } else if (stat.isSymbolicLink()) found.set(path, `link ${owners} ${times} ${readlinkSync(at)}`)
  else if (stat.isFile()) found.set(path, `file ${owners} ${times} ${sum(readFileSync(at))}`)
  else found.set(path, `other ${owners}`)
}

const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export interface Touched {
  readonly path: string
  readonly was: string | undefined
  readonly is: string | undefined
}

export const difference = (before: Snapshot, after: Snapshot): readonly Touched[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map(path => ({ path, was: before.get(path), is: after.get(path) }))
    .filter(({ was, is }) => was !== is)
