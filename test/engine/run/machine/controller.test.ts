import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError } from '../../../../engine/core/failure.js'
import { readTree } from '../../../../engine/modules/files/tree.js'
import { controllerFor } from '../../../../engine/run/machine/controller.js'
import { step } from '../harness/steps.js'

// What it finds, renders and reads needs no run.
const controller = controllerFor({} as never, step('copies', 'copy', {}), {} as never)

const laidOut = (root: string): string => {
  mkdirSync(join(root, 'tree/sub/deeper'), { recursive: true })
  mkdirSync(join(root, 'beside'))
  writeFileSync(join(root, 'tree/f'), 'f')
  writeFileSync(join(root, 'tree/sub/g'), 'g')
  writeFileSync(join(root, 'beside/b'), 'b')
  const links = {
    dangling: 'nowhere/at all',
    itself: 'itself',
    file: 'sub/g',
    folder: '../beside',
    up: '..',
    above: '../..',
  }
  for (const [name, target] of Object.entries(links)) {
    const at = name === 'up' || name === 'above' ? join(root, 'tree/sub', name) : join(root, 'tree', name)
    symlinkSync(target, at)
  }
  return join(root, 'tree')
}

const read = async (root: string, follow: boolean): Promise<readonly string[]> =>
  (await readTree(controller, root, follow)).map(entry =>
    entry.kind === 'link'
      ? `${entry.path} -> ${entry.target}`
      : `${entry.path}${entry.kind === 'directory' ? '/' : ''}`,
  )

t.test('links of a tree are followed, but for those that lead nowhere or to a folder that holds them', async t => {
  const found = await read(laidOut(t.testdir({})), true)
  for (const one of ['dangling -> nowhere/at all', 'itself -> itself', 'file', 'folder/', 'folder/b', 'sub/up -> ..'])
    t.ok(found.includes(one), one)
  t.ok(found.includes('sub/above/beside/b'), 'what is above the tree is brought once')
  t.notOk(found.some(one => one.includes('above/tree/sub/above/')))
})

t.test('or none of them', async t => {
  t.strictSame(await read(laidOut(t.testdir({})), false), [
    'dangling -> nowhere/at all',
    'f',
    'file -> sub/g',
    'folder -> ../beside',
    'itself -> itself',
    'sub/',
    'sub/above -> ../..',
    'sub/deeper/',
    'sub/g',
    'sub/up -> ..',
  ])
})

t.test('what cannot be read here is the task’s failure', async t => {
  const root = laidOut(t.testdir({}))
  const cases: readonly (readonly [() => Promise<unknown>, RegExp])[] = [
    [() => controller.stat(join(root, 'dangling')), /'.*dangling' cannot be read on this machine: .*leads nowhere/],
    [() => controller.stat(join(root, 'itself')), /its links go in circles/],
    [() => controller.read(root), /it is a folder/],
    [() => controller.list(join(root, 'f')), /no folder/],
    [() => controller.link(join(root, 'none')), /no such file/],
  ]
  for (const [work, message] of cases) {
    const error = await work().catch((error: unknown) => error)
    t.ok(error instanceof ConfigError && message.test(error.message), String(error))
  }
})

t.test('a link may lead to a name with a newline', async t => {
  const root = t.testdir({ tree: {} })
  execFileSync('ln', ['-s', 'a\nb', join(root, 'tree', 'l')])
  t.strictSame(await read(join(root, 'tree'), true), ['l -> a\nb'])
})
