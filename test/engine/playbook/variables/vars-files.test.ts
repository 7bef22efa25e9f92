import t from 'tap'
import { rank } from '../../../../engine/core/vars.js'
import { present } from '../../../support/present.js'
import { load } from '../load.js'

t.test('vars_files: the first that is there; those that need a host come later', async t => {
  const { plays, loader } = await load(t, {
    'site.yml':
      '- hosts: all\n  vars: {os: debian}\n  vars_files:\n    - [none.yml, "{{ os }}.yml"]\n    - "{{ ansible_distribution }}.yml"\n',
    'debian.yml': 'x: 1\n',
    'Debian.yml': 'y: 1\n',
  })
  t.match(plays[0]?.vars.at(-1), { rank: rank.varsFiles, bindings: new Map([['x', { value: 1 }]]) })
  const [later] = plays[0]?.varsFiles ?? []
  t.same(
    later?.names.map(one => one.text),
    ['{{ ansible_distribution }}.yml'],
  )
  const { bindings } = await loader.varsFile(['Debian.yml'], present(later).source)
  t.same([...bindings.keys()], ['y'])
})
