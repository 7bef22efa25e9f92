import { spawn } from 'node:child_process'
import { ApplyFailed, NotObserved } from '../../engine/core/failure.js'
import type { Json } from '../../engine/core/json.js'
import type {
  Change,
  Facts,
  Module,
  Plan,
  Probe,
  PutOptions,
  Raw,
  Read,
  RunOptions,
  Session,
  SharedValue,
} from '../../engine/core/module.js'
import { text } from '../../engine/core/read.js'
import { putScript } from '../../engine/run/machine/atomic-write.js'
import { command, sh } from '../../engine/shell/quote.js'

/** What a module did to a host, step by step. */
export interface Run<O, C> {
  readonly seen: O
  readonly plan: Plan<C>
  readonly applied: readonly Json[]
  /** The plan after the changes: empty when the module converges. */
  readonly again: Plan<C>
  readonly value: Json | undefined
}

/**
 * A host that modules can be tried on without the engine: each command is a shell of its own.
 * @param shell how to start a POSIX shell there: `['/bin/sh']` here, `['nsenter', …, '/bin/sh']` in a lab host
 */
export class LocalHost implements Session {
  readonly host = 'localhost'

  constructor(
    readonly shellArgv: readonly string[] = ['/bin/sh'],
    readonly environment: { readonly [name: string]: string } = {},
  ) {}

  run(argv: readonly string[], options: RunOptions = {}): Promise<Raw> {
    return this.shell(command(argv), options)
  }

  async shell(shellText: string, options: RunOptions = {}): Promise<Raw> {
    const env = Object.entries(options.env ?? {}).map(([name, value]) => sh`export ${name}=${value}; `)
    const cwd = options.cwd === undefined ? '' : sh`cd ${options.cwd} || exit; `
    const raw = await this.#start(`${env.join('')}${cwd}eval ${command([shellText])}`, options.stdin)
    const ok = options.ok ?? [0]
    if (ok !== 'any' && !ok.includes(raw.rc)) throw new ApplyFailed(shellText, raw)
    return raw
  }

  long(_name: string, argv: readonly string[], options: RunOptions = {}): Promise<Raw> {
    return this.run(argv, options)
  }

  async put(path: string, body: Uint8Array | string, options: PutOptions = {}): Promise<string | undefined> {
    const raw = await this.shell(putScript(path, options), { stdin: body })
    return text(raw.stdout).trim() || undefined
  }

  shared<T extends Json>(ref: SharedValue<T>): Promise<T> {
    return ref.make(this)
  }

  async reconnect(): Promise<void> {}

  progress(): void {}

  /** Reads as the engine does, without a batch. @throws NotObserved */
  async observe<T>(probe: Probe<T>): Promise<T> {
    if (probe.kind === 'read') return this.#read(probe)
    const entries = Object.entries(probe.of) as [string, Probe<unknown>][]
    const seen = await Promise.all(entries.map(async ([name, one]) => [name, await this.observe(one)] as const))
    return Object.fromEntries(seen) as T
  }

  async #read<T>(one: Read<T>): Promise<T> {
    const raw = await this.#start(`eval ${command([one.sh])}`, undefined)
    try {
      return one.parse(raw)
    } catch (error) {
      if (error instanceof NotObserved) error.message = `${error.message}: rc ${raw.rc}: ${text(raw.stderr)}`
      throw error
    }
  }

  /** Looks, plans, applies, looks again. */
  async converge<P, O, C extends Change>(module: Module<P, O, C>, params: P, facts: Facts = {}): Promise<Run<O, C>> {
    const seen = await this.observe(module.probe(params, facts))
    const plan = module.plan(params, seen, facts)
    const applied: Json[] = []
    for (const change of 'changes' in plan ? plan.changes : []) {
      applied.push((await module.apply(JSON.parse(JSON.stringify(change)) as C, params, this)) ?? null)
    }
    const after = await this.observe(module.probe(params, facts))
    return {
      seen,
      plan,
      applied,
      again: module.plan(params, after, facts),
      value: module.value?.(params, applied.length === 0 ? seen : after, applied),
    }
  }

  #start(script: string, stdin: Uint8Array | string | undefined): Promise<Raw> {
    const [file = '/bin/sh', ...args] = this.shellArgv
    return new Promise((resolve, reject) => {
      const child = spawn(file, [...args, '-c', script], { env: { ...process.env, ...this.environment } })
      const stdout: Buffer[] = []
      const stderr: Buffer[] = []
      child.stdout.on('data', chunk => stdout.push(chunk))
      child.stderr.on('data', chunk => stderr.push(chunk))
      child.stdin.on('error', () => {})
      child.on('error', reject)
      child.on('close', (code, signal) =>
        resolve({
          rc: code ?? (signal === null ? 255 : 137),
          stdout: Buffer.concat(stdout),
          stderr: Buffer.concat(stderr),
        }),
      )
      child.stdin.end(stdin ?? '')
    })
  }
}
