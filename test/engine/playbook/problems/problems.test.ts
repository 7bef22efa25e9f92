import t from 'tap'
import { saidOf } from '../load.js'

t.test('templates that cannot be read have their place', async t => {
  const said = await saidOf(t, {
    'site.yml':
      '- hosts: all\n  tasks:\n    - copy:\n        dest: "a {{ b + }}"\n      when: a ==\n    - ping: {data: "{{ x | nosuchfilter }}"}\n',
  })
  t.match(said.split('\n'), [/^site.yml:4:\d+: /, /^site.yml:5:\d+: /, /^site.yml:6:\d+: .*nosuchfilter/])
})

t.test('all mistakes of all files at once', async t => {
  const said = await saidOf(t, {
    'site.yml': '- hosts: all\n  tsks: []\n  tasks:\n    - pong:\n    - import_tasks: a.yml\n',
    'a.yml': '- ping:\n  whn: x\n',
  })
  t.same(
    said.split('\n').map(line => line.split(': ')[0]),
    ['site.yml:2:3', 'site.yml:4:7', 'a.yml:2:3'],
  )
})

t.test('one mistake is not told again as what follows from it', async t => {
  const said = (yaml: string, more = {}) => saidOf(t, { 'site.yml': yaml, ...more }, { inventoryNames: [] })
  t.equal(
    (await said('- hosts: all\n  tasks:\n    - zzz_zzz:\n      register: a\n    - ping: {data: "{{ a }}"}\n')).split(
      '\n',
    ).length,
    1,
  )
  t.equal(
    (await said('- hosts: all\n  roles: [none]\n  tasks:\n    - ping: {data: "{{ a }}"}\n')).split('\n').length,
    1,
  )
  t.equal(
    (await said('- hosts: all\n  vars_files: [none.yml]\n  tasks:\n    - ping: {data: "{{ a }}"}\n')).split('\n')
      .length,
    1,
  )
})
