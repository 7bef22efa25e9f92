import { join } from 'node:path'
import t from 'tap'
import { excerptOf } from '../../../../engine/cli/terminal/excerpt.js'

t.test('the line of an error, and a mark under its column', async t => {
  const folder = t.testdir({ 'site.yml': `- hosts: all\n\ttasks: x\n- name: ${'a'.repeat(300)} here\n` })
  const at = (line: number, col: number) => excerptOf({ file: join(folder, 'site.yml'), line, col })
  t.strictSame(at(1, 10), ['    1 | - hosts: all', '      |          ^'])
  t.strictSame(at(2, 2), ['    2 | \ttasks: x', '      | \t^'], 'a tab is as wide in both lines')
  const [shown = '', mark = ''] = at(3, 310)
  t.equal(shown.slice(mark.indexOf('^')), 'here', 'of a long line what stands around the column')
  t.strictSame(at(9, 1), [], 'there is no such line')
  t.strictSame(excerptOf({ file: join(folder, 'gone.yml'), line: 1, col: 1 }), [])
})

t.test('what may hold a secret is not shown', async t => {
  const yaml = "db_password: 'x\nuser: admin\nMIIEowIBAAKCAQEAx\n"
  const folder = t.testdir({
    'site.yml': yaml,
    'hosts.yml': yaml,
    'vault.yml': yaml,
    inventory: yaml,
    group_vars: { 'all.yml': yaml },
    roles: { r: { defaults: { 'main.yml': yaml } } },
  })
  const at = (file: string, line: number) => excerptOf({ file: join(folder, file), line, col: 1 })
  t.equal(at('site.yml', 2).length, 2)
  t.strictSame(at('site.yml', 1), [], 'a name that says it')
  t.strictSame(at('site.yml', 3), [], 'a line of a key')
  for (const file of ['hosts.yml', 'vault.yml', 'inventory', 'group_vars/all.yml', 'roles/r/defaults/main.yml'])
    t.strictSame(at(file, 2), [], file)
})
