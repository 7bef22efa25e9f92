import { spawn } from 'node:child_process'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabProblem } from '../problem.js'
import { identify, isAlive, type ProcessId } from './process.js'
import type { ServerConfig } from './server.js'

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
  if (running && JSON.stringify(running.config) === JSON.stringify(config) && (await answers(config))) return
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
  await writeFile(started, JSON.stringify({ process: await identify(child.pid), config } satisfies Started))
  await until(async () => (await answers(config)) || child.exitCode !== null)
  if (!(await answers(config))) throw await cannotServe(stateDir, config)
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

async function answers({ address, port }: ServerConfig): Promise<boolean> {
  const response = await fetch(`http://${address}:${port}/v2/`, { signal: AbortSignal.timeout(2_000) }).catch(
    () => undefined,
  )
  return response?.headers.get('docker-distribution-api-version') === 'registry/2.0'
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
