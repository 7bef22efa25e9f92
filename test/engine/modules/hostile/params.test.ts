import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { NotObserved, TkplayError } from '../../../../engine/core/failure.js'
import { isJsonObject, type JsonObject } from '../../../../engine/core/json.js'
import type { AnyModule } from '../../../../engine/core/module.js'
import { read } from '../../../../engine/core/read.js'
import { modules } from '../../../../engine/modules/index.js'
import { paramsOf } from '../../../support/cases.js'
import { LocalHost } from '../../../support/local-host.js'
import { controller, rejection } from '../../../support/real.js'

t.setTimeout(300_000)

const folder = mkdtempSync(join(tmpdir(), 'tkplay-params-'))
const canary = join(folder, 'canary')
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const host = new LocalHost(['/bin/sh'], { TKPLAY_WAIT: '0' })

const names: readonly string[] = [
  '$(touch x)',
  '`x`',
  "it's",
  '"q"',
  'a\nb',
  'a\\tb',
  '\\0',
  '-rf',
  '--',
  '%s%n',
  '*',
  ' x ',
  '\u0001\u001b[31m',
  'n'.repeat(255),
]

/** Would make the canary if any part of it reached a shell unquoted, or ended a quoted word. */
const injection = ['', "'", '"', '\n', '|', '&']
  .map(end => `${end}; touch ${canary}; ${end}$(touch ${canary})\`touch ${canary}\``)
  .join('')
const hostile: readonly string[] = [injection, `${folder}/${injection}`, '-rf --\\n\\0%s%n *', `/${'é'.repeat(2048)}`]

/** The parameters of the first task of the examples. */
const exampleOf = (module: AnyModule): JsonObject => {
  const [task] = (parse(module.examples ?? '') ?? []) as readonly JsonObject[]
  const given = Object.entries(task ?? {}).find(([key]) => key === module.name)?.[1]
  if (isJsonObject(given)) return given
  return module.freeForm === undefined || typeof given !== 'string' ? {} : { [module.freeForm]: given }
}

const properties = (module: AnyModule): readonly (readonly [string, JsonObject])[] =>
  Object.entries((module.params['properties'] ?? {}) as { readonly [name: string]: JsonObject })

/** Shell text of the author's by its meaning. */
const isShell = (module: AnyModule, name: string): boolean =>
  ['command', 'shell'].includes(module.name) && ['unless', 'cmd'].includes(name)

/** Takes any text, or a list of it: what a play, an inventory or a host's own answer may put there. */
const isFree = ([, schema]: readonly [string, JsonObject]): boolean =>
  [schema['type']].flat().some(type => type === 'string' || type === 'array') &&
  !['enum', 'pattern', 'format'].some(word => word in schema)

const isExpected = (error: unknown): boolean =>
  error === undefined || error instanceof NotObserved || error instanceof TkplayError

/** None where a parameter does not take it. */
const valid = (module: AnyModule, given: JsonObject): JsonObject | undefined => {
  try {
    return paramsOf(module, given)
  } catch {
    return undefined
  }
}

let asked = 0

for (const module of modules) {
  t.test(`${module.name}: no text of a parameter is taken for shell`, async t => {
    const free = properties(module)
      .filter(isFree)
      .map(([name]) => name)
      .filter(name => !isShell(module, name))
    for (const name of free) {
      for (const value of hostile) {
        const said = `${name}: ${value.slice(0, 40)}`
        const example = exampleOf(module)
        const params = valid(module, { ...example, [name]: value }) ?? valid(module, { ...example, [name]: [value] })
        if (params === undefined) continue
        const prepared = await Promise.resolve(module.prepare?.(params as never, controller({}))).catch(() => undefined)
        const error = await rejection(host.observe(module.probe((prepared ?? params) as never, {})))
        if (!isExpected(error)) t.fail(`${said}: ${error}`)
        if (existsSync(canary)) t.fail(`${said} was executed`)
        rmSync(canary, { force: true })
        asked++
      }
    }
  })
}

t.test('what is taken for shell would be found', async t => {
  t.ok(asked > 200, `${asked} reads`)
  for (const value of hostile.slice(0, 2)) {
    for (const text of [`printf %s ${value}`, `printf %s '${value}'`, `printf %s "${value}"`]) {
      await host.observe(read(text, () => undefined))
      t.ok(existsSync(canary))
      rmSync(canary, { force: true })
    }
  }
})

/** How a module that is given the path of a file makes one, or works on one that is there. */
const writers: { readonly [module: string]: JsonObject | string } = {
  blockinfile: { path: '', block: 'x', create: true },
  copy: { dest: '', content: 'x' },
  file: { path: '', state: 'touch', modification_time: 'preserve', access_time: 'preserve' },
  lineinfile: { path: '', line: 'x', create: true },
  replace: { path: '', regexp: '^', replace: 'x' },
  template: { dest: '', src: 'text.j2' },
  get_url: 'places as copy does; what it fetches comes over the network',
  uri: 'places as copy does; what it fetches comes over the network',
  containerd_config: 'sets keys of TOML that containerd must have written',
  mount: 'the path is a place to mount on',
  stat: 'only looks',
  wait_for: 'only looks',
}

t.test('each module that is given the path of a file works on that file and no other', async t => {
  const given = modules.filter(module => properties(module).some(([name]) => name === 'path' || name === 'dest'))
  t.strictSame(given.map(({ name }) => name).sort(), Object.keys(writers).sort(), 'say here how it is done, or why not')
  for (const module of given) {
    const how = writers[module.name]
    if (!isJsonObject(how)) continue
    for (const [number, name] of names.entries()) {
      const at = join(folder, `${module.name}-${number}`)
      mkdirSync(at)
      writeFileSync(join(at, 'other'), 'other')
      if (module.name === 'replace') writeFileSync(join(at, name), 'text\n')
      const key = 'path' in how ? 'path' : 'dest'
      const params = paramsOf(module, { ...how, [key]: join(at, name) })
      const prepared = (await module.prepare?.(params, controller({ 'text.j2': 'x' }))) ?? params
      const run = await host.converge(module, prepared as never)
      const what = `${module.name}: ${JSON.stringify(name)}`
      t.equal('changes' in run.plan && run.plan.changes.length, 1, what)
      t.strictSame(readdirSync(at).sort(), [name, 'other'].sort(), what)
      t.equal(readFileSync(join(at, 'other'), 'utf8'), 'other', what)
    }
  }
})
