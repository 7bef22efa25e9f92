import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { readYaml } from '../../../../engine/config/yaml/yaml.js'
import type { Json } from '../../../../engine/core/json.js'
import { modules } from '../../../../engine/modules/index.js'
import { bundledRoles } from '../../../../engine/playbook/roles/bundled-roles.js'
import { toJson } from '../../../../engine/python/to-json.js'
import { inventorySchema } from '../../../../scripts/lib/docs/inventory-schema.js'
import { playbookSchema, tasksSchema } from '../../../../scripts/lib/docs/playbook-schema.js'
import { root } from '../../../../scripts/lib/project.js'

const ajv = new Ajv2020({ allowUnionTypes: true, strictTypes: false })
const playbook = ajv.compile({ ...playbookSchema(modules), $id: 'file:///schemas/playbook.json' })
const tasks = ajv.compile({ ...tasksSchema(), $id: 'file:///schemas/tasks.json' })
const inventory = ajv.compile(inventorySchema(await bundledRoles()))

const yaml = async (path: string): Promise<Json> => toJson(await readYaml(join(root, path)))

t.test("the package's own playbooks and inventory are right", async t => {
  for (const path of ['playbooks/site.yml', 'playbooks/reset.yml']) {
    t.ok(playbook(await yaml(path)), `${path}: ${ajv.errorsText(playbook.errors)}`)
  }
  t.ok(inventory(await yaml('inventory/example/hosts.yml')), ajv.errorsText(inventory.errors))
})

const play = (...tasks: readonly Json[]): Json => [{ hosts: 'all', tasks }]

t.test('what stands in ordinary playbooks is accepted', async t => {
  for (const task of [
    { name: 'free form', shell: 'uptime', register: 'up' },
    { name: 'k=v', copy: 'src=a dest=/b' },
    { copy: { dest: '/b', content: '{{ x }}', mode: 0o644 }, when: 'x is defined', notify: 'restart' },
    { 'ansible.builtin.copy': { dest: '/b', src: 'a' } },
    { service: { name: 'nginx', enabled: '{{ on }}' } },
    { shell: 'echo {{ item }}', with_items: [1, 2] },
    { block: [{ ping: null }], rescue: [{ debug: { msg: 'no' } }], become: true },
  ]) {
    t.ok(playbook(play(task)), `${JSON.stringify(task)}: ${ajv.errorsText(playbook.errors)}`)
  }
})

t.test('what is never right is refused', async t => {
  for (const wrong of [
    play({ shel: 'uptime' }),
    play({ copy: { dest: '/b', contents: 'x' } }),
    play({ copy: { dest: '/b' }, whn: 'x' }),
    play({ sysctl: { name: 'a', state: 'gone' } }),
    [{ tasks: [] }],
    [{ hosts: 'all', task: [] }],
  ]) {
    t.notOk(playbook(wrong), JSON.stringify(wrong))
  }
  t.notOk(inventory({ workers: { host: { node1: {} } } }))
  t.notOk(inventory({ all: { vars: { swap: 'maybe' } } }))
})

t.test('a slip in a play is told as that, and not as an import that lacks its file', async t => {
  playbook([{ hosts: 'all', task: [] }])
  const said = ajv.errorsText(playbook.errors)
  t.match(said, /additional propert/)
  t.notMatch(said, /import_playbook/)
  t.ok(playbook([{ import_playbook: 'other.yml' }]))
  t.notOk(playbook([{ import_playbook: 'other.yml', hosts: 'all' }]))
})

t.test('files of tasks have a schema too', async t => {
  t.ok(tasks([{ name: 'a', shell: 'uptime' }, { block: [{ ping: null }] }]), ajv.errorsText(tasks.errors))
  t.ok(tasks(null), 'an empty file')
  t.notOk(tasks([{ shel: 'uptime' }]))
  t.notOk(tasks([{ hosts: 'all', tasks: [] }]), 'a play is no task')
})
