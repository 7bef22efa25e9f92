import t from 'tap'
import { computed, constant, type Expr } from '../../../../engine/core/expr.js'
import type { Node, Step } from '../../../../engine/core/step.js'
import { Unknown, type Value } from '../../../../engine/core/value.js'
import { rank } from '../../../../engine/core/vars.js'
import type { RunInput } from '../../../../engine/run/input.js'
import { dataLayer } from '../../../../engine/run/variables/scope.js'
import { compileCondition, templateEnv } from '../../../../engine/template/index.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { loader } from '../harness/loader.js'
import { play, step } from '../harness/steps.js'

/** What a dry run says of registers and facts of steps of which it is not known how, or whether, they run. */

const env = templateEnv()
const holds = (text: string): readonly Expr[] => [compileCondition(text, undefined, env)]
const make = (more: Partial<Step> = {}): Step => step('make', 'act', { cmd: 'make' }, { register: 'made', ...more })
const later = holds('made.stdout == "x"')

/** Whether a dry run knows after these steps that the condition holds. */
const after = async (
  body: readonly Node[],
  condition: string,
  more: Partial<RunInput> = {},
): Promise<boolean | 'unknown'> => {
  const checked = fakeHosts(['a'])
  const last = step('last', 'debug', { msg: 'it holds' }, { when: holds(condition) })
  await checked.run([play([...body, last])], { ...more, check: true })
  const status = checked.statuses('a').at(-1)?.split(' ')[0] ?? 'none'
  return status === 'unknown' ? 'unknown' : status === 'ok'
}

const ask = async (
  t: { equal(found: unknown, wanted: unknown, message: string): boolean },
  body: readonly Node[],
  answers: { readonly [condition: string]: boolean | 'unknown' },
  more: Partial<RunInput> = {},
): Promise<void> => {
  for (const [condition, answer] of Object.entries(answers))
    t.equal(await after(body, condition, more), answer, condition)
}

t.test('a step that would change something is not skipped, and fails only where that is forgiven', async t => {
  await ask(t, [make()], {
    'made is changed': true,
    'made.failed': false,
    'made is skipped': false,
    'made.skipped is not defined': true,
    'made.stdout is defined': 'unknown',
  })
  await ask(t, [make({ ignoreErrors: constant(true) })], { 'made is failed': 'unknown', 'made is changed': true })
  await ask(t, [make({ ignoreErrors: constant(false) })], { 'made is failed': false })
  const never = { ignoreErrors: constant(true), failedWhen: [constant(false)] }
  await ask(t, [make(never)], { 'made is failed': false })
})

t.test('a step of which it is not known whether it runs may be skipped', async t => {
  const body = [make(), make({ register: 'second', when: later, ignoreErrors: constant(true) })]
  await ask(t, body, { 'second is skipped': 'unknown', 'second is changed': 'unknown', 'second is failed': 'unknown' })
})

t.test('a loop has changed, failed or skipped what its items have, as far as that is known', async t => {
  const items = (...all: readonly number[]) => ({
    loop: { items: constant(all), variable: 'item', kind: 'list' as const },
  })
  const perhaps = make({ register: 'each', when: later, ...items(1, 2) })
  await ask(t, [make(), perhaps], {
    'each is changed': 'unknown',
    'each is skipped': 'unknown',
    'each is failed': false,
  })
  const one = make({ register: 'each', when: holds('item == 1 or made.stdout == "x"'), ...items(1, 2) })
  await ask(t, [make(), one], { 'each is changed': true, 'each is skipped': false })
  const forgiven = make({ register: 'each', ignoreErrors: constant(true), ...items(1) })
  await ask(t, [forgiven], { 'each is failed': 'unknown' })
})

t.test('a fact that is perhaps set is not known, nor whether it is there', async t => {
  const set = (value: string, more: Partial<Step> = {}): Step => step(`set ${value}`, 'set_fact', { fact: value }, more)
  const unknownLoop = {
    loop: { items: computed([], () => new Unknown('something to run')), variable: 'item', kind: 'list' as const },
  }
  for (const more of [{ when: later }, unknownLoop]) {
    await ask(t, [make(), set('new', more)], { 'fact == "new"': 'unknown', 'fact is defined': 'unknown' })
    await ask(t, [make(), set('old'), set('new', more)], { 'fact == "old"': 'unknown', 'fact is defined': true })
  }
  await ask(t, [make(), set('old'), set('new', { ...unknownLoop, when: [constant(false)] })], { 'fact == "old"': true })
  await ask(t, [make(), set('new', { when: later }), set('last')], { 'fact == "last"': true })
})

t.test('so is what is perhaps read from a file of variables', async t => {
  const withFile = {
    ...loader,
    includeVars: async (_: Step, params: ReadonlyMap<string, Value>) => {
      if (params.get('file') === 'missing.yml') throw new Error('no such file')
      return dataLayer(rank.includeVars, 'file', [['port', 80]])
    },
  }
  const include = (file: string, more: Partial<Step> = {}): Step => step(`read ${file}`, 'include_vars', { file }, more)
  const perhaps = include('port.yml', { when: later })
  await ask(t, [make(), perhaps], { 'port == 80': 'unknown', 'port is defined': 'unknown' }, { loader: withFile })
  await ask(
    t,
    [make(), include('port.yml'), perhaps],
    { 'port == 80': 'unknown', 'port is defined': true },
    { loader: withFile },
  )
  const which = computed(['made'], () => new Map([['file', new Unknown('the name')]]))
  const any = step('read any', 'include_vars', which)
  await ask(
    t,
    [any],
    { 'port == 80': 'unknown', 'port is defined': 'unknown', 'made is defined': 'unknown' },
    { loader: withFile },
  )
  await ask(t, [make(), any], { 'made is changed': true }, { loader: withFile })
  await ask(t, [make(), include('missing.yml', { when: later })], { 'port is defined': false }, { loader: withFile })
})
