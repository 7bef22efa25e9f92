import t from 'tap'
import { readOptions, UsageError } from '../../bench/options.js'

t.test('what is measured', async t => {
  t.same(readOptions([]).items, ['converged', 'fleet'])
  t.same(readOptions(['--only', 'cluster']).items, ['cluster'])
  t.same(readOptions(['--only', 'fleet', '--only', 'converged']).items, ['converged', 'fleet'])
  t.same(readOptions(['--all']).items, ['converged', 'fleet', 'cluster', 'template'])
})

t.test('how often, and where to', async t => {
  t.match(readOptions([]), { rounds: undefined, json: undefined, lab: 'bench' })
  t.match(readOptions(['--rounds', '2', '--json', '-', '--name', 'b2']), { rounds: 2, json: '-', lab: 'b2' })
})

t.test('what cannot be meant', async t => {
  for (const args of [['--only', 'nothing'], ['--rounds', '0'], ['--rounds', 'two'], ['--fast'], ['converged']]) {
    let thrown: unknown
    try {
      readOptions(args)
    } catch (error) {
      thrown = error
    }
    t.ok(thrown instanceof UsageError, args.join(' '))
  }
})
