import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const play = (...tasks: readonly string[]): string =>
  `- hosts: localhost\n  gather_facts: false\n  tasks:\n${tasks.map(task => `    - ${task}\n`).join('')}`
const most = 250

/** Includes that lead back to themselves, and the places that are told. */
const endless: { readonly [name: string]: { readonly files: object; readonly places: string } } = {
  'a file of tasks': {
    files: { 'site.yml': play('include_tasks: a.yml'), 'a.yml': '- include_tasks: a.yml\n' },
    places: 'site.yml:4:7 → a.yml:1:3',
  },
  'two files, by names that are known only then': {
    files: {
      'site.yml': play('include_tasks: a.yml'),
      'a.yml': '- include_tasks: "{{ \'b\' }}.yml"\n  when: true\n',
      'b.yml': '- include_tasks: a.yml\n  loop: [1]\n',
    },
    places: 'site.yml:4:7 → a.yml:1:3 → b.yml:1:3',
  },
  'a role': {
    files: {
      'site.yml': play('include_role: {name: r}'),
      roles: { r: { tasks: { 'main.yml': '- include_role: {name: r}\n' } } },
    },
    places: 'site.yml:4:7 → roles/r/tasks/main.yml:1:3',
  },
}

for (const [name, { files, places }] of Object.entries(endless)) {
  t.test(`an include without end fails: ${name}`, async t => {
    const cwd = t.testdir(files as Parameters<typeof t.testdir>[0])
    for (const command of ['run', 'check']) {
      const ran = await tkplay([command, 'site.yml'], { cwd })
      t.equal(ran.code, 1, ran.stderr)
      t.match(ran.stdout, `includes inside of each other are more than ${most} deep`)
      t.ok(ran.stdout.includes(`→ end them by a \`when\`; they go ${places}`), ran.stdout)
      t.match(ran.stdout, `ok=${most} `)
    }
  })
}

t.test('one that ends by its condition may go so deep', async t => {
  const cwd = t.testdir({
    'site.yml': play('include_tasks: a.yml', 'debug: msg="depth {{ n }}"'),
    'a.yml': `- set_fact: {n: "{{ n | default(0) | int + 1 }}"}\n- include_tasks: a.yml\n  when: n | int < ${most}\n`,
  })
  const ran = await tkplay(['run', 'site.yml'], { cwd })
  t.equal(ran.code, 0, ran.stdout)
  t.match(ran.stdout, `depth ${most}\n`)
})

t.test('an imported file may include itself', async t => {
  const cwd = t.testdir({
    'site.yml': play('import_tasks: a.yml', 'debug: msg="depth {{ n }}"'),
    'a.yml': '- set_fact: {n: "{{ n | default(0) | int + 1 }}"}\n- include_tasks: a.yml\n  when: n | int < 3\n',
  })
  const ran = await tkplay(['run', 'site.yml'], { cwd })
  t.equal(ran.code, 0, ran.stdout)
  t.match(ran.stdout, 'depth 3\n')
  t.notMatch(`${ran.stdout}${ran.stderr}`, /itself/)
})
