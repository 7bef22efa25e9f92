import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { $ } from 'zx'
import { root, sourceFolders } from '../../scripts/lib/project.js'

/** The project as it stands, built already, so that only what is new is compiled. */
const copy = t.testdir()
for (const part of [...sourceFolders, 'dist', 'package.json', 'tsconfig.json']) {
  if (existsSync(join(root, part)))
    cpSync(join(root, part), join(copy, part), { recursive: true, preserveTimestamps: true })
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

const run = $({ quiet: true, nothrow: true, cwd: copy })
const node = async (...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await run`${process.execPath} ${args}`
  return { code: exitCode, said: `${stdout}${stderr}` }
}

t.test('a new module and a new role compile, and their tests pass as they stand', async t => {
  t.match(await node('dist/scripts/new-module.js', 'files/house_greeting'), { code: 0, said: /index\.ts lists it/ })
  t.match(await node('dist/scripts/new-module.js', 'kube/cluster/house_object'), { code: 0 })
  t.match(await node('dist/scripts/new-role.js', 'house-greeting'), { code: 0, said: /Next: / })
  const list = readFileSync(join(copy, 'engine/modules/index.ts'), 'utf8')
  t.match(list, "from './files/house_greeting.js'")
  t.match(list, "from './kube/cluster/house_object.js'")
  const built = await run`node_modules/.bin/tsc -p .`
  t.equal(built.exitCode, 0, built.stdout)
  const cases = await node('dist/test/engine/modules/cases.test.js')
  const about = cases.said.split('\n').filter(line => line.includes('house_greeting'))
  t.match(about.join('\n'), /ok \d+ - house_greeting: what every module has/)
  t.ok(about.length > 3, 'its cases ran')
  t.notMatch(about.join('\n'), /not ok/)
  t.match(await node('dist/test/roles/house-greeting.test.js'), { code: 0 })
  for (const file of [
    'engine/modules/index.ts',
    'engine/modules/files/house_greeting.ts',
    'engine/modules/kube/cluster/house_object.ts',
    'roles/house-greeting/role.ts',
    'test/roles/house-greeting.test.ts',
  ]) {
    const text = readFileSync(join(copy, file), 'utf8')
    const biome = $({ quiet: true, cwd: root, input: text })
    const { stdout } = await biome`node_modules/.bin/biome format --stdin-file-path=${file}`
    t.equal(stdout, text, `${file} is formatted as ours are`)
  }
})

t.test('nothing is written over, and a name must look like one', async t => {
  const newModule = (place: string) => node('dist/scripts/new-module.js', place)
  t.match(await newModule('files/copy'), { code: 2, said: 'engine/modules/files/copy.ts exists already' })
  t.match(await newModule('files/no-hyphens'), { code: 2, said: 'a name such as files/ini_file' })
  const folders = /FOLDER is one of commands, files, kube\/cluster, .*, system, not/
  for (const place of ['ini_file', 'support/ini_file', 'kube/ini_file', 'elsewhere/ini_file'])
    t.match(await newModule(place), { code: 2, said: folders }, place)
  t.match(await node('dist/scripts/new-role.js'), { code: 2, said: 'a name such as load-balancer' })
})
