import { fileURLToPath } from 'node:url'
import t from 'tap'
import { diffSnapshots } from '../../lab/hosts/snapshot.js'
import { openLab } from '../../lab/lab.js'
import { type RanJson, tkplayJson, troubles } from '../support/tkplay.js'

/** What a dry run says of looks at what earlier tasks bring or remove, beside what the run then does, on real hosts. */
const lab = await openLab({ name: 'foreseen', hosts: 2 })
t.setTimeout(600_000)
t.teardown(() => lab.down())

const playbook = fileURLToPath(new URL('../../../test/cases/looks/playbook.yml', import.meta.url))

t.test('a dry run foretells nothing that the run does otherwise', async t => {
  for (const name of ['node1', 'node2']) await lab.exec(name, 'echo Debian > /etc/issue; echo hello > /etc/motd')
  const args = [playbook, '-i', lab.inventoryDir, '-e', 'today=Debian']
  const before = await lab.snapshot('node2')
  const foretold = await tkplayJson(['check', ...args])
  t.equal(foretold.code, 4, troubles(foretold))
  t.strictSame(diffSnapshots(before, await lab.snapshot('node2')), [], 'and writes nothing')
  const ran = await tkplayJson(['run', ...args])
  t.equal(ran.code, 0, troubles(ran))

  const came = (one: RanJson): ReadonlyMap<string, string> =>
    new Map(one.steps.map(step => [`${step.host} › ${step.step.name}`, step.status]))
  const done = came(ran)
  const same: { readonly [status: string]: string } = { 'would-change': 'changed', ok: 'ok', skipped: 'skipped' }
  for (const [step, status] of came(foretold)) {
    if (status !== 'unknown') t.equal(done.get(step), same[status], `${step}: ${status}`)
  }

  const unknown = foretold.steps.filter(({ status }) => status === 'unknown')
  const waits = new Map(unknown.map(one => [`${one.host} › ${one.step.name}`, one.waitsFor]))
  const both = (name: string, waitsFor: string): void => {
    for (const host of ['node1', 'node2'])
      t.equal(waits.get(`${host} › ${name}`), `'${waitsFor}' to run`, `${host} › ${name}`)
  }
  both('there must be a folder', 'the folder')
  both('the file says what it should', 'the file')
  both('it must be made', 'nothing to guard against')
  both('a guard over what a command makes', 'nothing to guard against')
  both('it must be gone', 'no message of the day')
  both('a link in its place', 'no message of the day')
  both('a line that is there today', 'another text for the login')
  both('the handler must have run', 'note it')
  t.equal(waits.get('node2 › node2 must have it'), "'node1 brings node2 a file' to run")

  const certain = new Set(foretold.with('ok'))
  for (const name of ['look at another', 'there is no other', 'something that nobody touches'])
    t.ok(certain.has(`node1 › ${name}`), `certain: ${name}`)
})
