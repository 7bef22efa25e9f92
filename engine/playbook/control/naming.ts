import * as schema from '../../modules/support/schema.js'
import type { Control } from './control.js'

/** Steps that set variables, or make hosts and groups known. */
export const naming: readonly Control[] = [
  {
    name: 'set_fact',
    doc: `Sets variables of the host, for the rest of the run.

Each parameter is the name of a variable. They win over all variables but the parameters of roles and includes, and \`-e\`.`,
    params: {
      type: 'object',
      properties: {
        cacheable: { type: 'boolean', description: 'They are facts too: `ansible_facts` has them.' },
      },
    },
    examples: `
- name: One address for all
  set_fact:
    endpoint: "{{ hostvars[groups.control_plane[0]].ansible_host }}:6443"
`,
    alone: true,
  },
  {
    name: 'include_vars',
    doc: 'Reads variables from a file or a folder on this machine when the task is reached.',
    params: schema.object(
      {
        file: schema.str('A YAML or JSON file. Looked for in `vars/`, then beside the tasks.'),
        dir: schema.str(
          'A folder, whose files are read in the order of their names, those of folders in it after its own.',
        ),
        name: schema.str('Put the variables into one of this name, as a dict.'),
        depth: schema.int('How deep to look for files in `dir`: 0 is all the way down.'),
        files_matching: schema.str("A regular expression for names of `dir`'s files."),
        ignore_files: {
          type: 'array',
          items: { type: 'string' },
          description: 'Files to leave out: regular expressions for the ends of their names.',
        },
        extensions: {
          type: 'array',
          items: { type: 'string' },
          description: 'Endings of the files to read: `yaml`, `yml` and `json` unless told.',
        },
        ignore_unknown_extensions: {
          type: 'boolean',
          description: 'Leave out files of other endings; without it they are a mistake.',
        },
        hash_behaviour: schema.oneOf('No effect: a later file replaces.', ['replace', 'merge']),
      },
      [],
      { anyOf: [{ required: ['file'] }, { required: ['dir'] }] },
    ),
    freeForm: 'file',
    examples: `
- name: What differs between systems
  include_vars: "{{ ansible_facts.os_family }}.yml"
`,
  },
  {
    name: 'add_host',
    doc: 'Not offered yet: a task that cannot but be reached is an error before the run, another fails. Put the hosts into the inventory.',
    params: {
      type: 'object',
      required: ['name'],
      properties: {
        name: schema.str('The host.', { aliases: ['host', 'hostname'] }),
        groups: schema.list('Its groups.', { aliases: ['group', 'groupname'] }),
      },
    },
    examples: `
- add_host:
    name: node9
    groups: workers
`,
  },
  {
    name: 'group_by',
    doc: 'Not offered yet: a task that cannot but be reached is an error before the run, another fails. Put the groups into the inventory.',
    params: schema.object(
      {
        key: schema.str('The name of the group.'),
        parents: { type: 'array', items: { type: 'string' }, description: 'Groups that hold it.' },
      },
      ['key'],
    ),
    examples: `
- group_by:
    key: "os_{{ ansible_facts.distribution }}"
`,
  },
]
