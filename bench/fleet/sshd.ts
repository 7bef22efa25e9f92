import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensurePackages } from '../../lab/machine/packages.js'
import { LabProblem } from '../../lab/support/problem.js'
import { sh } from '../../lab/support/shell.js'
import type { Fleet, Target } from '../configs.js'
import type { Bench } from '../item.js'

/**
 * Starts one sshd that listens on all of 127.0.0.0/8, which counts as any number of hosts. Port, keys, and a home
 * folder without a profile are this run's own: starting a heavy shell would be measured otherwise.
 */
export const startFleet = async (count: number, dir: string, { undo, log, signal }: Bench): Promise<Fleet> => {
  signal.throwIfAborted()
  await ensurePackages(['openssh-client', 'openssh-server', 'procps'], log)
  const at = (name: string): string => join(dir, name)
  const home = at('home')
  await mkdir(home)
  // sshd does not start without this folder. It is not removed, since another sshd may need it by then.
  await mkdir('/run/sshd', { recursive: true })
  for (const key of ['host_key', 'id'])
    await sh`ssh-keygen -q -t ed25519 -N ${''} -C ${`tkplay-bench-${key}`} -f ${at(key)}`
  const targets = addresses(count, await freePort())
  await writeFile(at('known_hosts'), knownHostsText(targets, await readFile(at('host_key.pub'), 'utf8')))
  await writeFile(at('sshd_config'), sshdConfigText(at, targets[0]?.port ?? 0, home))
  const server = spawn('/usr/sbin/sshd', ['-D', '-f', at('sshd_config'), '-E', at('sshd.log')], { stdio: 'ignore' })
  undo.push('the sshd of the fleet', async () => {
    if (server.exitCode === null && server.signalCode === null && server.kill()) await once(server, 'exit')
  })
  await answers(targets, at('sshd.log'))
  return { targets, user: 'root', key: at('id'), knownHosts: at('known_hosts') }
}

/** Addresses from 127.0.1.1 on. */
export const addresses = (count: number, port: number): readonly Target[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `host${String(at + 1).padStart(3, '0')}`,
    address: `127.0.${1 + Math.floor(at / 250)}.${1 + (at % 250)}`,
    port,
  }))

/** One line for each address, since not every client supports patterns. */
export const knownHostsText = (targets: readonly Target[], hostKey: string): string => {
  const key = hostKey.split(' ').slice(0, 2).join(' ')
  return targets.map(({ address, port }) => `[${address}]:${port} ${key}\n`).join('')
}

/** The port is open to the network, so sshd accepts logins from this machine only, and only with this run's key. */
const sshdConfigText = (at: (name: string) => string, port: number, home: string): string => `Port ${port}
ListenAddress 0.0.0.0
MaxStartups 2000
MaxSessions 50
HostKey ${at('host_key')}
PidFile none
AuthorizedKeysFile ${at('id.pub')}
AuthenticationMethods publickey
PermitRootLogin prohibit-password
AllowUsers root@127.0.0.0/8
StrictModes no
UsePAM no
PrintMotd no
PrintLastLog no
SetEnv HOME=${home}
`

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '0.0.0.0')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

const answers = async ([first]: readonly Target[], log: string): Promise<void> => {
  for (let tries = 0; first !== undefined && tries < 100; tries++) {
    if (await opens(first)) return
    await sleep(50)
  }
  throw new LabProblem(
    `sshd does not answer:\n${(await readFile(log, 'utf8').catch(() => '')).trim()}`,
    'see what it says, and start the bench again',
  )
}

const opens = ({ address, port }: Target): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, address)
    socket
      .once('data', () => resolve(true))
      .once('close', () => resolve(false))
      .once('error', () => resolve(false))
    socket.once('data', () => socket.destroy())
  })
