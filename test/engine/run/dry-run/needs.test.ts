import t from 'tap'
import type { AnyModule } from '../../../../engine/core/module.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { setting } from '../harness/modules.js'
import { play, step } from '../harness/steps.js'
import { modules, put } from './look-steps.js'

/** What a dry run names as what brings something that is not there yet. */

/** Needs a setting, and may know where it would be. */
const needy: AnyModule = {
  ...setting,
  name: 'needy',
  plan: ({ key, at }: { readonly key: string; readonly at?: readonly string[] }) => ({
    needs: `unit ${key}`,
    ...(at === undefined ? {} : { at }),
  }),
}

const install = step('install', 'act', { cmd: 'apt' })
const enable = (at?: readonly string[]) => step('enable', 'needy', { key: 'x', value: '', ...(at && { at }) })

const waitsFor = async (...body: readonly ReturnType<typeof put>[]): Promise<string | undefined> => {
  const one = fakeHosts(['a'])
  await one.run([play(body)], { check: true, modules: new Map([...modules, ['needy', needy]]) })
  const last = one.events.findLast(event => event.kind === 'step-ended')
  return last?.kind === 'step-ended' && last.status === 'unknown' ? last.waitsFor : undefined
}

t.test('who may change anything brings what is missing, not who writes something else later', async t => {
  const brought = "unit x ('install' would change things first)"
  t.equal(await waitsFor(install, put('/tmp/unrelated'), enable()), brought)
  t.equal(await waitsFor(install, put('/tmp/unrelated'), enable(['/etc/x'])), brought)
})

t.test('who writes where it would be brings it, also before who may change anything', async t => {
  const brought = "unit x ('put /etc/x' would change things first)"
  t.equal(await waitsFor(put('/etc/x'), install, put('/tmp/unrelated'), enable(['/etc/x'])), brought)
})

t.test('where only other paths would be written, nobody is named', async t => {
  t.equal(await waitsFor(put('/tmp/unrelated'), enable(['/etc/x'])), 'unit x (no earlier step is known to bring it)')
  const perhaps = "unit x ('put /tmp/unrelated' would change things first)"
  t.equal(await waitsFor(put('/tmp/unrelated'), enable()), perhaps, 'where nobody knows where it would be')
})

t.test('with nothing pending it is a failure', async t => {
  t.equal(await waitsFor(enable(['/etc/x'])), undefined)
})
