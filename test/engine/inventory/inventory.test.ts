import { chmodSync } from 'node:fs'
import t from 'tap'
import { loadInventory } from '../../../engine/inventory/inventory.js'
import { saidLater } from '../config/errors.js'
import { folder, load, saidOf, varsOf } from './load.js'

const cluster = `all:
  vars: {domain: example.com}
  children:
    cluster:
      children:
        control_plane:
          hosts:
            node1: {ansible_host: 10.0.0.11}
          vars: {who: control_plane}
        workers:
          hosts:
            node[2:3]:
      vars: {who: cluster, deep: 1}
`

t.test('YAML: groups in groups; a child wins over its parent', async t => {
  const inventory = await load(t, { 'hosts.yml': cluster })
  t.same(inventory.names, ['node1', 'node2', 'node3'])
  t.same([...inventory.groups.keys()].sort(), ['all', 'cluster', 'control_plane', 'ungrouped', 'workers'])
  t.same(inventory.groupsOf('node1'), ['cluster', 'control_plane'])
  t.same(varsOf(inventory, 'node1'), {
    domain: 'example.com',
    who: 'control_plane',
    deep: 1,
    ansible_host: '10.0.0.11',
  })
  t.match(
    inventory.layersOf('node1').map(layer => layer.name),
    ['group all', 'group cluster', 'group control_plane', 'host node1'],
  )
  t.match(inventory.sourceOf('node2'), { line: 12, col: 13 })
})

t.test("group_vars and host_vars, in Ansible's order", async t => {
  const dir = folder(t, {
    'inv/hosts.yml': cluster,
    'inv/group_vars/all.yml': 'v: 1\na: inventory all\nmany: 1\n',
    'inv/group_vars/all/10.yml': 'many: 2\n',
    'inv/group_vars/workers': 'v: 3\n',
    'inv/group_vars/worker.yml': 'v: 0\n',
    'inv/host_vars/node2.json': '{"v": 5}',
    'play/group_vars/all.yaml': 'v: 2\na: play all\n',
    'play/group_vars/workers.yml': 'v: 4\nw: play\n',
    'play/host_vars/node3/a.yml': 'v: 6\n',
    'play/host_vars/node3/.hidden': '{{',
    'play/host_vars/node3/notes.md': '{{',
  })
  const inventory = await loadInventory([`${dir}/inv/hosts.yml`], { playbookDirs: [`${dir}/play`] })
  t.match(varsOf(inventory, 'node1'), { v: 2, a: 'play all', many: 1 })
  t.match(varsOf(inventory, 'node2'), { v: 5, w: 'play' })
  t.match(varsOf(inventory, 'node3'), { v: 6 })
  t.match(
    inventory.layersOf('node2').map(({ rank, name }) => `${rank} ${name.replace(`${dir}/`, '')}`),
    [
      '3 group all',
      '4 inv/group_vars/all/10.yml',
      '4 inv/group_vars/all.yml',
      '5 play/group_vars/all.yaml',
      '5.5 group cluster',
      '6 inv/group_vars/workers',
      '7 play/group_vars/workers.yml',
      '9 inv/host_vars/node2.json',
    ],
  )
  t.match(
    inventory.warnings.map(({ message, hint }) => `${message} — ${hint}`.replaceAll(`${dir}/`, '')),
    [
      /^inv\/group_vars\/worker.yml is not read: the inventory has no group 'worker' — did you mean 'workers'\?$/,
      /^the variables of group 'all' are in inv\/group_vars\/all and inv\/group_vars\/all.yml: all are read, the last wins/,
    ],
  )
})

t.test('ansible_group_priority decides between groups of one depth', async t => {
  const inventory = await load(t, {
    hosts: '[a]\nh\n[b]\nh\n[a:vars]\nv=1\nansible_group_priority=10\n[b:vars]\nv=2\n',
  })
  t.match(varsOf(inventory, 'h'), { v: 1 })
})

t.test('several sources: later ones win', async t => {
  const inventory = await load(
    t,
    { a: '[g]\nh ansible_host=10.0.0.1 x=1\n', b: '[g]\nh ansible_host=10.0.0.2\nk\n' },
    'a',
    'b',
  )
  t.same(inventory.names, ['h', 'k'])
  t.same(varsOf(inventory, 'h'), { ansible_host: '10.0.0.2', x: 1 })
})

t.test('a folder: files in order, without what is no inventory', async t => {
  const dir = folder(t, {
    'inv/01-a': '[g]\na\n',
    'inv/02-b.yml': 'g: {hosts: {b: }}',
    'inv/old.ini': '[g]\nold\n',
    'inv/README.md': '#',
    'inv/known_hosts': 'a ssh-ed25519 AAAA',
    'inv/group_vars/g.yml': 'x: 1',
  })
  const inventory = await loadInventory([`${dir}/inv`])
  t.same(inventory.names, ['a', 'b'])
  t.same(varsOf(inventory, 'b'), { x: 1 })
  t.match(inventory.warnings, [{ message: /old.ini is not read/ }])
})

t.test('a list of hosts, and this machine', async t => {
  const inventory = await loadInventory(['b,a:2222,'])
  t.same(inventory.names, ['b', 'a'])
  t.same(varsOf(inventory, 'a'), { ansible_port: 2222 })
  t.same(inventory.select('localhost'), ['localhost'])
  t.same(varsOf(inventory, 'localhost'), { ansible_connection: 'local' })
  t.same((await loadInventory([])).select('localhost'), ['localhost'], 'which needs no inventory')
})

