import t from 'tap'
import { load, steps, value } from '../load.js'

t.test('handlers, sections and the order of things', async t => {
  const { plays } = await load(t, {
    'site.yml': `- name: p
  hosts: [web, "db[0]"]
  serial: [1, "50%"]
  strategy: free
  order: sorted
  gather_facts: no
  force_handlers: true
  max_fail_percentage: 30
  any_errors_fatal: true
  pre_tasks: [{command: pre}]
  tasks: [{command: task}]
  post_tasks: [{command: post}]
  handlers:
    - {name: h, command: handler, listen: [t1, t2]}
  vars_prompt: [{name: asked, prompt: What?, private: no, default: d}]
- hosts: all
`,
  })
  const [play, empty] = plays
  t.match(play, {
    name: 'p',
    order: 'sorted',
    strategy: 'free',
    gatherFacts: false,
    forceHandlers: true,
    prompts: [{ name: 'asked', prompt: 'What?', private: false, default: 'd' }],
    handlers: [{ listen: ['t1', 't2'] }],
  })
  t.equal(value(play?.hosts), 'web,db[0]')
  t.match(play?.hosts.source, { line: 2, col: 11 })
  t.same(
    play?.serial.map(one => value(one)),
    [1, '50%'],
  )
  t.equal(value(play?.maxFailPercentage), 30)
  t.equal(value(play?.anyErrorsFatal), true)
  t.same(
    steps(play?.body ?? []).map(step => Object.values(value(step.params) as object)[0]),
    ['pre', 'flush_handlers', 'task', 'flush_handlers', 'post', 'flush_handlers'],
  )
  t.match(empty, { name: 'all', gatherFacts: true, strategy: 'linear', order: 'inventory', body: [] })
})
