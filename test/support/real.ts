import { stat } from 'node:fs/promises'
import type { Test } from 'tap'
import type { JsonObject } from '../../engine/core/json.js'
import type { AnyModule, Controller } from '../../engine/core/module.js'
import { modules } from '../../engine/modules/index.js'
import { paramsOf } from './cases.js'
import { LocalHost, type Run } from './local-host.js'

/** Modules on this machine, in a folder of its own: from bare, again, after drift. */
export const host = new LocalHost()

export const named = (name: string): AnyModule => {
  const module = modules.find(one => one.name === name)
  if (module === undefined) throw new Error(`no module ${name}`)
  return module
}

export const controller = (files: { readonly [path: string]: string | Uint8Array }): Controller => ({
  find: async (_kind, name) => name.replace(/\/$/, ''),
  read: async path => Buffer.from(files[path] ?? ''),
  template: async path => String(files[path] ?? '').replaceAll('{{ name }}', 'kim'),
  stat: async path => ({ kind: path in files ? 'file' : 'directory', mode: path in files ? 0o640 : 0o755, size: 0 }),
  link: async () => undefined,
  real: async path => path,
  list: async path => [
    ...new Set(
      Object.keys(files)
        .filter(one => one.startsWith(`${path}/`))
        .map(one => one.slice(path.length + 1).split('/')[0] ?? ''),
    ),
  ],
})

export const converge = async (name: string, given: JsonObject, files = {}): Promise<Run<unknown, never>> => {
  const module = named(name)
  const params = paramsOf(module, given)
  const prepared = (await module.prepare?.(params, controller(files))) ?? params
  return host.converge(module, prepared) as Promise<Run<unknown, never>>
}

export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    error => error,
  )

/** How many changes; what it needs or refuses instead. */
export const done = ({ plan }: Run<unknown, never>): number | string =>
  'changes' in plan ? plan.changes.length : 'needs' in plan ? plan.needs : plan.refused

export const settled = (run: Run<unknown, never>): boolean => 'changes' in run.again && run.again.changes.length === 0

/** Applies twice: the first brings `changes` changes and converges, the second none. */
export const fromBareThenAgain = async (
  t: Test,
  name: string,
  given: JsonObject,
  changes: number,
  files = {},
): Promise<void> => {
  const first = await converge(name, given, files)
  t.equal(done(first), changes, `${name}: changes from bare`)
  t.ok(settled(first), `${name}: converges`)
  t.equal(done(await converge(name, given, files)), 0, `${name}: nothing to do again`)
}

export const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8)
