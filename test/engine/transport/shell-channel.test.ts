import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import t from 'tap'
import { ShellChannel, type ShellStreams } from '../../../engine/transport/shell-channel.js'
import { said, shells } from '../shell/shells.js'
import { failureOf, pidsOf, running, unique, until } from './wait.js'

t.setTimeout(240_000)

const open = (shell: readonly string[]) => {
  const [name = '', ...args] = shell
  const child = spawn(name, [...args, '-s'], { detached: true })
  const streams: ShellStreams = {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    // Not 'exit': what the shell printed last may come after it.
    onEnd: listener => child.on('close', code => listener({ reason: `ended with ${code}`, byItself: code !== null })),
    destroy: () => child.stdin.destroy(),
  }
  let batches = 0
  const onBatch = (): void => {
    batches += 1
  }
  return { channel: new ShellChannel(streams, { target: 'me@here:22', onBatch }), child, batches: () => batches }
}

for (const shell of shells) {
  const [name = ''] = shell

  t.test(`${name}: batches queue, each is one trip, and answers keep their order`, async t => {
    const { channel, batches } = open(shell)
    const all = await Promise.all(
      [1, 2, 3].map(batch => channel.run(Array.from({ length: 20 }, (_, job) => ({ sh: `echo ${batch}.${job}` })))),
    )
    t.strictSame(
      all.map(answers => answers.map(answer => said(answer).stdout.trim())),
      [1, 2, 3].map(batch => Array.from({ length: 20 }, (_, job) => `${batch}.${job}`)),
    )
    t.strictSame(await channel.run([]), [], 'nothing to ask is no trip')
    t.equal(batches(), 3)
    channel.close()
  })

  t.test(`${name}: a job past its timeout is ended with all it started, and the next one runs`, async t => {
    const { channel } = open(shell)
    const [simple, stubborn, group, session, left] = Array.from({ length: 5 }, unique)
    const timeout = 400
    const answers = await channel.run([
      { sh: `sleep ${simple}; echo went on`, timeout },
      { sh: `trap '' TERM; sleep ${stubborn} & sleep ${stubborn}`, timeout },
      { sh: `timeout 99 sleep ${group}`, timeout },
      { sh: `(sleep ${session} &); trap 'echo cleaned up; exit 4' TERM; sleep ${session}`, timeout },
      { sh: `sleep ${left} >/dev/null 2>&1 & echo soon`, timeout },
      { sh: 'echo after', timeout: 60_000 },
    ])
    t.strictSame(
      answers.map(answer => answer.timedOut),
      [true, true, true, true, false, false],
    )
    t.match(answers.map(said), [
      { rc: 143, stdout: '' },
      { rc: 137 },
      { stdout: '' },
      { rc: 4, stdout: 'cleaned up\n' },
      { rc: 0, stdout: 'soon\n' },
      { rc: 0, stdout: 'after\n' },
    ])
    for (const seconds of [simple, stubborn, group, session]) t.strictSame(running(`sleep ${seconds}`), [])
    const leftBehind = await until(() => running(`sleep ${left}`).length === 1)
    t.ok(leftBehind, 'what a job leaves behind on purpose lives on')
    await channel.run([{ sh: `kill $(grep -lz ${left} /proc/[0-9]*/cmdline | cut -d/ -f3)` }])
    channel.close()
  })

  t.test(`${name}: an abort ends what runs, and nothing after it starts`, async t => {
    const { channel } = open(shell)
    const first = unique()
    const dir = t.testdir()
    const abort = new AbortController()
    const batch = failureOf(channel.run([{ sh: `sleep ${first}` }, { sh: `touch ${dir}/made` }], abort))
    const queued = failureOf(channel.run([{ sh: `touch ${dir}/made` }], abort))
    t.ok(await until(() => running(`sleep ${first}`).length === 1))
    abort.abort()
    t.match(await batch, { kind: 'interrupted' })
    t.match(await queued, { kind: 'interrupted' })
    t.strictSame(running(`sleep ${first}`), [])
    t.strictSame(readdirSync(dir), [])
    t.match(await failureOf(channel.run([{ sh: ':' }])), { code: 'lost' }, 'the shell has left')
    t.match(await failureOf(channel.run([{ sh: ':' }], { signal: AbortSignal.abort() })), { kind: 'interrupted' })
  })

  t.test(`${name}: a client that is gone leaves no job behind but one that is to survive`, async t => {
    const dir = t.testdir()
    const [limited, unlimited, waiting, daemon] = Array.from({ length: 4 }, unique)
    const jobs = [
      { sh: `sleep ${limited}; touch ${dir}/went-on`, timeout: 360_000 },
      { sh: `(setsid sleep ${daemon} &); sleep ${unlimited} & sleep ${unlimited}; touch ${dir}/went-on` },
      { sh: `sleep ${waiting}; touch ${dir}/went-on`, survives: true as const },
    ]
    const clients = jobs.map(job => ({ ...open(shell), job }))
    // A shell of which nothing was heard yet would not be lost, but none.
    for (const { channel } of clients) await channel.run([{ sh: ':' }])
    const lost = clients.map(({ channel, job }) => failureOf(channel.run([job, { sh: `touch ${dir}/went-on` }])))
    const count = (seconds: string | undefined): number => running(`sleep ${seconds}`).length
    t.ok(
      await until(() => count(limited) === 1 && count(unlimited) === 2 && count(waiting) === 1 && count(daemon) === 1),
    )
    for (const { child } of clients) for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
    t.ok(await until(() => count(limited) === 0 && count(unlimited) === 0), 'ended on the host')
    for (const failure of await Promise.all(lost.slice(0, 2))) t.match(failure, { code: 'lost' })
    t.strictSame(readdirSync(dir), [], 'and nothing after it was begun')
    t.equal(count(waiting), 1, 'what is to survive does')
    t.equal(count(daemon), 1, 'and so does a daemon')
    for (const one of [...pidsOf(`sleep ${waiting}`), ...pidsOf(`sleep ${daemon}`)]) process.kill(one, 'SIGKILL')
    t.match(await lost[2], { code: 'lost' }, 'of its answer nobody hears')
  })

  t.test(`${name}: a daemon outlives the timeout of the task that started it`, async t => {
    const { channel } = open(shell)
    const [daemon, own] = [unique(), unique()]
    const [answer] = await channel.run([
      { sh: `(setsid sleep ${daemon} &); setsid sleep ${own} & sleep ${own}`, timeout: 3000 },
    ])
    t.match(answer, { timedOut: true })
    t.strictSame(running(`sleep ${own}`), [], 'what is still its child is ended with it')
    t.equal(running(`sleep ${daemon}`).length, 1)
    for (const one of pidsOf(`sleep ${daemon}`)) process.kill(one, 'SIGKILL')
    channel.close()
  })

  t.test(`${name}: what lives on in the background does not hold up the answer`, async t => {
    const { channel } = open(shell)
    const seconds = unique()
    const [answer] = await channel.run([{ sh: `sleep ${seconds} & echo started; kill -0 $!` }])
    t.match(said(answer), { rc: 0, stdout: 'started\n' })
    // What was forked may not be sleep yet.
    t.ok(await until(() => running(`sleep ${seconds}`).length === 1))
    await channel.run([{ sh: `kill $(grep -lz ${seconds} /proc/[0-9]*/cmdline | cut -d/ -f3)` }])
    channel.close()
  })

  t.test(`${name}: megabytes both ways`, async t => {
    const { channel } = open(shell)
    const stdin = Buffer.alloc(2_000_000, Uint8Array.of(0, 200, 10, 65))
    const [answer, small] = await channel.run([{ sh: 'cat', stdin }, { sh: 'echo x' }])
    t.ok(stdin.equals(answer?.stdout ?? new Uint8Array()))
    t.equal(said(small).stdout, 'x\n')
    channel.close()
  })
}

