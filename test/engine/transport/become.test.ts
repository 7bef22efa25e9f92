import { chmodSync } from 'node:fs'
import { userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import t from 'tap'
import type { Target } from '../../../engine/core/connection.js'
import { Secret } from '../../../engine/core/value.js'
import { becomeCommand, becoming } from '../../../engine/transport/become.js'
import { connectLocal } from '../../../engine/transport/local.js'
import { said } from '../shell/shells.js'
import { failureOf } from './wait.js'

t.setTimeout(300_000)

const target: Target = {
  name: 'web',
  kind: 'local',
  address: 'localhost',
  knownHosts: [],
  sshArgs: [],
  connectTimeout: 20_000,
}

/** Does what sudo does on its standard input and error; `script` is what happens before it becomes the user. */
const sudo = (script: string): string => `#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    -p) prompt=$2; shift 2 ;;
    -u) user=$2; shift 2 ;;
    -*) shift ;;
    *) break ;;
  esac
done
ask() { printf '%s' "$prompt" >&2; read -r word; }
${script}
SUDO_TO=$user; export SUDO_TO
exec "$@"
`

const become = async (t: Tap, script: string, more: Partial<Target> = {}) => {
  const dir = t.testdir({ sudo: sudo(script) })
  chmodSync(join(dir, 'sudo'), 0o755)
  const path = process.env['PATH']
  process.env['PATH'] = `${dir}${delimiter}${path}`
  const connection = connectLocal({ ...target, ...more })
  try {
    const channel = await connection.channel({ user: 'someone' })
    return said((await channel.run([{ sh: 'echo "$SUDO_TO"; cat' }]))[0])
  } finally {
    process.env['PATH'] = path
    await connection.close()
  }
}
type Tap = Pick<typeof t, 'testdir'>

const password = new Secret('right')
const asking = `ask; [ "$word" = right ] || { echo 'Sorry, try again.' >&2; ask; echo 'sudo: 1 incorrect password attempt' >&2; exit 1; }`

t.test('a password is sent after its prompt', async t => {
  const lecture = `echo 'We trust you have received the usual lecture.' >&2; ${asking}`
  t.match(await become(t, lecture, { becomePassword: password }), { rc: 0, stdout: 'someone\n' })
})

t.test('a password that is not asked for goes nowhere', async t => {
  t.strictSame(await become(t, ':', { becomePassword: password }), { rc: 0, stdout: 'someone\n', stderr: '' })
  t.match(await become(t, ':'), { rc: 0, stdout: 'someone\n' })
})

t.test('why not', async t => {
  const cases = [
    [asking, new Secret('wrong'), 'become-password', /does not take the password/],
    [asking, undefined, 'become-password', /asks for a password/],
    ['echo "sudo: a password is required" >&2; exit 1', undefined, 'become-password', /asks for a password/],
    ['echo "me is not in the sudoers file." >&2; exit 1', undefined, 'become-denied', /not in the sudoers file/],
    ['echo "sudo: unknown user someone" >&2; exit 1', undefined, 'no-user', /no user someone/],
    ['echo "sudo: sorry, you must have a tty to run sudo" >&2; exit 1', undefined, 'become-denied', /must have a tty/],
    ['ask; exit 1', password, 'become-denied', /sudo ended/],
  ] as const
  for (const [script, becomePassword, code, message] of cases) {
    const failure = await failureOf(become(t, script, becomePassword === undefined ? {} : { becomePassword }))
    t.match(failure, { kind: 'unreachable', code, message, remedy: /./ }, script)
    t.notMatch(JSON.stringify(failure), /wrong"|[0-9a-f]{32}/, 'neither the password nor the nonce is told')
  }
  const silent = await failureOf(become(t, 'exec sleep 30', { connectTimeout: 300 }))
  t.match(silent, { code: 'become-denied', message: /no answer within 0.3 s/ })
})

t.test('a password that is refused is told with what sudo said', async t => {
  const failure = await failureOf(become(t, asking, { becomePassword: new Secret('wrong') }))
  t.match(failure, { ran: { command: 'sudo -H -u someone /bin/sh', stderr: /^Sorry, try again\.$/ } })
})

t.test('no sudo at all', async t => {
  const path = process.env['PATH']
  process.env['PATH'] = t.testdir({ env: '#!/bin/sh\necho "env: sudo: No such file or directory" >&2; exit 127\n' })
  chmodSync(join(process.env['PATH'], 'env'), 0o755)
  const failure = failureOf(connectLocal(target).channel({ user: 'someone' }))
  process.env['PATH'] = path
  t.match(await failure, { code: 'become-denied', message: /there is no sudo/, remedy: /install sudo/ })
})

t.test('who becomes whom', async t => {
  t.equal(becoming('login', target, 'ops'), undefined)
  t.equal(becoming('root', target, 'root'), undefined, 'root is there already')
  t.equal(becoming({ user: 'ops', flags: '-i' }, target, 'ops'), undefined)
  t.strictSame(becoming('root', target, 'ops'), { user: 'root', method: 'sudo', flags: ['-H'] })
  t.strictSame(becoming('root', { ...target, becomeMethod: 'su' }, 'ops'), { user: 'root', method: 'su', flags: [] })
  const flagsOf = (flags: string) => becoming({ user: 'db', flags }, target, 'ops')?.flags
  t.strictSame(flagsOf(`-r 'a role' -n`), ['-r', 'a role'], 'words of a shell')
  t.strictSame(flagsOf(`-r 'a role`), ['-r', `'a`, 'role'], 'sudo is to refuse it')
  t.strictSame(becoming({ user: 'db', flags: '-H -n -E', method: 'sudo' }, { ...target, becomeMethod: 'su' }, 'ops'), {
    user: 'db',
    method: 'sudo',
    flags: ['-H', '-E'],
  })
})

t.test('the command is one that any login shell understands', async t => {
  const to = { user: "o'hara", method: 'sudo', flags: ['-H'] } as const
  const command = becomeCommand(to, 'PROMPT', 'READY')
  t.equal(command, "exec env LC_ALL=C sudo -H -k -S -p PROMPT -u 'o'\\''hara' /bin/sh -c 'echo READY; exec /bin/sh -s'")
  t.match(becomeCommand({ ...to, method: 'su', flags: [] }, 'P', 'R'), /^exec env LC_ALL=C su +-s \/bin\/sh -c '/)
})

t.test('the same user, however named, is one channel', async t => {
  const connection = connectLocal(target)
  const login = await connection.channel('login')
  t.equal(await connection.channel({ user: userInfo().username }), login)
  await connection.close()
  t.match(await failureOf(connection.channel('login')), { code: 'lost' })
})

t.test('a login shell that runs nothing is not taken for a refusal of sudo', async t => {
  const silent = await failureOf(become(t, 'exit 1'))
  t.match(silent, { code: 'no-shell', message: /gives no shell: its shell ended with 1, without a word$/ })
  const nologin = await failureOf(become(t, 'echo This account is currently not available.; exit 1'))
  t.match(nologin, { code: 'no-shell', message: /gives no shell: This account is currently not available\.$/ })
  t.match(await failureOf(become(t, 'kill -KILL $$')), { code: 'lost' })
})

t.test('of a wrong password is told what was said after it', async t => {
  const lecture = `echo 'We trust you have received the usual lecture.' >&2; ${asking}`
  const failure = await failureOf(become(t, lecture, { becomePassword: new Secret('wrong') }))
  t.match(failure, { code: 'become-password', ran: { stderr: 'Sorry, try again.' } })
})
