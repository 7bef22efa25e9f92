import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { familyOf, together, watchMemory } from '../../bench/memory.js'

t.test('a family is what it was and lives, and what comes of it', async t => {
  const parentOf = new Map([
    [1, 0],
    [10, 1],
    [11, 10],
    [12, 11],
    [20, 1],
  ])
  t.same([...familyOf(new Set([10]), parentOf)].sort(), [10, 11, 12])
  const later = new Map([
    [1, 0],
    [11, 1],
    [13, 11],
    [20, 1],
  ])
  t.same([...familyOf(new Set([10, 11, 12]), later)].sort(), [11, 13], 'one that lost its parent belongs to it still')
})

t.test('what is shared counts once', async t => {
  const size = { own: 5, shared: 50 }
  t.equal(together([size, size, { own: 1, shared: 20 }]), 61)
  t.equal(together([]), 0)
})

t.test('memory of a process that starts another is seen', async t => {
  const hold = 'const held = Buffer.alloc(60e6, 1); setTimeout(() => held, 60e3); console.log("held")'
  const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(hold)}], {stdio: 'inherit'})`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  t.teardown(() => process.kill(-(child.pid ?? 0), 'SIGKILL'))
  await once(child.stdout, 'data')
  const watch = watchMemory(child.pid ?? 0)
  t.ok((await watch.stop()) > 57, 'one look is always made, and 60 MB are held')
})
