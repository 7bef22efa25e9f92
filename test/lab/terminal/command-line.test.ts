import t from 'tap'
import { parseCommandLine } from '../../../lab/terminal/command-line.js'

const parsed = (line: string) => parseCommandLine(line.split(' '))

t.test('flags after the host and the first word of a command are the command’s', async t => {
  for (const [line, remote] of [
    ['ssh node1 kubectl get pods -A', 'kubectl get pods -A'],
    ['exec node1 systemctl --no-pager status ssh', 'systemctl --no-pager status ssh'],
    ['ssh node1 -- ls -l --all', 'ls -l --all'],
    ['exec node1 sh -- -x', 'sh -- -x'],
    ['ssh node1', ''],
  ] as const) {
    const { command, rest, remote: words, flags } = parsed(line)
    t.equal(words.join(' '), remote, line)
    t.equal(command, line.split(' ')[0])
    t.strictSame(rest, ['node1'])
    t.strictSame({ ...flags }, {})
  }
})

t.test('the lab’s own stand before the command, on either side of the host', async t => {
  for (const line of ['--name x ssh node1 ls -h', 'ssh --name=x node1 ls -h', 'ssh node1 --name x ls -h']) {
    const { flags, rest, remote } = parsed(line)
    t.match(
      { name: flags.name, help: flags.help, rest, remote },
      { name: 'x', help: undefined, rest: ['node1'], remote: ['ls', '-h'] },
      line,
    )
  }
})

t.test('elsewhere flags stand anywhere, and unknown ones are refused', async t => {
  t.match(parsed('reset node1 node2 --name x'), { rest: ['node1', 'node2'], remote: [], flags: { name: 'x' } })
  t.match(parsed('up 4 --kubernetes'), { rest: ['4'], flags: { kubernetes: true } })
  t.throws(() => parsed('up 4 -A'), TypeError)
  t.throws(() => parsed('ssh -A node1 ls'), TypeError)
})
