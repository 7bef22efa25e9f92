import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { $ } from 'zx'
import { memoryProblem, requireUpperLayers } from '../../../lab/machine/prerequisites.js'
import { projectRoot } from '../../../lab/state/paths.js'

const CLI = join(projectRoot, 'dist/lab/cli.js')

/** Runs `lab up` for a lab that must not come up, with these settings. */
const up = async (env: { [name: string]: string }, ...before: string[]) => {
  const run = $({ nothrow: true, quiet: true, env: { ...process.env, ...env } })
  const { exitCode, stderr } = await run`${before} ${process.execPath} ${CLI} up 1 --name test-refused`
  return { exitCode, stderr }
}

const run = (...argv: string[]) => $`${argv}`

t.setTimeout(300_000)

t.test('not root', async t => {
  const refused = await up({}, 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups')
  t.match(refused, { exitCode: 1, stderr: /takes root\n {2}→ start it again with sudo, or as root/ })
})

/** A small file system of its own; taken away here, since tap removes its folder before teardowns run. */
const onTmpfs = async (folder: string, work: () => Promise<void>): Promise<void> => {
  await run('mount', '-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', folder)
  try {
    await work()
  } finally {
    await run('umount', '-R', folder)
  }
}

t.test('too little disk', async t => {
  const folder = t.testdir()
  await onTmpfs(folder, async () => {
    const refused = await up({ TKPLAY_LAB_STATE: folder })
    const stderr = /0\.0 GB are free under .*\n {2}→ free some space there, or set TKPLAY_LAB_STATE/
    t.match(refused, { exitCode: 1, stderr })
  })
})

t.test('upper layers on an overlay, as in a container', async t => {
  const folder = t.testdir()
  const at = (name: string) => join(folder, name)
  await onTmpfs(folder, async () => {
    await $`mkdir ${['lower', 'upper', 'work', 'root'].map(at)}`
    const layers = `lowerdir=${at('lower')},upperdir=${at('upper')},workdir=${at('work')}`
    await run('mount', '-t', 'overlay', 'overlay', '-o', layers, at('root'))
    t.match(
      await requireUpperLayers(at('root')).catch(String),
      /on an overlay file system[\s\S]*→ set TKPLAY_LAB_STATE/,
    )
  })
  await t.resolves(requireUpperLayers(folder))
})

t.test('no way to Debian, and nothing in the cache', async t => {
  const cache = t.testdir()
  const refused = await up({ TKPLAY_CACHE: cache, TKPLAY_DEBIAN_MIRROR: 'http://127.0.0.1:9' })
  t.match(refused, { exitCode: 1, stderr: /cannot be reached: http:\/\/127\.0\.0\.1:9[\s\S]*→ .*TKPLAY_DEBIAN_MIRROR/ })
})

t.test('too little memory', async t => {
  t.match(
    memoryProblem('MemTotal: 9 kB\nMemAvailable:    1048576 kB\n', 3 * 2 ** 30)?.message,
    /1\.0 GB of memory are available, and 3\.0 GB are needed\n {2}→/,
  )
  t.equal(memoryProblem('MemAvailable:    4048576 kB\n', 3 * 2 ** 30), undefined)
})

t.test('a wrong command line is told apart by its exit code', async t => {
  for (const args of [['upp'], ['up', 'many'], ['up', '--sorce', 'x'], ['up', '--source', 'x'], ['exec']]) {
    const { exitCode, stderr } = await $({ nothrow: true, quiet: true })`${process.execPath} ${CLI} ${args}`
    t.equal(exitCode, 2, args.join(' '))
    t.match(stderr, /npm run lab -- up/)
  }
  const bad = await $({ nothrow: true, quiet: true })`${process.execPath} ${CLI} up --name ${'No Name'}`
  t.match(bad, { exitCode: 1, stderr: /is no name for a lab/ })
})

t.test('what was refused left nothing behind', async t => {
  for (const path of [
    '/var/lib/tkplay-lab/test-refused',
    '/run/tkplay-lab/labs/test-refused',
    '/run/lock/tkplay-lab.test-refused',
  ]) {
    t.notOk(existsSync(path), path)
  }
})
