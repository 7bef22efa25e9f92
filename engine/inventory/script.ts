import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { endTree, outputLimit, whyNoOutput } from '../config/files/programs.js'
import { parseJson } from '../config/json.js'
import { ConfigError } from '../core/failure.js'
import { isJsonObject, type Json } from '../core/json.js'
import type { Source } from '../core/source.js'
import { fromJson } from '../core/value.js'
import type { Builder, GroupEntry } from './builder.js'

/** Time limits for one call of an inventory script, in ms. A script that queries a cloud may take long. */
export interface Patience {
  /** After this time the user is told that tkplay waits for the script. */
  readonly said: number
  readonly ended: number
}

const usual: Patience = { said: 10_000, ended: 120_000 }

/**
 * Reads an executable that prints JSON. `--list` prints groups, and all variables of hosts in `_meta.hostvars`; without
 * `_meta`, `--host NAME` is called for each host. @throws ConfigError with the script's standard error
 */
export const readScript = async (file: string, builder: Builder, patience = usual): Promise<void> => {
  const ask: Ask = args => answer(file, args, patience, builder.say)
  const list = await ask(['--list'])
  const source = { file, line: 1, col: 1 }
  const meta = isJsonObject(list['_meta']) ? list['_meta']['hostvars'] : undefined
  for (const [name, value] of Object.entries(list)) {
    if (name === '_meta') continue
    group(builder.define(name, source), value, file, builder)
  }
  const known = isJsonObject(meta)
    ? meta
    : await askEach(
        ask,
        [...builder.hosts.values()].filter(host => host.file === file).map(host => host.name),
      )
  for (const [name, vars] of Object.entries(known)) {
    if (!isJsonObject(vars)) continue
    for (const host of builder.addHosts(name, source, undefined)) {
      for (const [key, value] of Object.entries(vars)) builder.setHostVar(host, key, { value: fromJson(value), source })
    }
  }
}

const group = (entry: GroupEntry, value: Json, file: string, builder: Builder): void => {
  const source = { file, line: 1, col: 1 }
  const { hosts, children, vars } = isJsonObject(value) ? value : { hosts: value, children: [], vars: {} }
  for (const host of strings(hosts, 'hosts', entry, source)) builder.addHosts(host, source, entry)
  for (const child of strings(children, 'children', entry, source)) {
    entry.children.add(child)
    builder.define(child, source)
  }
  for (const [name, one] of Object.entries(isJsonObject(vars) ? vars : {}))
    entry.vars.set(name, { value: fromJson(one), source })
}

/** @throws ConfigError where the value is not a list, since its hosts would be silently missing */
const strings = (
  value: Json | undefined,
  key: 'hosts' | 'children',
  { name }: GroupEntry,
  source: Source,
): readonly string[] => {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map(String)
  throw new ConfigError({
    message: `the inventory script gives '${key}' of the group '${name}' as something else than a list`,
    source,
    hint: `print {"${name}": {"${key}": ["…"]}}; variables of hosts go under _meta.hostvars`,
  })
}

/** Calls `--host` for each host, four at a time: such scripts are slow, and each call starts a process. */
const askEach = async (ask: Ask, hosts: readonly string[]): Promise<{ readonly [host: string]: Json }> => {
  const answers: { [host: string]: Json } = {}
  const waiting = [...hosts]
  const worker = async () => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift())
      answers[host] = await ask(['--host', host])
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  return answers
}

type Ask = (args: readonly string[]) => Promise<{ readonly [name: string]: Json }>

const answer = async (
  file: string,
  args: readonly string[],
  patience: Patience,
  say: Builder['say'],
): ReturnType<Ask> => {
  const call = `${file} ${args.join(' ')}`
  const fail = (message: string, hint: string) => new ConfigError({ message, source: { file, line: 1, col: 1 }, hint })
  const { error, stdout, stderr } = await run(file, args, patience, () =>
    say(`waiting for the inventory script: ${call}`),
  )
  if (error !== undefined) {
    const said = stderr.trim().split('\n').slice(-3).join('\n')
    throw fail(`the inventory script failed: ${error}${said === '' ? '' : `: ${said}`}`, `try it: ${call}`)
  }
  try {
    const given = parseJson(stdout)
    if (isJsonObject(given)) return given
  } catch {
    // reported below, like an answer that is not an object
  }
  throw fail('the inventory script did not print a JSON object', `try it: ${call}`)
}

const run = (
  file: string,
  args: readonly string[],
  patience: Patience,
  isSlow: () => void,
): Promise<{ readonly error?: string; readonly stdout: string; readonly stderr: string }> =>
  new Promise(done => {
    let isLate = false
    const child = execFile(resolve(file), [...args], { maxBuffer: outputLimit }, (error, stdout, stderr) => {
      for (const timer of timers) clearTimeout(timer)
      if (error === null) return done({ stdout, stderr })
      const why = isLate
        ? `no answer in ${patience.ended / 1000} s`
        : (whyNoOutput(error) ??
          (typeof error.code === 'number' ? `exit code ${error.code}` : `ended by ${error.signal}`))
      done({ error: why, stdout, stderr })
    })
    const timers = [
      setTimeout(isSlow, patience.said),
      setTimeout(() => {
        isLate = true
        if (child.pid !== undefined) endTree(child.pid)
        // A process that does not end would keep the streams open.
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, patience.ended),
    ]
  })
