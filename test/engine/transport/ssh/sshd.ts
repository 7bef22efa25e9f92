import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Target } from '../../../../engine/core/connection.js'

export interface Sshd {
  readonly port: number
  /** Holds the keys `key`, `other` and `locked` (passphrase: open sesame), `known_hosts`, and a home without profiles. */
  readonly dir: string
  /** A target of this server; 127.0.0.0/8 is all one host, so that tests can have several. */
  target(more?: Partial<Target>): Target
  /** The lines of its host keys, as known_hosts has them. */
  line(address: string, type: 'ed25519' | 'rsa'): string
  /** Ends it, and takes its files away. */
  close(): Promise<void>
}

const program = '/usr/sbin/sshd'

/** A throwaway sshd on 127.0.0.1 with keys of its own. */
export const startSshd = async (settings: readonly string[] = []): Promise<Sshd> => {
  if (!existsSync(program)) throw new Error(`${program} is missing: apt-get install openssh-server`)
  const dir = mkdtempSync(join(tmpdir(), 'tkplay-sshd-'))
  const keygen = (name: string, type: string, passphrase = ''): void => {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', name, '-f', join(dir, name)])
  }
  for (const name of ['host_ed25519', 'key', 'other']) keygen(name, 'ed25519')
  keygen('host_rsa', 'rsa')
  keygen('locked', 'ed25519', 'open sesame')
  mkdirSync(join(dir, 'home'))
  writeFileSync(join(dir, 'authorized'), ['key', 'locked'].map(name => readFileSync(join(dir, `${name}.pub`))).join(''))
  const port = await freePort()
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'ListenAddress 127.0.0.2',
    `HostKey ${dir}/host_rsa`,
    `HostKey ${dir}/host_ed25519`,
    `AuthorizedKeysFile ${dir}/authorized`,
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    // The start-up files of whoever runs the tests are none of theirs.
    `SetEnv HOME=${dir}/home`,
    ...settings,
  ]
  writeFileSync(join(dir, 'config'), `${config.join('\n')}\n`)
  const made = process.getuid?.() === 0 && !existsSync('/run/sshd')
  if (made) mkdirSync('/run/sshd', { mode: 0o755 })
  const child = spawn(program, ['-D', '-e', '-f', join(dir, 'config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  await listening(child.stderr)
  const line = (address: string, type: 'ed25519' | 'rsa'): string =>
    `[${address}]:${port} ${readFileSync(join(dir, `host_${type}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ')}`
  writeFileSync(join(dir, 'known_hosts'), `${line('127.0.0.1', 'ed25519')}\n${line('127.0.0.2', 'ed25519')}\n`)
  return {
    port,
    dir,
    line,
    target: more => ({
      name: 'web',
      kind: 'ssh',
      address: '127.0.0.1',
      port,
      user: userInfo().username,
      knownHosts: [join(dir, 'known_hosts')],
      // None of the files and agents of whoever runs the tests.
      sshArgs: [
        '-F',
        '/dev/null',
        '-o',
        'IdentityAgent=none',
        '-o',
        'GlobalKnownHostsFile=none',
        '-o',
        'UserKnownHostsFile=none',
      ],
      connectTimeout: 30_000,
      ...more,
    }),
    close: async () => {
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill()
      await ended
      rmSync(dir, { recursive: true })
      if (made) rmSync('/run/sshd', { recursive: true })
    },
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

const listening = (stderr: NodeJS.ReadableStream): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ''
    stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      if (said.includes('Server listening on 127.0.0.1')) resolve()
    })
    stderr.once('end', () => reject(new Error(`sshd did not start: ${said}`)))
  })
