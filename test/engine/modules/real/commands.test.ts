import { chmod, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { TkplayError } from '../../../../engine/core/failure.js'
import type { Json, JsonObject } from '../../../../engine/core/json.js'
import { reported } from '../../../../engine/run/failure/failures.js'
import { paramsOf } from '../../../support/cases.js'
import { LocalHost } from '../../../support/local-host.js'
import { converge, done, fromBareThenAgain, host, named, rejection, settled } from '../../../support/real.js'

t.setTimeout(180_000)

t.test('command and shell', async t => {
  const dir = t.testdir({ 'made.1': '' })
  const value = async (name: string, params: JsonObject): Promise<JsonObject> =>
    (await converge(name, params)).value as JsonObject
  t.match(await value('command', { cmd: 'echo "a  b" \'c\' d\\ e' }), {
    rc: 0,
    stdout: 'a  b c d e',
    cmd: ['echo', 'a  b', 'c', 'd e'],
  })
  t.match(await value('command', { cmd: 'echo $TKPLAY_NOT_SET ${HOME} a|b' }), {
    stdout: `$TKPLAY_NOT_SET ${process.env['HOME']} a|b`,
  })
  t.match(await value('command', { argv: ['echo', '$HOME', 'a b'], expand_argument_vars: false }), {
    stdout: '$HOME a b',
  })
  t.match(await value('command', { cmd: 'cat', stdin: 'in', strip_empty_ends: false }), {
    stdout: 'in\n',
    stdout_lines: ['in'],
  })
  t.match(await value('command', { cmd: 'pwd', chdir: dir }), { stdout: dir })
  t.match(await value('shell', { cmd: 'echo out; echo err >&2; exit 3' }), {
    rc: 3,
    stdout: 'out',
    stderr: 'err',
    failed: true,
    changed: true,
  })
  t.match(await value('shell', { cmd: 'read x; echo "<$x>"; echo \'q\'', stdin: 'line' }), {
    stdout: '<line>\nq',
    stdout_lines: ['<line>', 'q'],
  })
  t.match(
    await value('command', { argv: ['printf', 'a\fb\r\n\nc'] }),
    { stdout_lines: ['a', 'b', '', 'c'] },
    'lines as Python splits them',
  )
  t.match(await value('shell', { cmd: 'echo ${BASH_VERSION:+bash}', executable: '/bin/bash' }), { stdout: 'bash' })
  t.match(
    await value('shell', { cmd: 'tr "\\0" " " < /proc/$$/cmdline' }),
    { stdout: /^(?!.*cmdline).*$/ },
    'the text is in no argv',
  )
  t.match(await value('shell', { cmd: 'exit 1', creates: join(dir, 'made.*') }), { rc: 0, changed: false })
  t.match(await value('shell', { cmd: 'exit 1', removes: join(dir, 'none.*') }), { rc: 0, changed: false })
  t.match(await value('shell', { cmd: 'exit 1', unless: `[ -e ${join(dir, 'made.1')} ]` }), { rc: 0, changed: false })
  t.match(await value('shell', { cmd: 'echo ran', chdir: dir, creates: 'other', removes: 'made.1' }), { stdout: 'ran' })
  t.equal(done(await converge('command', { cmd: 'echo "open' })), 'bad-quoting')
})

t.test('how a program ended, or why it did not start', async t => {
  const dir = t.testdir({ text: 'no program', folder: {}, 'bad-script': '#!/no/such/interpreter\n' })
  await chmod(join(dir, 'bad-script'), 0o755)
  for (const shell of ['dash', 'bash', 'busybox sh']) {
    t.test(shell, async t => {
      const there = new LocalHost(shell.split(' '))
      const ran = async (name: string, given: JsonObject): Promise<Json> => {
        const module = named(name)
        const params = paramsOf(module, given)
        return (await module.apply({ kind: 'run', summary: '' }, params, there)) ?? null
      }
      const refused = async (name: string, given: JsonObject): Promise<readonly unknown[]> => {
        const error = await rejection(ran(name, given))
        if (!(error instanceof TkplayError) || error.failure.kind !== 'apply-failed') throw error
        const { result } = error.failure
        return [result?.['rc'], result?.['msg'], reported(error.failure, undefined, named(name)).message?.what]
      }
      const none = 'Error executing command.'
      t.strictSame(await refused('command', { cmd: '/no/such/program x' }), [
        2,
        none,
        "there is no program '/no/such/program' on the host",
      ])
      t.strictSame(await refused('command', { argv: ['no such'] }), [
        2,
        none,
        "there is no program 'no such' on the host",
      ])
      t.match(await refused('command', { cmd: '$HOME/none' }), [2, none, /there is no program '\/.*\/none'/])
      t.match(await refused('command', { cmd: `${dir}/bad-script` }), [2, none])
      t.match(await refused('command', { cmd: `${dir}/text` }), [13, none, /no program that this user may run/])
      t.match(await refused('command', { cmd: `${dir}/folder` }), [13, none])
      t.match(await refused('shell', { cmd: 'true; true', executable: '/no/such/sh' }), [2, none, /'\/no\/such\/sh'/])
      for (const name of ['command', 'shell'])
        t.strictSame(await refused(name, { cmd: 'true', chdir: `${dir}/none` }), [
          null,
          'Unable to change directory before execution.',
          `it cannot run in ${dir}/none: there is no such folder, or it may not be entered`,
        ])

      t.match(await ran('shell', { cmd: 'kill -9 $$' }), { rc: -9, failed: true })
      t.match(await ran('command', { argv: ['sh', '-c', 'kill -TERM $$'] }), { rc: shell === 'bash' ? Number : -15 })
      t.match(await ran('command', { argv: ['sh', '-c', 'echo out; echo err >&2; kill -USR1 $$'] }), {
        rc: -10,
        stdout: 'out',
        stderr: 'err',
      })
      t.match(await ran('shell', { cmd: 'exit 137' }), { rc: 137, stderr: '' }, 'an exit code is no signal')
      t.match(await ran('shell', { cmd: 'sh -c "kill -9 \\$\\$"; exit $?' }), { rc: 137 })
      t.match(await ran('shell', { cmd: 'exec no-such-program' }), { rc: 127, stderr: /not found/ })
      t.match(await ran('shell', { cmd: 'no-such-program x' }), { rc: 127, stderr: /^(?!.*exec).*not found$/ })
      t.match(await ran('command', { argv: ['sh', '-c', 'exec no-such-program'] }), { rc: 127, failed: true })
      t.match(await ran('command', { argv: ['sh', '-c', 'exit 127'] }), { rc: 127 })
      const daemon = await ran('shell', { cmd: 'sleep 1000 >/dev/null 2>&1 & echo $!' })
      t.ok(process.kill(Number((daemon as JsonObject)['stdout'])), 'what goes on is not waited for')
    })
  }
})

t.test('a guard tells where it looked', async t => {
  const dir = t.testdir({ work: { 'made.1': '' } })
  const atHome = new LocalHost(['/bin/sh'], { HOME: dir })
  const looked = async (name: string, given: JsonObject) => {
    const module = named(name)
    const params = paramsOf(module, given)
    return module.looks?.(params, await atHome.observe(module.probe(params, {})))
  }
  const work = join(dir, 'work')
  const cases: readonly (readonly [JsonObject, unknown])[] = [
    [{}, undefined],
    [{ creates: '~/x' }, { at: [`${dir}/x/`], absent: false }],
    [{ creates: '~/work' }, { at: [work], absent: false }],
    [
      { removes: "it's", chdir: work },
      { at: [`${work}/it's/`], absent: true },
    ],
    [
      { removes: 'made.*', chdir: '~/work' },
      { at: [`${work}/`], absent: false },
    ],
    [
      { creates: '/none', removes: '~/work/*.1' },
      { at: ['/none/', `${work}/`], absent: false },
    ],
    [
      { creates: 'x', chdir: '~/none' },
      { at: ['x'], absent: false },
    ],
    [
      { creates: '/none', unless: 'true' },
      { at: 'anything', absent: false },
    ],
    [
      { creates: '~/work', unless: 'true' },
      { at: [work], absent: false },
    ],
  ]
  for (const [given, wanted] of cases) {
    t.strictSame(await looked('shell', { cmd: 'true', ...given }), wanted, JSON.stringify(given))
    if (!('chdir' in given) && !('unless' in given))
      t.strictSame(await looked('uri', { url: 'http://localhost', ...given }), wanted, `uri: ${JSON.stringify(given)}`)
  }
})

t.test('mount: the table', async t => {
  const dir = t.testdir({ fstab: '# static\n/dev/sda1 / ext4 defaults 0 1\n', place: {} })
  const params = {
    path: join(dir, 'pla ce'),
    src: 'tmpfs',
    fstype: 'tmpfs',
    opts: 'size=1m',
    fstab: join(dir, 'fstab'),
  }
  await fromBareThenAgain(t, 'mount', { ...params, state: 'present' }, 1)
  t.match(await readFile(join(dir, 'fstab'), 'utf8'), 'pla\\040ce tmpfs size=1m 0 0\n')
  await fromBareThenAgain(t, 'mount', { ...params, state: 'absent_from_fstab' }, 1)
  t.equal(await readFile(join(dir, 'fstab'), 'utf8'), '# static\n/dev/sda1 / ext4 defaults 0 1\n')
})

t.test('mount: for real', { skip: process.getuid?.() !== 0 && 'only root can mount' }, async t => {
  const dir = t.testdir({ fstab: '' })
  const apart = new LocalHost(['unshare', '--mount', '/bin/sh'])
  const can = await apart.run(['mount', '-t', 'tmpfs', 'tmpfs', dir], { ok: 'any' })
  if (can.rc !== 0) {
    t.comment('this machine does not let root mount')
    return
  }
  const path = join(dir, 'place')
  const params = paramsOf(named('mount'), {
    path,
    src: 'tmpfs',
    fstype: 'tmpfs',
    opts: 'size=1m',
    state: 'mounted',
    fstab: join(dir, 'fstab'),
  })
  t.teardown(() => host.run(['umount', path], { ok: 'any' }))
  const mounted = await host.converge(named('mount'), params)
  t.equal(done(mounted as never), 3)
  t.ok(settled(mounted as never))
  const gone = await host.converge(named('mount'), { ...params, state: 'absent' })
  t.equal(done(gone as never), 3)
  t.ok(settled(gone as never))
  t.same(await readdir(dir), ['fstab'])
})
