import { join } from 'node:path'
import { labDir } from '../state/paths.js'
import type { Log } from '../support/log.js'
import { buildMirror, type MirrorContent } from './build.js'
import { startServer, stopServer } from './server/server-process.js'
import { requireUpstream, unreachableSources } from './upstream.js'
import { labVariables, mirrorVariables, upstreamVariables, type Variables } from './variables.js'

export { buildMirror, type MirrorContent } from './build.js'
export type { Variables } from './variables.js'

export interface Mirror {
  /** for the inventory that the roles are run with; lab/mirror/README.md says what each means */
  readonly variables: Variables
  /** ends the server of this lab, and nothing else */
  stop(): Promise<void>
}

export interface MirrorOptions {
  /** the lab's: its server keeps its process id and log in the lab's own folder */
  readonly name: string
  /** the lab's address on its own bridge */
  readonly gateway: string
  readonly port?: number
  /** `auto`: upstream where all of it can be reached, else build */
  readonly source: 'build' | 'upstream' | 'auto'
  readonly log: Log
}

const PORT = 8080

/**
 * Sees to it that the lab's packages and images are there and served; quick when they are. Says what the roles have to know.
 * @throws LabProblem when a source is asked for that this machine cannot use
 */
export async function ensureMirror(options: MirrorOptions): Promise<Mirror> {
  const { name, gateway, port = PORT, log } = options
  const stop = () => stopMirror(name)
  if (options.source === 'upstream') await requireUpstream()
  if (options.source === 'upstream' || (options.source === 'auto' && (await unreachableSources()).length === 0)) {
    await stop()
    return { variables: { ...labVariables(), ...upstreamVariables }, stop }
  }
  const content = await buildMirror({ log })
  await startServer(stateDir(name), serverConfig(content, gateway, port))
  return {
    variables: { ...labVariables(), ...mirrorVariables(`http://${gateway}:${port}`, content.checksums) },
    stop,
  }
}

/** Ends the server of the lab of this name, if it has one. */
export const stopMirror = (name: string): Promise<void> => stopServer(stateDir(name))

const stateDir = (name: string): string => join(labDir(name), 'mirror')

const serverConfig = ({ files, blobs, index, laterIndex }: MirrorContent, address: string, port: number) => ({
  address,
  port,
  files,
  blobs,
  index,
  laterIndex,
})
