import { computed, type Expr } from '../../../../engine/core/expr.js'
import { type AnyModule, defineModule } from '../../../../engine/core/module.js'
import { read, text } from '../../../../engine/core/read.js'
import type { Node, Play, Step } from '../../../../engine/core/step.js'
import { isDict, type Value } from '../../../../engine/core/value.js'
import { sh } from '../../../../engine/shell/quote.js'
import type { FakeHosts } from '../harness/fake-hosts.js'
import { act, setting } from '../harness/modules.js'
import { play, step } from '../harness/steps.js'

/** Steps whose looks hang on one another. Settings are files here: absent where they are empty. */

/** `stat`: what is there. */
const look = defineModule<{ readonly path: string }, string, never>({
  name: 'look',
  doc: 'A look.',
  kind: 'state',
  params: { type: 'object', properties: { path: { type: 'string' } } },
  writes: [],
  looks: ({ path }, now) => ({ at: [now === '' ? `${path}/` : path], absent: now === '' }),
  probe: ({ path }) => read(sh`get ${path}`, raw => text(raw.stdout)),
  plan: () => ({ changes: [] }),
  apply: async () => {},
  value: (_, now) => ({ exists: now !== '' }),
})

interface Guarded {
  readonly cmd: string
  readonly fail: boolean
  readonly creates: string
}

/** `command` with `creates`. */
const guarded: AnyModule = {
  ...act,
  name: 'guarded',
  looks: ({ creates }: Guarded, now: string) => ({ at: [now === '' ? `${creates}/` : creates], absent: false }),
  probe: ({ creates }: Guarded) => read(sh`get ${creates}`, raw => text(raw.stdout)),
  plan: (params: Guarded, now: string, facts) => (now === '' ? act.plan(params, now, facts) : { changes: [] }),
}

const writes = ({ key }: { readonly key: string }) => [key]

/** Refuses to replace what is there. */
const careful: AnyModule = {
  ...setting,
  name: 'careful',
  writes,
  plan: (params, seen: { readonly now: string; readonly after: string }, facts) =>
    seen.now === '' || seen.now === params.value
      ? setting.plan(params, seen, facts)
      : { refused: 'in-the-way', data: null },
}

const edit: AnyModule = { ...setting, name: 'edit', writes, parts: ({ value }: { readonly value: string }) => [value] }

/** `file` with `state: absent`: a setting and what is beneath it. */
const gone: AnyModule = {
  ...setting,
  name: 'gone',
  writes: ({ key }: { readonly key: string }) => [`${key}/`],
  clears: () => true,
}

/** Writes as `recurse` does, but does not mind what else is there. */
const tree: AnyModule = { ...gone, name: 'tree', clears: () => false }

export const modules = new Map<string, AnyModule>(
  [look, { ...setting, writes }, act, guarded, careful, edit, gone, tree].map(one => [one.name, one]),
)

export const put = (key: string, value = '1', more: Partial<Step> = {}): Step =>
  step(`${value === '' ? 'remove' : 'put'} ${key}`, 'setting', { key, value }, more)
export const lookAt = (path: string, more: Partial<Step> = {}): Step =>
  step(`look at ${path}`, 'look', { path }, { register: 'seen', ...more })

const exists = (seen: Value | undefined): Value => (isDict(seen) ? (seen.get('exists') ?? null) : null)
/** `when: seen.exists`, as templates see it: what a register does not say of itself is what it waits for. */
export const fieldOf = (seen: Value | undefined, not: boolean): Value => {
  if (isDict(seen) && !seen.has('exists') && 'rest' in seen) return seen.rest as Value
  return (exists(seen) === true) !== not
}
export const isThere: Expr = computed(['seen'], ([seen]) => fieldOf(seen, false))
export const isMissing: Expr = computed(['seen'], ([seen]) => fieldOf(seen, true))
export const dry = (one: FakeHosts, body: readonly Node[], more: Partial<Play> = {}) =>
  one.run([play(body, more)], { check: true, modules })

/** Steps after which it is not known whether /etc/a is there. */
export const before: readonly Step[] = [put('/etc/a'), lookAt('/etc/a')]
/** What came of those behind them, on the host a. */
export const after = (checked: FakeHosts): readonly string[] => checked.statuses('a').slice(before.length)
export const waitsFor = (checked: FakeHosts): readonly (string | undefined)[] =>
  checked.events.flatMap(event => (event.kind === 'step-ended' ? [event.waitsFor] : [])).slice(before.length)
export const meta = (action: string, when: Expr = isThere): Step => step(action, 'meta', { action }, { when: [when] })
