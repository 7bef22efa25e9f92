import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import type { RunAs } from '../../../../engine/core/module.js'
import type { Step } from '../../../../engine/core/step.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'
import { dry, fieldOf, isMissing, isThere, lookAt, modules, put } from './look-steps.js'

/** What a dry run says where a look hangs on what an earlier step of it would do. */

const failUnlessThere = step('it must be there', 'fail', { msg: 'it is not there' }, { when: [isMissing] })

t.test('a look at what an earlier step would make waits for it, and so does what hangs on the look', async t => {
  const body = [
    put('/etc/a'),
    lookAt('/etc/a'),
    failUnlessThere,
    step('then', 'act', { cmd: 'go' }, { when: [isThere] }),
  ]
  const checked = fakeHosts(['a'])
  const ended = await dry(checked, body)
  t.strictSame(checked.statuses('a'), [
    'would-change put /etc/a',
    'unknown look at /etc/a',
    'unknown it must be there',
    'unknown then',
  ])
  t.equal(ended.exitCode, 4)
  const waits = checked.events.flatMap(event => (event.kind === 'step-ended' ? [event.waitsFor] : []))
  t.strictSame(waits.slice(1), Array(3).fill("'put /etc/a' to run"))
  const real = fakeHosts(['a'])
  t.equal((await real.run([play(body)], { modules })).exitCode, 0)
  t.strictSame(real.statuses('a').slice(1), ['ok look at /etc/a', 'skipped it must be there', 'changed then'])
})

t.test('a look at what an earlier step would remove waits for it', async t => {
  const checked = fakeHosts(['a'])
  checked.transport.state('a').settings.set('/etc/a', '1')
  await dry(checked, [put('/etc/a', ''), lookAt('/etc/a'), step('then', 'act', { cmd: 'go' }, { when: [isThere] })])
  t.strictSame(checked.statuses('a').slice(1), ['unknown look at /etc/a', 'unknown then'])
})

t.test('a look elsewhere is certain, and so is one before the change', async t => {
  const checked = fakeHosts(['a'])
  await dry(checked, [lookAt('/etc/a'), put('/etc/a'), lookAt('/etc/b'), failUnlessThere])
  t.strictSame(checked.statuses('a'), [
    'ok look at /etc/a',
    'would-change put /etc/a',
    'ok look at /etc/b',
    'failed it must be there',
  ])
})

t.test('what may change anything brings what is not there, and leaves what is', async t => {
  const checked = fakeHosts(['a'])
  checked.transport.state('a').settings.set('/etc/there', '1')
  await dry(checked, [step('install', 'act', { cmd: 'apt' }), lookAt('/etc/there'), lookAt('/etc/absent')])
  t.strictSame(checked.statuses('a').slice(1), ['ok look at /etc/there', 'unknown look at /etc/absent'])
})

t.test('nothing is pending after what has nothing to do, or changes nothing as its author says', async t => {
  const checked = fakeHosts(['a'])
  checked.transport.state('a').settings.set('/etc/a', '1')
  const quiet = { changedWhen: [constant(false)] }
  await dry(checked, [put('/etc/a'), step('ask', 'act', { cmd: 'ask' }, quiet), lookAt('/etc/b')])
  t.strictSame(checked.statuses('a').slice(1), ['ok ask', 'ok look at /etc/b'])
})

t.test('changed_when: false on a state that differs hides no change', async t => {
  const checked = fakeHosts(['a'])
  await dry(checked, [put('/etc/a', '1', { changedWhen: [constant(false)] }), lookAt('/etc/a')])
  t.strictSame(checked.statuses('a'), ['ok put /etc/a', 'unknown look at /etc/a'])
})

t.test('a step of which it is not known whether it runs is pending too, with what it would write', async t => {
  const checked = fakeHosts(['a'])
  await dry(checked, [
    put('/etc/a'),
    lookAt('/etc/a'),
    put('/etc/b', '1', { when: [isThere] }),
    lookAt('/etc/b', { register: 'other' }),
    lookAt('/etc/c', { register: 'third' }),
  ])
  t.strictSame(checked.statuses('a').slice(2), ['unknown put /etc/b', 'unknown look at /etc/b', 'ok look at /etc/c'])
})

t.test('a step whose parameters are not known may change anything, unless it only looks', async t => {
  const path = computed(['seen'], ([seen]) => new Map([['path', fieldOf(seen, false)]]))
  const cmd = computed(['seen'], ([seen]) => new Map([['cmd', fieldOf(seen, false)]]))
  for (const [unknown, then] of [
    [step('unknown', 'look', path), 'ok'],
    [step('unknown', 'act', cmd), 'unknown'],
    [step('unknown', 'debug', cmd), 'ok'],
  ] as const) {
    const checked = fakeHosts(['a'])
    await dry(checked, [put('/etc/a'), lookAt('/etc/a'), unknown, lookAt('/etc/c', { register: 'other' })])
    t.equal(checked.statuses('a').at(-1), `${then} look at /etc/c`, unknown.module)
  }
})

t.test('a guard waits where its command, or what it guards, would be another', async t => {
  const guard = (creates: string): Step => step(`make ${creates}`, 'guarded', { cmd: 'make', creates })
  const checked = fakeHosts(['a'])
  checked.transport.state('a').settings.set('/etc/there', '1')
  await dry(checked, [put('/etc/a'), guard('/etc/a'), guard('/etc/b'), guard('/etc/there')])
  t.strictSame(checked.statuses('a').slice(1), [
    'unknown make /etc/a',
    'would-change make /etc/b',
    'ok make /etc/there',
  ])
})

