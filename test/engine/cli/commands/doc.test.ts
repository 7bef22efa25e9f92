import t from 'tap'
import { controls } from '../../../../engine/playbook/control/controls.js'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

t.test('doc has a page for each control step', async t => {
  const all = await tkplay(['doc'])
  for (const name of controls.keys()) {
    t.match(all.stdout, new RegExp(`^  ${name} +\\S`, 'm'))
    t.match(await tkplay(['doc', name]), {
      code: 0,
      stdout: new RegExp(`^${name.toUpperCase()}\\n\\n\\S[^]*PARAMETERS[^]*EXAMPLES`),
    })
  }
  t.match(await tkplay(['doc', 'ansible.builtin.debug']), { code: 0, stdout: /^DEBUG\n/ })
  t.match(await tkplay(['doc', 'asert']), { code: 2, stderr: /did you mean 'assert'/ })
})
