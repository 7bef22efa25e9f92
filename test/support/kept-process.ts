/** The program of the process in which `kept` of tkplay.ts runs the CLI again and again; it is told by messages what to run. */
import { readdirSync, rmSync } from 'node:fs'
import { $ } from 'zx/core'
import { main } from '../../engine/cli/main.js'

export interface Ask {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: { readonly [name: string]: string | undefined }
  /** Notes on this machine that are to be gone first. */
  readonly forget?: string
}

/** `Ran` in tkplay.ts, which imports this file. */
interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const heard = ['uncaughtException', 'unhandledRejection', 'exit', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGCONT'] as const
const before = new Map(heard.map(name => [name, new Set(process.listeners(name as 'exit'))]))

/** What a process of its own would not have: the listeners of the run before. */
const forgetListeners = (): void => {
  for (const [name, known] of before) {
    for (const one of process.listeners(name as 'exit')) if (!known.has(one)) process.off(name, one)
  }
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error')
}

const run = async ({ args, cwd, env, forget }: Ask): Promise<Answer> => {
  if (forget !== undefined) for (const name of readdirSync(forget)) rmSync(`${forget}/${name}`, { recursive: true })
  process.chdir(cwd)
  // zx goes by the folder in which it was loaded.
  $.cwd = cwd
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name]
  Object.assign(process.env, env)
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (chunk: Uint8Array | string, ...rest: readonly unknown[]) => {
      said[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
      const written = rest.at(-1)
      if (typeof written === 'function') process.nextTick(written)
      return true
    }
  }
  const code = await main([process.execPath, 'tkplay', ...args])
  forgetListeners()
  return { code, ...said }
}

process.on('message', (ask: Ask) => void run(ask).then(ran => process.send?.(ran)))
process.on('disconnect', () => process.exit())
