import t from 'tap'
import { tagsSelect } from '../../../../engine/playbook/keywords/tags.js'
import { tasks } from '../load.js'

/** What ansible-core does with a task of these tags: no flags, `-t a`, `-t tagged`, `-t untagged`, `-t all`, `--skip-tags a`, `--skip-tags always`. */
const flags: readonly (readonly [only: readonly string[], skip: readonly string[]])[] = [
  [[], []],
  [['a'], []],
  [['tagged'], []],
  [['untagged'], []],
  [['all'], []],
  [[], ['a']],
  [[], ['always']],
]

const cases: readonly (readonly [tags: readonly string[], runs: string])[] = [
  [[], '1001111'],
  [['a'], '1110101'],
  [['b'], '1010111'],
  [['a', 'b'], '1110101'],
  [['always'], '1111110'],
  [['always', 'a'], '1111100'],
  [['never'], '0000000'],
  [['never', 'a'], '0100000'],
]

t.test('what runs under which tags', async t => {
  for (const [tags, runs] of cases) {
    t.equal(
      flags.map(([only, skip]) => (tagsSelect(tags, only, skip) ? '1' : '0')).join(''),
      runs,
      `[${tags.join(', ')}]`,
    )
  }
  t.notOk(tagsSelect(['a'], [], ['all']))
  t.ok(tagsSelect(['always'], [], ['all']))
  t.notOk(tagsSelect(['a'], [], ['tagged']))
  t.notOk(tagsSelect([], [], ['untagged']))
})

t.test('the tags of a playbook, and whether there may be more', async t => {
  const tagsIn = async (yaml: string) => {
    const { tags } = await tasks(t, yaml, { 'x.yml': '- {ping: , tags: inside}\n' })
    return { names: [...tags.names].sort(), hidden: tags.hidden }
  }
  t.strictSame(await tagsIn('- {ping: , tags: [a, "b,c"]}\n- {include_tasks: x.yml, when: y}\n'), {
    names: ['a', 'b', 'c', 'inside'],
    hidden: false,
  })
  t.strictSame(await tagsIn('- {include_tasks: "{{ y }}", tags: a}\n'), { names: ['a'], hidden: true })
})
