import type { Client, ClientChannel } from 'ssh2'
import type { Connection, Target } from '../../core/connection.js'
import { TkplayError, Unreachable } from '../../core/failure.js'
import { HostConnection } from '../host-connection.js'
import { within } from '../limits.js'
import { lostConnection, type ShellEnd, type ShellStreams } from '../shell-channel.js'
import { SshFiles } from '../ssh-config/files.js'
import { route } from '../ssh-config/route.js'
import { openClient, type SshShared } from './client.js'
import { Handshakes } from './handshakes.js'
import { KeyFiles } from './key-files.js'

/** Connections over ssh, one transport for a run: ssh's files are read once, and a jump host is logged in to once. */
export class SshTransport {
  readonly #shared: SshShared

  constructor(options: { readonly home?: string; readonly inventory?: readonly string[] } = {}) {
    this.#shared = {
      files: new SshFiles(options.home),
      keys: new KeyFiles(),
      handshakes: new Handshakes(),
      jumps: new Map(),
      inventory: options.inventory ?? [],
    }
  }

  /** @throws Unreachable, ConfigError */
  async connect(target: Target, options: { readonly signal?: AbortSignal } = {}): Promise<Connection> {
    const hop = route(target, this.#shared.files)
    const label = `${hop.user}@${hop.host}:${hop.port}`
    const client = await openClient(hop, this.#shared, { name: target.name, ...options })
    const ended = endOf(client)
    const connection = new HostConnection({
      target,
      label,
      loginUser: hop.user,
      open: command => shell(client, ended, label, { command, env: hop.env }),
      close: async () => {
        client.end()
        await within(ended, { timeout: 2000 }).catch(() => client.destroy())
      },
    })
    void ended.then(reason => connection.lost(reason))
    return connection
  }

  async close(): Promise<void> {
    const jumps = [...this.#shared.jumps.values()]
    this.#shared.jumps.clear()
    await Promise.all(
      jumps.map(opening =>
        opening.then(
          client => client.end(),
          () => {},
        ),
      ),
    )
  }
}

/** Resolves with the reason when the login has ended. */
const endOf = (client: Client): Promise<string> =>
  new Promise(resolve => {
    let reason = 'it was closed by the other side'
    client.on('error', error => {
      reason = error.message === 'Keepalive timeout' ? 'the host has gone quiet' : error.message
    })
    client.once('close', () => resolve(reason))
  })

interface Exec {
  readonly command: string
  readonly env: { readonly [name: string]: string }
}

const shell = (client: Client, ended: Promise<string>, label: string, { command, env }: Exec): Promise<ShellStreams> =>
  new Promise((resolve, reject) => {
    const lost = (reason: string): void => reject(lostConnection(label, reason))
    let isOpen = false
    // Every login ends at some time; an error, with its stack, is made only while somebody waits.
    void ended.then(reason => isOpen || lost(reason))
    const opened = (error: Error | undefined, stream: ClientChannel): void => {
      isOpen = true
      if (error === undefined || error === null) resolve(streams(stream, ended))
      else if (/No response|Not connected/.test(error.message)) lost(error.message)
      else
        reject(
          new Unreachable(
            'no-shell',
            `${label} opens no session: ${error.message}`,
            'see MaxSessions and ForceCommand in its sshd_config: each user on a host takes one session',
          ),
        )
    }
    try {
      client.exec(command, { env }, opened)
    } catch (error) {
      if (error instanceof TkplayError) throw error
      lost((error as Error).message)
    }
  })

const streams = (stream: ClientChannel, ended: Promise<string>): ShellStreams => {
  let shell: ShellEnd | undefined
  const over = new Promise<ShellEnd>(resolve => {
    // Registered at once, since a login shell that runs no commands may end before anybody asks.
    stream.on('exit', (code: number | null, signal?: string) => {
      const reason = code === null ? `its shell was ended by ${signal ?? 'a signal'}` : `its shell ended with ${code}`
      const end = { reason, byItself: code !== null }
      shell = end
      // Output may still be on its way, and a background process of a job may keep the stream open for long.
      setTimeout(() => resolve(end), 500).unref()
    })
    // When the login ends, its sessions close first, without a reason.
    stream.on('close', () =>
      setTimeout(() => resolve(shell ?? { reason: 'the session was closed', byItself: false }), 100).unref(),
    )
    void ended.then(reason => resolve({ reason, byItself: false }))
  })
  return {
    stdin: stream,
    stdout: stream,
    stderr: stream.stderr,
    onEnd: listener => void over.then(listener),
    destroy: () => {
      stream.end()
      stream.close()
    },
  }
}
