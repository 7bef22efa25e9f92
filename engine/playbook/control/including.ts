import type { JsonSchema } from '../../core/json.js'
import * as schema from '../../modules/support/schema.js'
import type { Control } from './control.js'

const file = schema.str('A file of tasks. Looked for beside the tasks that name it.', { examples: ['tasks.yml'] })
const apply: JsonSchema = { type: 'object', description: 'Keywords for all of the tasks: `tags`, `become`, `when`, …' }

const role = schema.object(
  {
    name: schema.str('The role.', { examples: ['common'] }),
    tasks_from: schema.str('A file of its `tasks/` instead of `main`.'),
    vars_from: schema.str('A file of its `vars/` instead of `main`.'),
    defaults_from: schema.str('A file of its `defaults/` instead of `main`.'),
    handlers_from: schema.str('A file of its `handlers/` instead of `main`.'),
    apply,
    public: { type: 'boolean', description: "The rest of the play sees the role's variables." },
    allow_duplicates: { type: 'boolean', description: 'No effect.' },
    rolespec_validate: { type: 'boolean', description: 'No effect: they are always checked.' },
  },
  ['name'],
)

/** Steps that bring more tasks. Imports are replaced by their tasks when plays are compiled. */
export const including: readonly Control[] = [
  {
    name: 'include_tasks',
    doc: 'Brings the tasks of a file when it is reached; `when` and `loop` decide of it as a whole.',
    params: schema.object({ file, apply }, ['file']),
    freeForm: 'file',
    examples: `
- name: What this system needs
  include_tasks: "{{ ansible_facts.os_family }}.yml"
`,
  },
  {
    name: 'import_tasks',
    doc: 'Puts the tasks of a file in its place before the run begins; `when` and tags are handed to each of them.',
    params: schema.object({ file }, ['file']),
    freeForm: 'file',
    examples: `
- import_tasks: packages.yml
`,
  },
  {
    name: 'include_role',
    doc: 'Runs a role when it is reached; `when` and `loop` decide of it as a whole.',
    params: role,
    examples: `
- name: A cluster's first steps
  include_role:
    name: common
`,
  },
  {
    name: 'import_role',
    doc: 'Puts a role in its place before the run begins; `when` and tags are handed to each of its tasks.',
    params: role,
    examples: `
- import_role:
    name: common
`,
  },
]
