import t from 'tap'
import { kept, tkplayJson } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const site = `- hosts: all
  gather_facts: false
  tasks:
    - {name: first, command: echo first, register: first}
    - {name: more, include_tasks: more.yml}
    - {name: last, command: echo last}
    - {name: uses what was passed over, include_tasks: "{{ first.stdout }}.yml"}
- hosts: h1
  gather_facts: false
  roles: [web]
- hosts: all
  gather_facts: false
  tasks: [{name: end, command: echo end}]
`

t.test('--start-at-task begins inside includes and roles; what comes before is passed over on all hosts', async t => {
  const cwd = t.testdir({
    'site.yml': site,
    'more.yml': '- {name: inner, command: echo inner}\n- {name: inner two, command: echo inner two}\n',
    roles: {
      web: { tasks: { 'main.yml': '- {name: serve, command: echo serve}\n- {name: check, command: echo check}\n' } },
    },
  })
  const from = async (task: string) => {
    const ran = await tkplayJson(
      ['run', 'site.yml', '-i', 'h1,h2,', '-e', 'ansible_connection=local', '--start-at-task', task],
      { cwd },
      tkplay,
    )
    return { code: ran.code, stderr: ran.stderr, steps: ran.with('changed').toSorted() }
  }
  const inner = await from('inner two')
  t.match(inner.steps, ['h1 › inner two', 'h1 › last', 'h2 › inner two', 'h2 › last'])
  t.equal(inner.code, 1, 'what needs a result that was passed over fails')

  t.strictSame(await from('serve'), {
    code: 0,
    stderr: '',
    steps: ['h1 › end', 'h1 › web : check', 'h1 › web : serve', 'h2 › end'],
  })
  t.strictSame((await from('web : check')).steps, ['h1 › end', 'h1 › web : check', 'h2 › end'])

  t.strictSame((await from('*: ch?ck')).steps, ['h1 › end', 'h1 › web : check', 'h2 › end'], 'a glob')
  t.strictSame((await from('s[a-e]rv*')).steps, ['h1 › end', 'h1 › web : check', 'h1 › web : serve', 'h2 › end'])
  t.match(await from('x*'), { code: 2, steps: [], stderr: /no task is called 'x\*'/ })

  const none = await from('serv')
  t.equal(none.code, 2)
  t.match(none.stderr, /no task is called 'serv'\n {2}→ did you mean 'serve'\?/)
  t.strictSame(none.steps, [])
})
