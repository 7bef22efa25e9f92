import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { isJsonObject, type JsonObject } from '../../../engine/core/json.js'
import type { AnyModule, Change, Plan, Probe } from '../../../engine/core/module.js'
import { modules } from '../../../engine/modules/index.js'
import { mayDiffer } from '../../../engine/run/dry-run/path-overlap.js'
import { moduleFiles } from '../../../scripts/lib/module-files.js'
import { filesUnder, root } from '../../../scripts/lib/project.js'
import { type Case, casesOf, expandSeen, hasCases, paramsOf, seenAfter } from '../../support/cases.js'

/** The texts of all reads of a probe. */
const texts = (probe: Probe<unknown>): readonly string[] =>
  probe.kind === 'read' ? [probe.sh] : Object.values(probe.of as Record<string, Probe<unknown>>).flatMap(texts)

const outcome = (plan: Plan<Change>): object =>
  'changes' in plan ? { changes: plan.changes } : 'needs' in plan ? { needs: plan.needs } : plan

/** Where its changes are, as far as they say so. */
const pathsIn = (plan: Plan<Change>): readonly string[] =>
  ('changes' in plan ? plan.changes : []).flatMap(change => {
    const { path, to } = change as Change & { readonly path?: string; readonly to?: string }
    return [path, to, change.diff?.path].filter(one => one?.startsWith('/') === true)
  }) as readonly string[]

/** Nothing in it is lost by JSON, except what is undefined. */
const isPlain = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(isPlain)
  if (typeof value === 'object' && value !== null) {
    return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain)
  }
  return ['string', 'boolean', 'undefined'].includes(typeof value) || value === null || Number.isFinite(value)
}

const run = (module: AnyModule, row: Case): void => {
  t.test(`${row.file}: ${row.name}`, async t => {
    const params = paramsOf(module, row.params, row.prepared)
    const facts = row.facts ?? {}
    const seen = expandSeen(row.seen)
    for (const text of texts(module.probe(params, facts))) t.type(text, 'string')
    const plan = module.plan(params, seen, facts) as Plan<Change>
    if (row.needs !== undefined) {
      t.match(outcome(plan), { needs: row.needs })
      const path = /^(?:file|directory) (?<path>\S+)/.exec(row.needs)?.groups?.['path']
      const at = 'needs' in plan ? (plan.at ?? []) : []
      if (path !== undefined) t.ok(mayDiffer({ at, absent: true }, [path]), `it says that it needs ${path}`)
    }
    if (row.refused !== undefined) {
      t.match(outcome(plan), { refused: row.refused, ...(row.data === undefined ? {} : { data: row.data }) })
      const code = 'refused' in plan ? module.messages?.codes[plan.refused] : undefined
      const message = code?.('data' in plan ? plan.data : null)
      t.ok(message !== undefined && message.remedy !== '', 'the refusal has a remedy')
      if (row.says !== undefined) t.equal(message?.what, row.says)
    } else if (row.needs === undefined) {
      t.match(outcome(plan), { changes: row.changes ?? [] })
      t.equal('changes' in plan ? plan.changes.length : undefined, (row.changes ?? []).length, 'as many changes')
    }
    t.ok(isPlain(plan), 'a plan is plain JSON')
    if (row.value !== undefined) t.match(module.value?.(params, seen, row.applied ?? []), row.value)
    const writes = typeof module.writes === 'function' ? module.writes(params, seen) : module.writes
    if (row.writes !== undefined) t.same(writes ?? 'anything', row.writes, 'what it would write')
    for (const path of pathsIn(plan))
      t.ok(mayDiffer({ at: [path], absent: true }, writes), `it says that it writes ${path}`)
    if (row.looks !== undefined) t.same(module.looks?.(params, seen) ?? 'nothing', row.looks, 'what it looks at')
    const after = seenAfter(seen, plan)
    if (after !== undefined && row.repeats !== true) {
      t.same(outcome(module.plan(params, after, facts)), { changes: [] }, 'converged once it is written')
    }
  })
}

const folder = 'engine/modules/'
const defining = new Set(moduleFiles().map(({ file }) => folder + file))
const sourcesOf = (files: readonly string[]): readonly string[] =>
  files.map(file => readFileSync(join(root, file), 'utf8'))
const ownSources = sourcesOf([...defining])
const sharedSources = sourcesOf(filesUnder(folder).filter(file => !defining.has(file)))
const ownSource = (module: AnyModule): string =>
  ownSources.find(source => source.includes(`name: '${module.name}'`)) ?? ''

const propertiesOf = (module: AnyModule): readonly (readonly [string, JsonObject])[] =>
  Object.entries(module.params['properties'] as { readonly [name: string]: JsonObject })

for (const module of modules) {
  t.test(`${module.name}: what every module has`, async t => {
    t.ok(/^[^\n]+\.(\n|$)/.test(module.doc), 'the doc begins with one sentence')
    const examples = parse(module.examples ?? '') as unknown
    t.ok(Array.isArray(examples) && examples.length > 0, 'examples')
    for (const task of Array.isArray(examples) ? (examples as JsonObject[]) : []) {
      const key = [module.name, ...(module.aliases ?? [])].find(name => name in task)
      t.ok(key !== undefined, 'the example is about the module')
      const given = task[key ?? ''] ?? {}
      const args = isJsonObject(task['args']) ? task['args'] : {}
      const params = { ...args, ...(isJsonObject(given) ? given : { [module.freeForm ?? '']: given }) }
      t.doesNotThrow(() => paramsOf(module, params))
    }
    for (const [name, property] of propertiesOf(module)) {
      t.type(property['description'], 'string', `${name} is described`)
    }
    t.ok(hasCases(module.name), `test/cases/${module.name}`)
  })

  t.test(`${module.name}: no property that nothing uses`, async t => {
    for (const [name, property] of propertiesOf(module)) {
      const source = [ownSource(module), ...sharedSources].join('\n')
      const uses = source.split(new RegExp(`\\b${name}\\b`)).length - 1
      const saidSo = /no effect/.test(String(property['description']))
      t.ok(uses > 1 || saidSo, `${name} does something, or its description says that it has no effect`)
    }
  })

  if (hasCases(module.name)) for (const row of casesOf(module.name)) run(module, row)
}

t.test('names and aliases are each used once', async t => {
  const names = modules.flatMap(module => [module.name, ...(module.aliases ?? [])])
  t.same(names.length, new Set(names).size)
})
