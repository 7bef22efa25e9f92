import t from 'tap'
import { present } from '../../../support/present.js'
import { ownSteps, tasks } from '../load.js'

t.test('include_vars', async t => {
  const loaded = await tasks(t, '- include_vars: x\n', {
    'vars/x.yml': 'a: 1\n',
    'd/1.yml': 'a: 1\nb: 1\n',
    'd/2.yml': 'b: 2\n',
    'd/n.txt': 'c',
    'd/deep/3.yml': 'c: 3\n',
  })
  const step = present(ownSteps(loaded)[0])
  const vars = async (params: { readonly [name: string]: string | number | boolean | readonly string[] }) =>
    Object.fromEntries(
      [...(await loaded.loader.includeVars(step, new Map(Object.entries(params)))).bindings].map(([name, binding]) => [
        name,
        binding.value,
      ]),
    )
  t.same(await vars({ file: 'x' }), { a: 1 })
  await t.rejects(vars({ dir: 'd' }), { message: 'd/n.txt does not end in .yaml, .yml, .json' })
  t.same(await vars({ dir: 'd', ignore_unknown_extensions: true }), { a: 1, b: 2, c: 3 })
  t.same(await vars({ dir: 'd', ignore_files: ['.txt', '2.y.l'] }), { a: 1, b: 1, c: 3 })
  t.same(await vars({ dir: 'd', depth: 1, files_matching: '^1' }), { a: 1, b: 1 })
  t.same(await vars({ file: 'x', name: 'n' }), { n: new Map([['a', 1]]) })
  await t.rejects(vars({ file: 'none.yml' }), { message: 'no such file of variables: none.yml' })
})