t.test('a shell that ends answers all that wait', async t => {
  const { channel } = open(shells[0] ?? [])
  const batches = [channel.run([{ sh: 'kill -KILL $$' }]), channel.run([{ sh: ':' }])]
  for (const failure of await Promise.all(batches.map(failureOf)))
    t.match(failure, { kind: 'unreachable', code: 'lost', message: /me@here:22/, remedy: /./ })
})

t.test('what is no shell says why', async t => {
  const { channel } = open(['sh', '-c', 'echo This account is currently not available.; exit 1', 'x'])
  t.match(await failureOf(channel.run([{ sh: ':' }])), { code: 'no-shell', message: /currently not available/ })
})

t.test('what leaves of its own accord without a word is no shell; what was ended is a lost connection', async t => {
  const left = await failureOf(open(['sh', '-c', 'exit 1', 'x']).channel.run([{ sh: ':' }]))
  t.match(left, { code: 'no-shell', message: /gives no shell: ended with 1, without a word$/ })
  t.match(await failureOf(open(['sh', '-c', 'kill -KILL $$', 'x']).channel.run([{ sh: ':' }])), { code: 'lost' })
})

t.test('a shell that never answers is given up', async t => {
  const child = spawn('sh', ['-c', 'echo Welcome; exec sleep 600'], { detached: true })
  const streams: ShellStreams = {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    onEnd: listener => child.on('close', code => listener({ reason: `ended with ${code}`, byItself: code !== null })),
    destroy: () => child.kill('SIGKILL'),
  }
  const channel = new ShellChannel(streams, { target: 'me@here:22', patience: 300 })
  const failure = await failureOf(channel.run([{ sh: 'echo hi' }]))
  t.match(failure, { kind: 'unreachable', code: 'no-shell', message: /no answer in 0.3 s: Welcome/ })
  t.equal(channel.closed, true)
})

t.test('output without an end is ended, and the next job runs', async t => {
  const { channel } = open(shells[0] ?? ['sh'])
  const [flood, next] = await channel.run([{ sh: 'cat /dev/zero' }, { sh: 'echo next' }])
  t.equal(flood?.flooded, true)
  t.equal(said(next).stdout, 'next\n')
  channel.close()
})

t.test('a greeting before the first answer is not part of it', async t => {
  const { channel } = open(['sh', '-c', 'echo Welcome; echo to you >&2; exec sh -s', 'x'])
  t.match((await channel.run([{ sh: 'echo hi' }])).map(said), [{ rc: 0, stdout: 'hi\n', stderr: '' }])
  channel.close()
})

t.test('a text that cannot be sent fails alone', async t => {
  const { channel } = open(shells[0] ?? [])
  await t.rejects(channel.run([{ sh: 'a\0b' }]), { name: 'RangeError' })
  t.match((await channel.run([{ sh: 'echo hi' }])).map(said), [{ stdout: 'hi\n' }])
  channel.close()
})
