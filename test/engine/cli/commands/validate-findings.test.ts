import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const says = async (cwd: string, args: readonly string[] = ['site.yml', '-i', 'h1,']): Promise<string> => {
  const { stdout, stderr } = await tkplay(['validate', ...args], { cwd, env: { ANSIBLE_CONFIG: '' } })
  return `${stdout}${stderr}`
}

const play = (body: string): string => `- hosts: h1\n  gather_facts: false\n${body}`

t.test('files that a task brings', async t => {
  const cwd = t.testdir({
    'site.yml': play(`  roles: [r]
  tasks:
    - copy: {src: no.conf, dest: /tmp/x}
    - copy: {src: later.conf, dest: /tmp/x}
      when: inventory_hostname == 'h2'
    - copy: {src: /etc/no-such-file, dest: /tmp/x, remote_src: true}
    - copy: {src: "{{ inventory_hostname }}", dest: /tmp/x}
    - template: {src: there.j2, dest: /tmp/x}
    - template: {src: broken.j2, dest: /tmp/x}
      ignore_errors: true
`),
    templates: { 'there.j2': '{{ inventory_hostname }}\n', 'broken.j2': 'a\nb {{ c | }}\n' },
    roles: { r: { tasks: { 'main.yml': '- template: {src: no.j2, dest: /tmp/x}\n' } } },
  })
  const said = await says(cwd)
  t.match(said, /site\.yml:5:19: there is no file 'no\.conf'/)
  t.match(said, /roles\/r\/tasks\/main\.yml:1:19: there is no file 'no\.j2'/)
  t.match(said, /templates\/broken\.j2:2:10: expected a name/, 'a finding, since its task may fail')
  t.notMatch(said, /later\.conf|no-such-file|there\.j2/)
})

t.test('a mistake of syntax in a template that is sure to be used ends the run before it began', async t => {
  const cwd = t.testdir({
    'site.yml': play('  tasks:\n    - template: {src: t.j2, dest: /tmp/x}\n'),
    templates: { 't.j2': '#jinja2: lstrip_blocks: True\na\n{% if x %}\n' },
  })
  const { code, stderr } = await tkplay(['run', 'site.yml', '-i', 'h1,'], { cwd })
  t.equal(code, 2)
  t.match(stderr, /templates\/t\.j2:3:4: 'if' is never closed/)
})

t.test('variables that are defined by themselves', async t => {
  const cwd = t.testdir({
    'site.yml':
      play(`  vars: {own: "{{ own | default(1) }}", a: "{{ b }}", b: [{c: "{{ d }}"}], d: "{{ a }}", fine: "{{ e }}", e: 1}
  roles: [r]
  tasks: [{ping: }]
`),
    group_vars: { 'all.yml': 'path: "{{ path }}:/bin"\nother: "{{ own }}"\n' },
    roles: { r: { defaults: { 'main.yml': 'r_port: "{{ r_port }}"\n' }, tasks: { 'main.yml': '- ping:\n' } } },
  })
  const said = await says(cwd)
  t.match(said, /site\.yml:3:10: 'own' is defined by itself/)
  t.match(said, /'a' needs 'b', which needs 'd', which needs 'a'/)
  t.match(said, /group_vars\/all\.yml:1:1: 'path' is defined by itself/)
  t.match(said, /roles\/r\/defaults\/main\.yml:1:1: 'r_port' is defined by itself/)
  t.notMatch(said, /'(?:fine|e|other|b|d)' (?:is defined|needs)/)
})

t.test('variables of the inventory whose names are near a role’s', async t => {
  const cwd = t.testdir({
    'site.yml': play('  roles: [r]\n'),
    group_vars: { 'all.yml': 'r_prot: 1\nr_hosts: 2\nr_name2: "{{ r_nama }}"\nr_nama: x\nmine: 1\n' },
    host_vars: { 'h1.yml': 'r_polt: 1\n' },
    roles: {
      r: {
        defaults: { 'main.yml': 'r_port: 1\nr_host: a\nr_name: b\n' },
        tasks: { 'main.yml': '- template: {src: t.j2, dest: /tmp/x}\n' },
        templates: { 't.j2': '{{ r_hosts }} {{ r_name2 }}\n' },
      },
    },
  })
  const said = await says(cwd)
  t.match(
    said,
    /group_vars\/all\.yml:1:1: nothing asks for the variable 'r_prot'\n.*did you mean 'r_port', which a role has\?/,
  )
  t.match(said, /host_vars\/h1\.yml:1:1: nothing asks for the variable 'r_polt'/)
  t.notMatch(said, /variable '(?:r_hosts|r_nama|r_name2|mine)'/, 'what is asked for, and what is near nothing')
})

t.test('an ansible.cfg that would matter', async t => {
  const cwd = t.testdir({
    'site.yml': play('  roles: [elsewhere]\n'),
    'good.yml': play('  tasks: [{ping: }]\n'),
    'hosts.ini': 'h1\n',
    'ansible.cfg':
      '[defaults]\n# a comment\ninventory = hosts.ini\nroles_path: ../roles ; shared\nnocows = 1\n[ssh_connection]\npipelining = True\n',
  })
  t.match(
    await says(cwd, ['good.yml']),
    /no inventory was given\n.*ansible\.cfg:3 says 'hosts\.ini', and is not read: write 'inventory: hosts\.ini' into tkplay\.yml/,
  )
  t.match(await says(cwd), /no such role: elsewhere\n.*ansible\.cfg:4 says '\.\.\/roles', and is not read/)
  const { stdout } = await tkplay(['validate', 'good.yml', '-i', 'h1,'], { cwd, env: { ANSIBLE_CONFIG: '' } })
  t.match(stdout, /ansible\.cfg:4:1: ansible\.cfg is not read: roles_path has no effect/)
  const set = await tkplay(['validate', 'good.yml', '-i', 'h1,'], {
    cwd,
    env: { ANSIBLE_CONFIG: '', TKPLAY_ROLES_PATH: 'x' },
  })
  t.notMatch(set.stdout, /ansible\.cfg/)
})
