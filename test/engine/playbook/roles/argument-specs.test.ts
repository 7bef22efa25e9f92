import t from 'tap'
import { load, ownSteps, value } from '../load.js'
import { site } from './texts.js'

t.test('arguments of a role are checked on each host', async t => {
  const loaded = await load(t, {
    'site.yml': site('- r'),
    'roles/r/tasks/main.yml': '- ping:\n',
    'roles/r/meta/argument_specs.yml':
      'argument_specs:\n  main:\n    options:\n      size: {type: int, required: true}\n      mode: {choices: [a, b]}\n      list: {type: list, elements: dict, options: {n: {type: str, required: true}}}\n',
  })
  const [check] = ownSteps(loaded)
  t.match(check, { module: 'assert', tags: ['always'] })
  t.match(value(check?.params, { size: '5', mode: 'a' }), { that: true })
  t.match(value(check?.params, { mode: 'c' }), {
    that: false,
    fail_msg: "role r: missing argument 'size' (add size: …); role r: mode: 'c' is none of a, b (choose one of a, b)",
  })
  t.match(value(check?.params, { size: 1, list: [new Map()] }), {
    that: false,
    fail_msg: "role r: list.0: missing argument 'n' (add n: …)",
  })
})
