import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { measureIn, TIME } from '../../bench/measure.js'
import { endRunning } from '../../bench/running.js'
import { parseTime } from '../../bench/time.js'

t.test("time's line", async t => {
  t.same(parseTime('0.50 0.25 2048\n'), { cpu: 0.75, largest: 2 })
  t.equal(parseTime(''), undefined)
})

t.test('a command is measured', { skip: existsSync(TIME) ? false : 'the Debian package time is missing' }, async t => {
  const dir = t.testdir()
  const measure = measureIn(dir)
  const run = (script: string, watched = false) =>
    measure({ argv: [process.execPath, '-e', script], env: { WORD: 'word' }, cwd: '/' }, watched)

  const ran = await run(
    'console.log(process.env.WORD, process.cwd()); console.error("aside"); process.exitCode = 3',
    true,
  )
  t.match(ran, { code: 3, stdout: 'word /\n', stderr: 'aside\n' })
  t.ok(ran.sample.cpu > 0 && ran.sample.wall > 0)
  t.ok(ran.sample.largest > 10, 'a Node takes more than 10 MB')
  t.ok((ran.together ?? 0) >= ran.sample.largest)
  t.equal((await run('')).together, undefined, 'not watched')

  const endless = run('console.log("ready"); setInterval(() => {}, 1000)')
  while (!readFileSync(join(dir, 'stdout'), 'utf8').includes('ready')) await sleep(20)
  endRunning()
  t.not((await endless).code, 0, 'an interrupt ends it')
})
