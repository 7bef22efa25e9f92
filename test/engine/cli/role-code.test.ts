import { join } from 'node:path'
import t from 'tap'
import { packageDir } from '../../../engine/config/home.js'
import { roleFolders } from '../../../engine/playbook/roles/find-role.js'
import { tkplay } from '../../support/tkplay.js'

t.setTimeout(60_000)

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
      /cannot say its steps: Cannot read .* 'text'\)\n\s+at roles\/mine\/role\.ts:12:\d+\n.*used at two\.yml:4:14/,
    )
    t.match(await run('three.yml'), /computed\(\) failed: odd\n\s+at .*roles\/mine\/role\.ts:14:\d+/)
  })
}

t.test('a role of the clone that was not there when it was built is found', async t => {
  t.ok(roleFolders('/p', []).includes(join(packageDir, 'roles')))
})
