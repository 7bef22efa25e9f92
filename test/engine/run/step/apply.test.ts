import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import { type AnyModule, type Change, defineModule } from '../../../../engine/core/module.js'
import { read, text } from '../../../../engine/core/read.js'
import { sh } from '../../../../engine/shell/quote.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

type Write = Change & { readonly kind: 'write'; readonly all: string }

/** As lineinfile works: the change holds all of what the file is to be. */
const member = defineModule<{ readonly name: string }, string, Write>({
  name: 'member',
  doc: 'A name in a list.',
  kind: 'state',
  params: { type: 'object', properties: { name: { type: 'string' } } },
  probe: () => read(sh`get list`, raw => text(raw.stdout)),
  plan: ({ name }, now) =>
    now.split(',').includes(name)
      ? { changes: [] }
      : { changes: [{ kind: 'write', summary: `adds ${name}`, all: now === '' ? name : `${now},${name}` }] },
  apply: async ({ all }, _, host) => void (await host.run(['set', 'list', all])),
})

const modules = new Map<string, AnyModule>([['member', member]])
const me = computed(['me'], ([name]) => new Map([['name', name ?? null]]))

t.test('hosts that change one machine one after the other see what those before them did', async t => {
  const { run, transport } = fakeHosts(['a', 'b', 'c'])
  const ended = await run([play([step('join', 'member', me, { delegateTo: constant('c') })])], { modules })
  t.strictSame(transport.state('c').settings.get('list')?.split(',').sort(), ['a', 'b', 'c'])
  t.match(ended, { exitCode: 0, hosts: { a: { changed: 1 }, b: { changed: 1 }, c: { changed: 1 } } })
})

t.test('what another host did meanwhile is not done again', async t => {
  const { run, effects } = fakeHosts(['a', 'b', 'c'])
  const one = constant({ name: 'x' })
  const ended = await run([play([step('join', 'member', one, { delegateTo: constant('c') })])], { modules })
  t.strictSame(effects, ['c set list x'])
  const all = Object.values(ended.hosts)
  t.equal(
    all.reduce((sum, host) => sum + host.changed, 0),
    1,
  )
  t.equal(
    all.reduce((sum, host) => sum + host.ok, 0),
    2,
  )
})

t.test('two logins to one machine change it one at a time', async t => {
  let working = 0
  let most = 0
  const slow: AnyModule = {
    ...member,
    name: 'slow',
    kind: 'action',
    apply: async () => {
      most = Math.max(most, ++working)
      await hosts.stillness()
      working--
    },
  }
  const user = computed(['me'], ([name]) => name ?? null)
  const hosts = fakeHosts(['a', 'b', 'c'])
  await hosts.run([play([step('work', 'slow', me, { delegateTo: constant('c'), remoteUser: user })])], {
    modules: new Map([['slow', slow]]),
  })
  t.equal(most, 1)
})
