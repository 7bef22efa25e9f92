import { spawn } from 'node:child_process'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabProblem } from '../../support/problem.js'
import { identify, isAlive, type ProcessId } from './process.js'
import { PROCESS_HEADER, type ServerConfig } from './server.js'

const MAIN = join(import.meta.dirname, 'server-main.js')

/** What is kept about a server that was started: who it is, and with what. */
interface Started {
  readonly process: ProcessId
  readonly config: ServerConfig
}

const paths = (stateDir: string) => ({
  config: join(stateDir, 'server.config.json'),
  started: join(stateDir, 'server.json'),
  log: join(stateDir, 'server.log'),
})

/** Sees to it that a server with this configuration runs; one with another configuration is ended first. */
export async function startServer(stateDir: string, config: ServerConfig): Promise<void> {
  const running = await current(stateDir)
  if (running && JSON.stringify(running.config) === JSON.stringify(config) && (await answers(running))) return
  await stopServer(stateDir)
  const { config: configPath, started, log } = paths(stateDir)
  await mkdir(stateDir, { recursive: true })
  await writeFile(configPath, JSON.stringify(config))
  const output = await open(log, 'a')
  const child = spawn(process.execPath, [MAIN, configPath], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  })
  child.unref()
  await output.close()
  if (child.pid === undefined) throw new Error(`cannot start ${process.execPath}`)
  const now: Started = { process: await identify(child.pid), config }
  await writeFile(started, JSON.stringify(now))
  await until(async () => (await answers(now)) || child.exitCode !== null)
  if (!(await answers(now))) throw await cannotServe(stateDir, config)
}

/** Ends the server that was started with this folder, and no other; nothing to do when there is none. */
export async function stopServer(stateDir: string): Promise<void> {
  const running = await current(stateDir)
  if (running) {
    const { pid } = running.process
    process.kill(pid, 'SIGTERM')
    await until(async () => !(await isAlive(running.process)), 3_000)
    if (await isAlive(running.process)) process.kill(pid, 'SIGKILL')
  }
  await rm(paths(stateDir).started, { force: true })
}

async function current(stateDir: string): Promise<Started | undefined> {
  const text = await readFile(paths(stateDir).started, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const started = JSON.parse(text) as Started
  return (await isAlive(started.process)) ? started : undefined
}

/** The server says which process it is: another program on the same port is not taken for it. */
async function answers({ process, config }: Started): Promise<boolean> {
  const url = `http://${config.address}:${config.port}/v2/`
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
  return response?.headers.get(PROCESS_HEADER) === String(process.pid)
}

async function cannotServe(stateDir: string, { address, port }: ServerConfig): Promise<LabProblem> {
  const log = await readFile(paths(stateDir).log, 'utf8').catch(() => '')
  return new LabProblem(
    `the mirror does not answer on http://${address}:${port}:\n${log.trimEnd().split('\n').slice(-5).join('\n')}`,
    `see who has the port («ss -ltnp sport = :${port}») and that ${address} is an address of this machine`,
  )
}

async function until(done: () => Promise<boolean>, timeout = 10_000): Promise<void> {
  for (const end = Date.now() + timeout; Date.now() < end && !(await done()); ) await sleep(50)
}