t.test('what is refused because of what an earlier step would remove is not known', async t => {
  for (const before of ['/etc/a', '/etc/b']) {
    const checked = fakeHosts(['a'])
    for (const path of ['/etc/a', '/etc/b']) checked.transport.state('a').settings.set(path, 'old')
    await dry(checked, [put(before, ''), step('replace', 'careful', { key: '/etc/a', value: 'new' })])
    t.equal(checked.statuses('a').at(-1), before === '/etc/a' ? 'unknown replace' : 'failed replace')
  }
})

t.test('what is as wanted today, and would be written over before, is not known', async t => {
  const wanted = (module: string): Step => step('wanted', module, { key: '/etc/a', value: 'old' })
  const last = async (before: Step, after: Step): Promise<string | undefined> => {
    const checked = fakeHosts(['a'])
    checked.transport.state('a').settings.set('/etc/a', 'old')
    await dry(checked, [before, after])
    return checked.statuses('a').at(-1)
  }
  t.equal(await last(put('/etc/a', ''), wanted('setting')), 'unknown wanted')
  t.equal(await last(put('/etc/b', '1'), wanted('setting')), 'ok wanted')
  const edit = (value: string): Step => step('edit', 'edit', { key: '/etc/a', value })
  t.equal(await last(edit('1'), wanted('edit')), 'ok wanted', 'edits of other parts leave one another alone')
  t.equal(await last(edit('1'), edit('1')), 'unknown edit', 'those of the same part do not')
  t.equal(await last(edit('1'), wanted('setting')), 'unknown wanted')
  t.equal(await last(put('/etc/a', '1'), wanted('edit')), 'unknown wanted')
})

t.test('what differs today, and would be written before, is not known', async t => {
  const last = async (before: Step): Promise<string | undefined> => {
    const checked = fakeHosts(['a'])
    await dry(checked, [before, put('/etc/a', '2')])
    return checked.statuses('a').at(-1)
  }
  t.equal(await last(put('/etc/a', '1')), 'unknown put /etc/a')
  t.equal(await last(put('/etc/b', '1')), 'would-change put /etc/a')
})

t.test('what is wanted gone is not known where something would be made beneath it', async t => {
  const last = async (module: string): Promise<string | undefined> => {
    const checked = fakeHosts(['a'])
    await dry(checked, [put('/etc/a/b'), step('then', module, { key: '/etc/a', value: '' })])
    return checked.statuses('a').at(-1)
  }
  t.equal(await last('gone'), 'unknown then')
  t.equal(await last('tree'), 'ok then')
})

t.test('check_mode: false on a look asks for what is there today', async t => {
  const checked = fakeHosts(['a'])
  await dry(checked, [put('/etc/a'), lookAt('/etc/a', { checkMode: constant(false) })])
  t.equal(checked.statuses('a').at(-1), 'ok look at /etc/a')
})

t.test('in a run, what a dry step would have done is not expected', async t => {
  const real = fakeHosts(['a'])
  const asks = { checkMode: constant(true) }
  await real.run([play([put('/etc/a', '1', asks), lookAt('/etc/a', asks)])], { modules })
  t.strictSame(real.statuses('a'), ['would-change put /etc/a', 'ok look at /etc/a'])
})

t.test('what is always dry makes nothing, and nothing waits for it', async t => {
  const never = { checkMode: constant(true) }
  const cmd = computed(['seen'], ([seen]) => new Map([['cmd', fieldOf(seen, false)]]))
  const checked = fakeHosts(['a'])
  await dry(checked, [
    put('/etc/a', '1', never),
    lookAt('/etc/a', { register: 'first' }),
    put('/etc/b'),
    lookAt('/etc/b'),
    step('not known', 'act', cmd, never),
    lookAt('/etc/c', { register: 'last' }),
  ])
  t.strictSame(checked.statuses('a'), [
    'would-change put /etc/a',
    'ok look at /etc/a',
    'would-change put /etc/b',
    'unknown look at /etc/b',
    'unknown not known',
    'ok look at /etc/c',
  ])
})

t.test('each item of a loop waits, and the register says so', async t => {
  const items = constant(['/etc/a', '/etc/b'])
  const each = (module: string, param: string): Step =>
    step(
      module,
      module,
      computed(
        ['item'],
        ([item]) =>
          new Map([
            [param, item ?? null],
            ['value', '1'],
          ] as const),
      ),
      {
        loop: { items, variable: 'item', kind: 'list' },
        register: module,
      },
    )
  const checked = fakeHosts(['a'])
  await dry(checked, [put('/etc/b'), each('look', 'path')])
  const ended = checked.events.flatMap(event =>
    event.kind === 'step-ended' && event.item !== undefined ? [`${event.status} ${event.item}`] : [],
  )
  t.strictSame(ended, ['ok /etc/a', 'unknown /etc/b'])
})

t.test('a user that nobody can become yet may be what an earlier step makes', async t => {
  const become = { become: constant(true), user: constant('nobody') }
  const asNobody = step('as nobody', 'setting', { key: 'x', value: '1' }, { become })
  const refuses = (as: RunAs): boolean => typeof as === 'object' && as.user === 'nobody'
  const checked = fakeHosts(['a'], { refuses })
  t.equal((await dry(checked, [put('/etc/passwd'), asNobody, step('then', 'act', { cmd: 'go' })])).exitCode, 4)
  t.strictSame(checked.statuses('a').slice(1), ['unknown as nobody', 'would-change then'])
  const alone = fakeHosts(['a'], { refuses })
  t.equal((await dry(alone, [asNobody])).exitCode, 3, 'where nothing is pending it is as it is')
})
