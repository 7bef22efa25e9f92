import t from 'tap'
import { load, steps } from '../load.js'

t.test('import_playbook', async t => {
  const { plays } = await load(t, {
    'site.yml': '- hosts: a\n- import_playbook: other/p.yml\n  when: w\n  tags: t\n  vars: {v: imported}\n',
    'other/p.yml': '- hosts: b\n  vars: {v: own}\n  vars_files: [v.yml]\n  tasks:\n    - import_tasks: t.yml\n',
    'other/v.yml': 'f: 1\n',
    'other/t.yml': '- ping:\n',
  })
  t.same(
    plays.map(play => play.name),
    ['a', 'b'],
  )
  const [step] = steps(plays[1]?.body ?? [])
  t.same(
    step?.when.map(one => one.text),
    ['w'],
  )
  t.same(step?.tags, ['t'])
  t.match(
    plays[1]?.vars.map(layer => layer.bindings),
    [new Map([['v', { value: 'own' }]]), new Map([['v', { value: 'imported' }]]), new Map([['f', { value: 1 }]])],
  )
})
