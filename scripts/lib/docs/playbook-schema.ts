import type { JsonObject } from '../../../engine/core/json.js'
import type { AnyModule } from '../../../engine/core/module.js'
import { controls } from '../../../engine/playbook/control/controls.js'
import type { Level } from '../../../engine/playbook/keywords/keyword.js'
import { keywords } from '../../../engine/playbook/keywords/keywords.js'
import { editorParams } from './editor-params.js'

const list = (of: string): JsonObject => ({ type: ['array', 'null'], items: { $ref: `#/$defs/${of}` } })

/** Keywords with a schema of their own. */
const shapes: { readonly [keyword: string]: JsonObject } = {
  tasks: list('node'),
  pre_tasks: list('node'),
  post_tasks: list('node'),
  handlers: list('node'),
  block: list('node'),
  rescue: list('node'),
  always: list('node'),
  roles: list('role'),
  vars: { type: ['object', 'array', 'null'] },
  hosts: { type: ['string', 'array'] },
  strategy: { enum: ['linear', 'free', 'host_pinned'] },
}

/** Collections that may prefix a module's name, as in Ansible. */
const collections = '^(ansible\\.(builtin|legacy|posix)|community\\.general|kubernetes\\.core)\\.'

/** The schema of playbooks for editors: keywords, modules and their parameters. */
export const playbookSchema = (modules: readonly AnyModule[]): JsonObject => {
  const names = modules.flatMap(module =>
    [module.name, ...(module.aliases ?? [])].map(name => [name, reference(module.name, module.doc)] as const),
  )
  const controlNames = [...controls.values()].map(({ name, doc }) => [name, reference(name, doc)] as const)
  const calls = Object.fromEntries([...names, ...controlNames])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'tkplay playbook',
    type: 'array',
    items: { $ref: '#/$defs/entry' },
    $defs: {
      // Not anyOf: for a typo in a play an editor would then suggest an import.
      entry: {
        if: { required: ['import_playbook'] },
        then: { $ref: '#/$defs/import' },
        else: { $ref: '#/$defs/play' },
      },
      play: { ...keywordsOf('play'), required: ['hosts'], additionalProperties: false },
      import: {
        type: 'object',
        required: ['import_playbook'],
        properties: { import_playbook: { type: 'string' }, name: {}, vars: {}, tags: {}, when: {} },
        additionalProperties: false,
      },
      node: { if: { required: ['block'] }, then: { $ref: '#/$defs/block' }, else: { $ref: '#/$defs/task' } },
      block: { ...keywordsOf('block'), required: ['block'], additionalProperties: false },
      task: {
        ...keywordsOf('task', calls),
        patternProperties: { '^with_': {}, [collections]: {} },
        additionalProperties: false,
      },
      role: { anyOf: [{ type: 'string' }, { ...keywordsOf('role', { role: { type: 'string' } }) }] },
      ...Object.fromEntries(modules.map(module => [defName(module.name), call(module.params, module.freeForm)])),
      ...Object.fromEntries(
        [...controls].map(([name, control]) => [defName(name), call(control.params, control.freeForm)]),
      ),
    },
  }
}

/** The schema of task and handler files for editors. It refers to the playbook's schema beside it. */
export const tasksSchema = (): JsonObject => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'tkplay tasks',
  type: ['array', 'null'],
  items: { $ref: 'playbook.json#/$defs/node' },
})

const keywordsOf = (level: Level, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: {
    ...Object.fromEntries(
      keywords
        .filter(({ on }) => on.includes(level))
        .map(({ name, doc, instead }) => [
          name,
          { description: instead === undefined ? doc : `No effect: ${instead}.`, ...shapes[name] },
        ]),
    ),
    ...more,
  },
})

const defName = (name: string): string => `call_${name}`

const reference = (name: string, doc?: string): JsonObject => ({
  $ref: `#/$defs/${defName(name)}`,
  ...(doc === undefined ? {} : { description: doc.trim().split('\n')[0] ?? '' }),
})

/** Parameters as a dict, as text (`k=v` words or free form), or null for none. */
const call = (params: JsonObject, freeForm: string | undefined): JsonObject => ({
  anyOf: [editorParams(params), { type: freeForm === undefined ? ['string', 'null'] : ['string', 'null', 'array'] }],
})
