import { Buffer } from 'node:buffer'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { hostMessages } from '../../../../engine/run/failure/host-messages.js'
import {
  fileNameOf,
  forgetScript,
  type Leftovers,
  leftovers,
  rememberScript,
} from '../../../../engine/run/handlers/journal-scripts.js'

const notes = (names: readonly string[], owner: string) => names.map(name => ({ name, owner }))

/** The scripts on this machine, below a folder of the test's own. */
const at = (dir: string) => {
  const run = (script: string): Buffer => execFileSync('/bin/sh', ['-c', script.replaceAll('/var/lib', dir)])
  return {
    remember: (names: readonly string[], owner = 'web/site.yml') => run(rememberScript(notes(names, owner))),
    forget: (names: readonly string[], owner = 'web/site.yml') => run(forgetScript(notes(names, owner))),
    notes: () => {
      const answer = { rc: 0, stdout: run(leftovers.sh), stderr: new Uint8Array() }
      return (leftovers.parse(answer) as Leftovers).notified
    },
    owed(): readonly string[] {
      return this.notes()
        .map(({ name }) => name)
        .sort()
    },
    folder: () => {
      const answer = { rc: 0, stdout: run(leftovers.sh), stderr: new Uint8Array() }
      return (leftovers.parse(answer) as Leftovers).folder
    },
    files: () => (existsSync(join(dir, 'tkplay/notified')) ? readdirSync(join(dir, 'tkplay/notified')) : []),
  }
}

t.test('a handler of any name is remembered and forgotten', async t => {
  const host = at(t.testdir())
  const long = 'перезапустить '.repeat(30)
  const names = ['restart nginx', "it's", '.hidden', '100 %', 'a/b\nc', '-n', long, `${long}!`, 'x'.repeat(251)].sort()
  host.remember(names)
  t.strictSame(host.owed(), names)
  host.remember([long])
  t.strictSame(host.owed(), names)
  host.forget([long, '.hidden'])
  t.strictSame(
    host.owed(),
    names.filter(name => name !== long && name !== '.hidden'),
  )
  host.forget(names)
  t.strictSame(host.files(), [])
})

t.test('no name of a file there is taken for another answer', async t => {
  const dir = t.testdir()
  const host = at(dir)
  host.remember(['real'])
  const forged = ['x\nunit tkplay-..', 'y\nfolder ', 'z\nnotified other']
  for (const name of forged) writeFileSync(join(dir, 'tkplay/notified', name), '')
  t.strictSame(host.owed(), ['real'])
  t.equal(host.folder(), join(dir, 'tkplay/notified'))
  const told = ['unit tkplay-apt.service', 'unit tkplay-../../../x.service', 'unit tkplay-a\nb.service', ''].join('\0')
  t.strictSame((leftovers.parse({ rc: 0, stdout: Buffer.from(told), stderr: new Uint8Array() }) as Leftovers).units, [
    'tkplay-apt.service',
  ])
})

t.test('what cannot be remembered is said, for a message of its own', async t => {
  const dir = t.testdir({ tkplay: 'no folder' })
  const script = rememberScript([{ name: 'x', owner: 'role web' }]).replaceAll('/var/lib', dir)
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
  t.equal(status, 1)
  t.equal(hostMessages.diagnose?.({ rc: 1, stdout, stderr })?.code, 'no-notes')
  const full = { rc: 1, stdout: '', stderr: `mkdir: x: No space left on device\n${stderr}` }
  t.equal(hostMessages.diagnose?.(full)?.code, 'disk-full', 'a cause that is known comes first')
  const pipe = { rc: 77, stdout, stderr: 'tkplay: special file: ann: /home/ann/pipe\n' }
  t.strictSame(hostMessages.diagnose?.(pipe), { code: 'special-file', data: { user: 'ann', path: '/home/ann/pipe' } })
})

t.test('a folder that another run removes meanwhile is made again', async t => {
  const dir = t.testdir({ bin: {} })
  const script = rememberScript(notes(['restart'], 'web/site.yml')).replaceAll('/var/lib', dir)
  const removesOnce = `#!/bin/sh\n/bin/mkdir "$@" && [ -e ${dir}/once ] || { : >${dir}/once; rmdir ${dir}/tkplay/notified; }\n`
  writeFileSync(join(dir, 'bin/mkdir'), removesOnce, { mode: 0o755 })
  const env = { PATH: `${dir}/bin:${process.env['PATH']}` }
  t.match(spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', env }), { status: 0, stdout: '', stderr: '' })
  t.ok(existsSync(join(dir, 'once')), 'it was removed')
  t.strictSame(at(dir).owed(), ['restart'])
})

t.test('property: names of any characters', async t => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
  const host = at(t.testdir())
  fc.assert(
    fc.property(name, one => {
      host.remember([one])
      t.strictSame(host.owed(), [one])
      host.forget([one])
    }),
    { numRuns: 25 },
  )
})

t.test("somebody else's file is no name", async t => {
  const answer = {
    rc: 0,
    stdout: Buffer.from('notified 100% x\0notified  x\0notified restart%20it role%20web\0'),
    stderr: Buffer.alloc(0),
  }
  t.strictSame(leftovers.parse(answer).notified, [{ name: 'restart it', owner: 'role web' }])
})

t.test('the file of a notification can be named', async t => {
  const dir = t.testdir()
  const host = at(dir)
  const names = ['restart it', 'перезапустить '.repeat(30), '.hidden']
  host.remember(names)
  t.equal(host.folder(), join(dir, 'tkplay/notified'))
  t.strictSame(host.files().sort(), notes(names, 'web/site.yml').map(fileNameOf).sort())
})

t.test('a notification is told from another playbook’s of the same name', async t => {
  const host = at(t.testdir())
  host.remember(['restart app'], 'web/a.yml')
  host.remember(['restart app'], "it's/b.yml")
  t.strictSame(
    host
      .notes()
      .map(({ owner }) => owner)
      .sort(),
    ["it's/b.yml", 'web/a.yml'],
  )
  host.forget(['restart app'], 'web/a.yml')
  t.strictSame(host.notes(), [{ name: 'restart app', owner: "it's/b.yml" }])
})
