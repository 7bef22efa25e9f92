import t from 'tap'
import { tkplay } from '../../support/tkplay.js'

t.setTimeout(300_000)

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
