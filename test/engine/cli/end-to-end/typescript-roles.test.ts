import { join } from 'node:path'
import t from 'tap'
import { packageDir } from '../../../../engine/config/files/home.js'
import { roleFolders } from '../../../../engine/playbook/roles/find-role.js'
import { kept, tkplay } from '../../../support/tkplay.js'

t.setTimeout(300_000)

/** Where it is not the loading of a role that is tested. */
const again = kept(t)

const role = (imports: string): string => `${imports}
interface Params { readonly size: number }

/** Fails where it is told to. */
export default defineRole<Params>({
  name: 'mine',
  doc: 'A role.',
  params: { type: 'object', properties: { size: { type: 'integer', default: 1 } } },
  steps: ({ size }) => {
    const none = undefined as unknown as { readonly text: string }
    if (size === 2) return [step(none.text, 'ping', {})]
    const when = computed([], () => {
      if (size === 3) throw new TypeError('odd')
      return true
    })
    return [step('one', 'command', { cmd: 'true' }, { when })]
  },
})
`

const imports = {
  'of a project': "import { computed, defineRole, step } from 'tkplay'\n",
  'of the clone':
    "import { computed } from '../../engine/core/expr.js'\nimport { defineRole, step } from '../../engine/core/role.js'",
}

for (const [whose, lines] of Object.entries(imports)) {
  t.test(`a role ${whose} runs from its source, and what fails in it has its place there`, async t => {
    const play = (size: number): string =>
      `- hosts: h1\n  gather_facts: false\n  roles:\n    - {role: mine, size: ${size}}\n`
    const cwd = t.testdir({
      'one.yml': play(1),
      'two.yml': play(2),
      'three.yml': play(3),
      roles: { mine: { 'role.ts': role(lines) } },
    })
    const run = async (file: string): Promise<string> => {
      const { stdout, stderr } = await tkplay(['run', file, '-i', 'h1,', '-e', 'ansible_connection=local'], { cwd })
      return `${stdout}${stderr}`
    }
    t.match(await run('one.yml'), /changed: h1 › mine : one/)
    t.match(
      await run('two.yml'),
      /cannot compute its steps: Cannot read .* 'text'\)\n\s+at roles\/mine\/role\.ts:12:\d+\n.*used at two\.yml:4:14/,
    )
    t.match(await run('three.yml'), /computed\(\) failed: odd\n\s+at .*roles\/mine\/role\.ts:14:\d+/)
  })
}

t.test('a role that is skipped does not fail, whatever its parameters and code are', async t => {
  const cwd = t.testdir({
    'site.yml': `- hosts: h1,h2
  gather_facts: false
  vars: {of_h2: 1}
  roles:
    - {role: mine, size: "{{ 'large' if inventory_hostname == 'h1' else of_h2 }}", when: inventory_hostname == 'h2'}
    - {role: mine, size: 2, when: false}
    - {role: judges, when: false}
  tasks:
    - {name: after, command: "true"}
`,
    roles: {
      mine: { 'role.ts': role(imports['of a project']) },
      judges: {
        'role.ts': `import { defineRole } from 'tkplay'
export default defineRole({
  name: 'judges',
  doc: 'A role.',
  params: { type: 'object', properties: {} },
  steps: () => [],
  preflight: () => [
    { level: 'error', what: 'it cannot be', remedy: 'do something else' },
    { level: 'warning', what: 'it is odd', remedy: 'look' },
  ],
})
`,
      },
    },
  })
  for (const command of ['run', 'check']) {
    const { code, stdout } = await again([command, 'site.yml', '-i', 'h1,h2,', '-e', 'ansible_connection=local'], {
      cwd,
    })
    t.equal(code, command === 'run' ? 0 : 4, stdout)
    t.match(stdout, command === 'run' ? /changed: h1, h2 › after/ : /would change: h1, h2 › after/)
    t.match(stdout, /h1 {2}.*skipped=3 {2}failed=0/)
    t.notMatch(stdout, /it cannot be|it is odd/)
  }
})

t.test('what a role gives in a wrong shape is told with its line', async t => {
  const wrong: readonly (readonly [steps: string, said: RegExp])[] = [
    ["[step('one', 'ping', {}, { when: ['x'] })]", /'when' of the step 'one' must be an Expr: .*, not a list/],
    ["[step('one', 'ping', {}, { notify: 'x' })]", /'notify' of the step 'one' must be a list of texts, not 'x'/],
    ["[step('one', 'ping', {}, { wen: 'x' })]", /the step 'one' has an unknown option 'wen': known are when, register/],
    ["[step('one', 'ping', ['x'])]", /the parameters of the step 'one' must be an object or an Expr, not a list/],
    ["['ping']", /'ping' stands where a step belongs: make it by step\(…\) or block\(…\)/],
    ['undefined', /steps must return a list/],
    ["[{ ...step('one', 'ping', {}), options: { tags: 'x' } }]", /'tags' of the step 'one' must be a list of texts/],
    ["[block('two', { body: 'x' })]", /body of a block must be a list of steps, not 'x'/],
  ]
  // A folder for each: one process imports a path once.
  const dir = t.testdir(
    Object.fromEntries(
      wrong.map(([steps], index) => [
        String(index),
        {
          'site.yml': '- hosts: h1\n  gather_facts: false\n  roles: [mine]\n',
          roles: {
            mine: {
              'role.ts': `import { block, defineRole, step } from 'tkplay'
export default defineRole({
  name: 'mine',
  doc: 'A role.',
  params: { type: 'object', properties: {} },
  steps: () => ${steps},
})
`,
            },
          },
        },
      ]),
    ),
  )
  for (const [index, [steps, said]] of wrong.entries()) {
    const cwd = join(dir, String(index))
    const { code, stdout } = await again(['run', 'site.yml', '-i', 'h1,', '-e', 'ansible_connection=local'], { cwd })
    t.equal(code, 1, stdout)
    t.match(stdout, said)
    t.match(stdout, steps.startsWith('[step') ? /at roles\/mine\/role\.ts:6:\d+/ : /at site\.yml:3:\d+/)
  }
})

t.test('a role of the clone that was not there when it was built is found', async t => {
  t.ok(roleFolders('/p', []).includes(join(packageDir, 'roles')))
})
