import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const adhoc = (...args: readonly string[]) => tkplay(['adhoc', 'localhost', '-m', ...args])

/** The module and `-a`, and what is said of them. */
const refused: readonly (readonly [readonly string[], string])[] = [
  [['copy', '-a', 'srcc=x dest=/y'], "tkplay: -m copy: unknown parameter 'srcc'\n  → did you mean 'src'?\n"],
  [['user', '-a', 'nmae=x'], "tkplay: -m user: unknown parameter 'nmae'\n  → did you mean 'name'?\n"],
  [['copy', '-a', 'content=x'], "tkplay: -m copy: missing parameter 'dest'\n  → add it: -a 'dest=…'\n"],
  [['command'], "tkplay: -m command: one of cmd, argv is needed\n  → write it after -a: -a 'uptime'\n"],
  [['shell'], "tkplay: -m shell: missing parameter 'cmd'\n  → write it after -a: -a 'uptime'\n"],
  [['ping', '-a', 'foo'], "tkplay: -m ping takes no bare text ('foo')\n  → write name=value: -a 'data=…'\n"],
  [
    ['ping', '-a', 'data="x'],
    'tkplay: -m ping: a quote or template of -a is never closed\n  → close it, or write JSON: -a \'{"name": "value"}\'\n',
  ],
  [['wait_for', '-a', 'port=x'], "tkplay: -m wait_for: port: expected an integer, not 'x'\n  → write a number\n"],
  [
    ['apt', '-a', '{"name": {"a": 1}}'],
    'tkplay: -m apt: name: expected a list, not a dict\n  → write name as a list, in JSON: -a \'{"name": ["…"]}\'\n',
  ],
]

t.test('parameters are judged before a host is asked, in words of the command line', async t => {
  for (const [args, says] of refused)
    t.match(await adhoc(...args), { code: 2, stdout: '', stderr: says }, args.join(' '))
})

t.test('what a template gives is judged when it has given it', async t => {
  t.match(await adhoc('shell', '-a', 'echo {{ 1 + 1 }} chdir={{ "/" }}'), { code: 0, stdout: /rc=0\n2\n$/ })
  t.match(await adhoc('wait_for', '-a', 'port={{ inventory_hostname }}'), { code: 1, stdout: /expected an integer/ })
})

t.test('control steps that make sense alone work ad hoc; the others send one to a playbook', async t => {
  t.match(await adhoc('debug', '-a', 'msg=hi'), { code: 0, stdout: 'localhost | OK\nhi\n' })
  const many = await tkplay([
    'adhoc',
    'all',
    '-i',
    'a,b',
    '-m',
    'ansible.builtin.debug',
    '-a',
    'var=inventory_hostname',
  ])
  t.match(many, { code: 0, stdout: /^a \| OK\n[\s\S]*"a"[\s\S]*^b \| OK\n[\s\S]*"b"/m }, 'no host is connected to')
  t.match(await adhoc('fail', '-a', 'msg="no good"'), { code: 1, stdout: 'localhost | FAILED\nno good\n' })
  t.match(await adhoc('assert', '-a', 'that="1 == 2"'), { code: 1, stdout: /Assertion failed: 1 == 2/ })
  t.match(await adhoc('assert', '-a', '{"that": ["1 == 1"]}'), { code: 0, stdout: /All assertions passed/ })
  t.match(await adhoc('set_fact', '-a', 'x={{ 1 + 1 }}'), { code: 0, stdout: /"x": 2/ })
  t.match(await adhoc('assert'), { code: 2, stderr: /-a 'that="x is defined"'$/m })
  for (const name of ['meta', 'include_role', 'include_vars', 'add_host'])
    t.match(
      await adhoc(name),
      { code: 2, stderr: `tkplay: -m ${name} is for plays: an ad hoc command is one task\n  → put it into a playbook` },
      name,
    )
})
