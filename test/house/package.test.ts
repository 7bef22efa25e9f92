import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { $ } from 'zx'
import { root } from '../../scripts/lib/project.js'

/** What a user gets: the tarball, installed globally into a folder of its own, used from elsewhere. */
const place = await mkdtemp(join(tmpdir(), 'tkplay-package-'))
t.teardown(() => rm(place, { recursive: true, force: true }))
const prefix = join(place, 'prefix')
const project = join(place, 'project')
await mkdir(join(project, 'roles/hello'), { recursive: true })

const sh = $({ quiet: true, cwd: root })
await sh`npm pack --ignore-scripts --pack-destination ${place}`
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
await sh`npm install --global --prefix ${prefix} --prefer-offline --no-audit --no-fund ${join(place, `tkplay-${version}.tgz`)}`
const installed = join(prefix, 'lib/node_modules/tkplay')

writeFileSync(
  join(project, 'roles/hello/role.ts'),
  `import { defineRole, step } from 'tkplay'

interface Params {
  readonly greeting: string
}

export default defineRole<Params>({
  name: 'hello',
  doc: 'Writes a greeting.',
  params: { type: 'object', properties: { greeting: { type: 'string', default: 'Hello.' } } },
  steps: p => [step('a greeting', 'copy', { dest: '${join(project, 'greeting')}', content: \`\${p.greeting}\\n\` })],
})
`,
)
writeFileSync(join(project, 'play.yml'), '- hosts: all\n  gather_facts: false\n  roles: [hello]\n')
writeFileSync(join(project, 'hosts'), 'here ansible_connection=local\n')

const tkplay = async (...args: readonly string[]) => {
  const run = $({ quiet: true, nothrow: true, cwd: project })
  const { exitCode, stdout, stderr } = await run`${join(prefix, 'bin/tkplay')} ${args}`
  return { code: exitCode, out: stdout, err: stderr }
}

t.test('it says its version and its documentation', async t => {
  t.match(await tkplay('--version'), { code: 0, out: version })
  t.match(await tkplay('doc'), { code: 0, out: /\bcopy\b[\s\S]*\bcommon-prep\b/ })
  t.match(await tkplay('doc', 'kubeadm_init'), { code: 0, out: /PARAMETERS/ })
})

t.test("a user's own role in TypeScript runs without a build: check, run, check", async t => {
  t.match(await tkplay('check', 'play.yml', '-i', 'hosts'), { code: 4, out: /would change: here/ })
  t.match(await tkplay('run', 'play.yml', '-i', 'hosts', '-e', 'greeting=Hi.'), { code: 0, out: /changed: here/ })
  t.equal(readFileSync(join(project, 'greeting'), 'utf8'), 'Hi.\n')
  t.match(await tkplay('check', 'play.yml', '-i', 'hosts', '-e', 'greeting=Hi.'), { code: 0 })
})

t.test('that role type-checks against the package', async t => {
  await mkdir(join(project, 'node_modules'))
  await sh`ln -s ${installed} ${join(project, 'node_modules/tkplay')}`
  writeFileSync(join(project, 'package.json'), '{"type": "module"}\n')
  const { exitCode, stdout } = await $({ quiet: true, nothrow: true, cwd: project })`${join(
    root,
    'node_modules/.bin/tsc',
  )} --noEmit --strict --module nodenext --target es2023 --types node --typeRoots ${join(root, 'node_modules/@types')} roles/hello/role.ts`
  t.equal(exitCode, 0, stdout)
})

t.test('the playbooks of the package are valid where they lie, and nothing of the workshop came along', async t => {
  const site = join(installed, 'playbooks/site.yml')
  t.match(await tkplay('validate', site, '-i', join(installed, 'inventory/example')), { code: 0 })
  const { stdout } = await sh`find ${installed} -path ${join(installed, 'node_modules')} -prune -o -type f -print`
  const files = stdout.split('\n').map(file => file.slice(installed.length + 1))
  t.ok(files.includes('dist/bundle/bin/tkplay.js') && files.includes('LICENSE') && files.includes('README.md'))
  t.ok(files.includes('docs/session.svg'), "the README's picture")
  t.same(
    files.filter(file => /^(dist\/)?(lab|test|scripts|bench)\//.test(file)),
    [],
  )
})
