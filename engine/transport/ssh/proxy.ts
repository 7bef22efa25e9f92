import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { hasStreams, outOfFiles } from '../out-of-files.js'

/** A connection through the standard input and output of a command (ProxyCommand). */
export interface ProxyStream {
  readonly stream: Duplex
  /** How the command ended, and its standard error; undefined where it does not end soon. */
  readonly ended: () => Promise<ProxyEnd | undefined>
}

export interface ProxyEnd {
  readonly command: string
  readonly code: number | string
  readonly stderr: string
}

/** Characters of standard error that are kept: the last ones, which tell why it failed. */
const most = 4000

export const openProxy = (command: string): ProxyStream => {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'pipe'] })
  if (!hasStreams(child)) {
    child.once('error', () => {})
    throw outOfFiles(`the command ${command}`)
  }
  let stderr = ''
  child.stderr.on('data', (bytes: Buffer) => {
    stderr = (stderr + bytes.toString('utf8')).slice(-most)
  })
  const over = new Promise<ProxyEnd>(resolve => {
    child.once('error', error => resolve({ command, code: error.message, stderr }))
    child.once('close', (code, signal) => resolve({ command, code: code ?? signal ?? '', stderr }))
  })
  // Where the process did not start, its streams report errors.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {})
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
  stream.once('close', () => child.kill())
  return { stream, ended: () => Promise.race([over, later(500)]) }
}

const later = (ms: number): Promise<undefined> =>
  new Promise(resolve => {
    setTimeout(() => resolve(undefined), ms).unref()
  })
