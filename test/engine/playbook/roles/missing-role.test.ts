import t from 'tap'
import { load, saidOf, steps } from '../load.js'

t.test('a role that is not there is named once, with what would install it', async t => {
  const site = (roles: string) => `- hosts: all\n  roles: [${roles}]\n`
  const none = { 'roles/none/tasks/main.yml': '[]' }
  const said = (roles: string, more = {}) => saidOf(t, { 'site.yml': site(roles), ...none, ...more })
  t.match(
    await said('geerlingguy.none, geerlingguy.none'),
    /^site.yml:2:11: no such role: geerlingguy.none — install it: ansible-galaxy role install geerlingguy.none$/,
  )
  t.match(
    await said('ns.coll.none'),
    /no such role: ns.coll.none — install it: ansible-galaxy collection install ns.coll$/,
  )
  t.match(
    await said('ns.coll.none', { 'collections/requirements.yml': 'collections: [ns.coll]' }),
    /install what is listed: ansible-galaxy install -r .*collections\/requirements.yml$/,
  )
  t.match(await said('nonne'), /did you mean 'none'/)
})

t.test('a role that is not there and may not be reached is a finding, and fails at its turn', async t => {
  const { plays, warnings } = await load(t, {
    'site.yml': `- hosts: all
  roles: [{role: ns.gone, when: x is defined}]
  tasks:
    - include_role: {name: ns.gone}
      ignore_errors: true
    - block: [{import_role: {name: ns.gone}}]
      rescue: [{ping: }]
`,
  })
  t.strictSame(
    warnings.map(({ about, message, source }) => [about, message, source?.line]),
    [2, 4, 6].map(line => ['role', 'no such role: ns.gone', line]),
  )
  const [first] = steps(plays[0]?.body ?? [])
  t.equal(first?.when.length, 1)
  t.throws(() => first?.params.evaluate({ get: () => undefined, names: () => [] }), {
    message: 'no such role: ns.gone',
  })
})
