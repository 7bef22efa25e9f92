import t from 'tap'
import { parameterTable } from '../../../../scripts/lib/docs/parameters.js'

t.test('a row says type, default, examples and other spellings, and no text breaks the table', async t => {
  const table = parameterTable({
    required: ['dest'],
    properties: {
      dest: {
        type: 'string',
        description: 'Where.\nOn the host | in full.',
        aliases: ['path'],
        examples: ['/etc/motd'],
      },
      state: { enum: ['present', 'absent'], default: 'present' },
      names: { type: 'array', items: { type: 'string' } },
    },
  })
  t.same(table.slice(2), [
    '| `dest` | string | **required** | Where. On the host \\| in full. Example: `/etc/motd`. Also written `path`. |',
    '| `state` | `present`, `absent` | `"present"` |  |',
    '| `names` | list of strings |  |  |',
  ])
})

t.test('no parameters', async t => {
  t.same(parameterTable({ type: 'object' }), ['No parameters.'])
})
