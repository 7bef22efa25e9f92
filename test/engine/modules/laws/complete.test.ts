import t from 'tap'
import { modules } from '../../../../engine/modules/index.js'
import { families, notModelled } from '../../../support/host-model/families/index.js'

/** A parameter may decide what a module is (`state: restarted`): that one is a state module too. */
const states = modules.filter(({ kind }) => kind !== 'action' && kind !== 'wait').map(({ name }) => name)
const modelled = families.flatMap(family => Object.keys(family))

t.test('the laws hold for every state module, or it is said why there is no model of what it changes', async t => {
  const known = new Set([...modelled, ...Object.keys(notModelled)])
  t.strictSame(
    states.filter(name => !known.has(name)),
    [],
    'give these situations in test/support/host-model/families, or a reason among notModelled',
  )
  t.strictSame(
    Object.keys(notModelled).filter(name => modelled.includes(name) || !states.includes(name)),
    [],
    'these need no reason any more',
  )
})
