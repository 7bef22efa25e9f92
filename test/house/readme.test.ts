import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { $ } from 'zx'
import { root } from '../../scripts/lib/project.js'
import { apart } from '../support/tkplay.js'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
const fenced = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text)

const commands = fenced('sh').flatMap(text => text.trim().split('\n'))

/** What takes hosts or hours, and the test that runs it. */
const provenBy: { readonly [command: string]: string } = {
  'npm ci': '.ci/run',
  'npm pack': 'test/house/package.test.ts',
  [`npm install --global ./tkplay-${version}.tgz`]: 'test/house/package.test.ts',
  'npm ci && npm run quickstart': 'test/lab/quickstart.test.ts',
  'npm ci && npm test': '.ci/run',
  './tkplay trust all -i inventory/example': 'test/lab/trust.test.ts',
  './tkplay run playbooks/site.yml -i inventory/example': 'test/lab/site.test.ts',
  './tkplay check playbooks/site.yml -i inventory/example': 'test/lab/site.test.ts',
}

/** What is run here, in this order, with the exit code that the README leads one to expect. */
const runHere: { readonly [command: string]: { readonly code: number; readonly says: RegExp } } = {
  './tkplay check hello.yml -i hosts.yml': { code: 4, says: /would change: here › a folder/ },
  './tkplay run hello.yml -i hosts.yml': { code: 0, says: /changed: here › a greeting/ },
  './tkplay adhoc all -i hosts.yml -a uptime': { code: 0, says: /here.*\n.*load average/ },
  './tkplay facts all -i hosts.yml': { code: 0, says: /"?processor_vcpus"?/ },
  './tkplay inventory -i hosts.yml --graph': { code: 0, says: /here/ },
  './tkplay validate hello.yml -i hosts.yml': { code: 0, says: /nothing wrong/ },
  './tkplay doc copy': { code: 0, says: /COPY[\s\S]*PARAMETERS/ },
}

t.test('every command is run here, or by the test that is named for it', async t => {
  t.ok(commands.length > 10)
  for (const command of commands) t.ok(command in provenBy || command in runHere, command)
  for (const [command, test] of Object.entries(provenBy)) {
    t.ok(commands.includes(command), `still there: ${command}`)
    t.ok(existsSync(join(root, test)), test)
  }
})

t.test('the first play does what the README shows', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'tkplay-readme-'))
  const hello = join(dir, 'tkplay-hello')
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const [hosts = '', play = ''] = fenced('yaml')
  await writeFile(join(dir, 'hosts.yml'), hosts)
  await writeFile(join(dir, 'hello.yml'), play.replaceAll('/tmp/tkplay-hello', hello))
  await symlink(join(root, 'tkplay'), join(dir, 'tkplay'))
  // Notes of other runs on this machine would be told.
  const run = $({ quiet: true, nothrow: true, cwd: dir, env: { ...process.env, NO_COLOR: '1' } })
  const outputs = new Map<string, string>()
  for (const [command, { code, says }] of Object.entries(runHere)) {
    t.ok(commands.includes(command), `still there: ${command}`)
    const { exitCode, stdout, stderr } = await run`${apart} sh -c ${command}`
    t.equal(exitCode, code, `${command}\n${stdout}${stderr}`)
    t.match(stdout, says, command)
    outputs.set(command, stdout)
  }
  const plain = (text: string): string =>
    text
      .replaceAll(hello, '/tmp/tkplay-hello')
      .replace(/in \d+\.\d s/, 'in a moment')
      .trim()
  // What it shows of a cluster's check, test/lab/site.test.ts compares.
  const [, looked = '', done = ''] = fenced('text')
  t.equal(plain(outputs.get('./tkplay check hello.yml -i hosts.yml') ?? ''), plain(looked))
  t.equal(plain(outputs.get('./tkplay run hello.yml -i hosts.yml') ?? ''), plain(done))
  const again = await run`${apart} ./tkplay run hello.yml -i hosts.yml`
  t.match(again.stdout, /\bchanged=0\b/)
})

t.test('a clone that is not built says what to type', async t => {
  const clone = await mkdtemp(join(tmpdir(), 'tkplay-clone-'))
  t.teardown(() => rm(clone, { recursive: true, force: true }))
  await copyFile(join(root, 'tkplay'), join(clone, 'tkplay'))
  const help = () => $({ quiet: true, nothrow: true })`${clone}/tkplay --help`
  const saying = (build: string) => ({
    exitCode: 2,
    stderr: `tkplay: this clone is not built\n  → build it: (cd ${clone} && ${build})\n`,
  })
  t.match(await help(), saying('npm ci'))
  await mkdir(join(clone, 'node_modules'))
  t.match(await help(), saying('npm run build'), 'a build may be at work with the packages')
})

t.test('every page that it links to is there', async t => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link)
  t.ok(links.length > 5)
  for (const link of links) t.ok(existsSync(join(root, link)), link)
})
