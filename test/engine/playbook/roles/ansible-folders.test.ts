import t from 'tap'
import { ansibleFolders } from '../../../../engine/playbook/roles/ansible-folders.js'
import { load, steps } from '../load.js'

t.test('roles are found where ansible-galaxy puts them', async t => {
  const dir = `${t.testdirName}/elsewhere`
  const saved = { ...process.env }
  t.teardown(() => {
    process.env = saved
  })
  process.env['ANSIBLE_ROLES_PATH'] = `/nowhere:${dir}/roles`
  process.env['ANSIBLE_COLLECTIONS_PATH'] = `${dir}/collections`
  const { plays } = await load(t, {
    'site.yml': '- hosts: all\n  roles: [ns.role, ns.coll.role]\n',
    'elsewhere/roles/ns.role/tasks/main.yml': '- ping:',
    'elsewhere/collections/ansible_collections/ns/coll/roles/role/tasks/main.yml': '- ping:',
  })
  t.same(
    steps(plays[0]?.body ?? []).flatMap(step => step.origin.role?.path ?? []),
    [`${dir}/roles/ns.role`, `${dir}/collections/ansible_collections/ns/coll/roles/role`],
  )
  t.match(ansibleFolders({ ANSIBLE_HOME: '/x' }), {
    roles: ['/x/roles', '/usr/share/ansible/roles', '/etc/ansible/roles'],
  })
})