t.test('scripts', async t => {
  const script = (list: string) =>
    `#!/bin/sh\nif [ "$1" = --list ]; then cat <<'E'\n${list}\nE\nelse echo "{\\"asked\\": \\"$2\\"}"; fi\n`
  const dir = folder(t, {
    meta: script(
      '{"g": {"hosts": ["a"], "vars": {"v": 1}, "children": ["k"]}, "k": ["b"], "_meta": {"hostvars": {"b": {"x": [1]}}}}',
    ),
    asks: script('{"g": ["a", "b"]}'),
    fails: '#!/bin/sh\necho "no credentials" >&2; exit 3\n',
    prints: '#!/bin/sh\necho hello\n',
    shape: script('{"g": {"hosts": {"a": 1}}}'),
    deep: script(`{"g": {"hosts": ["a"], "vars": {"v": ${'['.repeat(9000)}${']'.repeat(9000)}}}}`),
    names: script('{"g": ["a/../b", "c\\u0000"]}'),
  })
  for (const name of ['meta', 'asks', 'fails', 'prints', 'shape', 'deep', 'names']) chmodSync(`${dir}/${name}`, 0o755)
  const meta = await loadInventory([`${dir}/meta`])
  t.same(meta.groups.get('g'), ['a', 'b'])
  t.same(varsOf(meta, 'b'), { v: 1, x: [1] })
  t.same(varsOf(await loadInventory([`${dir}/asks`]), 'b'), { asked: 'b' })
  const said = async (name: string) =>
    (await saidLater(() => loadInventory([`${dir}/${name}`]))).replaceAll(`${dir}/`, '')
  t.equal(
    await said('fails'),
    'fails:1:1: the inventory script failed: exit code 3: no credentials — try it: fails --list',
  )
  t.equal(await said('prints'), 'prints:1:1: the inventory script did not print a JSON object — try it: prints --list')
  t.match(await said('shape'), /^shape:1:1: .*'hosts' of the group 'g' as something else than a list/)
  t.match(await said('deep'), /^deep:1:1: the inventory script did not print/)
  t.match(await said('names'), /'a\/..\/b' is no host name/)
  t.match(await said('names'), /'c\0' is no host name/)
})

const refused: readonly (readonly [yaml: string, said: string])[] = [
  ['- a', "1:1: an inventory must be a dict of groups — write 'all:', under it 'hosts:', under that each host and ':'"],
  ['all:\n  host:\n    a:', "2:3: group 'all': unknown key 'host' — did you mean 'hosts'?"],
  [
    'all:\n  workers:\n    hosts: {a: }',
    "2:3: group 'all': unknown key 'workers' — a group has hosts, children and vars: put other groups under 'children:', hosts under 'hosts:', variables under 'vars:'",
  ],
  [
    'all:\n  hosts: [a, b]',
    "2:3: hosts of group 'all' must be a dict — write each host on a line of its own, with ':' after it",
  ],
  ['all:\n  hosts:\n    a: x', "3:5: host 'a' must be a dict — write its variables as 'name: value' lines under it"],
  [
    'all:\n  hosts:\n    a:\n    a:',
    "4:5: duplicate key 'a' — it is given at line 3 already, and only one of the two can count: remove one",
  ],
  ['all:\n  hosts:\n    a: {on: 1}', "3:9: the variable name True is no text — quote it: 'True'"],
  [
    'plugin: aws_ec2',
    "1:1: inventory plugins are not read ('aws_ec2') — give an executable script that answers --list with JSON instead",
  ],
  [
    'a: {hosts: {n: {ansible_host: 10.0.0.1}}}\nb: {hosts: {n: {ansible_host: 10.0.0.2}}}',
    "2:17: two hosts of the same name: 'n' has ansible_host 10.0.0.2 here and 10.0.0.1 at hosts.yml:1:17 — give one of them another name, or remove the wrong address",
  ],
  [
    'a: {children: {b: {children: {a: }}}}\nc: {hosts: {h: }}',
    "1:16: groups in a circle: a > b > a — take 'a' out of the children of 'b' ('a' is at hosts.yml:1:1)",
  ],
]

t.test('what is refused', async t => {
  for (const [yaml, said] of refused) {
    t.equal(await saidOf(t, { 'hosts.yml': yaml }), `hosts.yml:${said}`, yaml.split('\n').slice(0, 2).join(' '))
  }
  t.equal(
    await saidOf(t, { 'hosts.yml': '' }, 'host.yml'),
    "host.yml:1:1: no such inventory: host.yml — did you mean 'hosts.yml'?",
  )
  t.equal(
    await saidOf(t, { 'hosts.yml': '' }, 'web1'),
    'web1:1:1: no such inventory: web1 — check the path; a host by name is given with a comma at the end: -i web1,',
  )
  t.equal(await saidOf(t, { 'd/notes.md': '' }, 'd'), 'd:1:1: no inventory in the folder d — add d/hosts.yml')
  t.equal(
    await saidOf(t, { hosts: 'h', 'group_vars/all.yml': '- a' }),
    "group_vars/all.yml:1:1: a file of variables must be a dict — write 'name: value' lines",
  )
})

t.test('a host with the name of a group is said', async t => {
  const inventory = await load(t, { hosts: '[web]\nweb\n' })
  t.match(inventory.warnings, [{ message: /^'web' is a host and a group/ }])
})

t.test('a misspelled connection variable is said; what only looks like one is not', async t => {
  const inventory = await load(t, {
    hosts:
      '[web]\nh ansible_conection=local\n[web:vars]\nansible_usr=admin\nansible_os_family=Debian\nansible_become_exe=doas\nx=1\n',
  })
  t.match(
    inventory.warnings.map(({ message, hint }) => `${message} — ${hint}`),
    [
      "'ansible_usr' has no effect on how a host is reached — did you mean 'ansible_user'?",
      "'ansible_conection' has no effect on how a host is reached — did you mean 'ansible_connection'?",
    ],
  )
  t.equal(inventory.warnings.length, 2)
})
