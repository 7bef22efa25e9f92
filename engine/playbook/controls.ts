import type { JsonSchema } from '../core/json.js'

/** A step that the engine carries out itself: what it takes. */
export interface Control {
  readonly params: JsonSchema
  /** The parameter that a bare string is. */
  readonly freeForm?: string
}

const object = (properties: { readonly [name: string]: JsonSchema }, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
})

const string: JsonSchema = { type: 'string' }
const boolean: JsonSchema = { type: 'boolean' }
const strings: JsonSchema = { type: 'array', items: string }
const anything: JsonSchema = {}

const role = object(
  {
    name: { type: 'string', examples: ['common'] },
    tasks_from: string,
    vars_from: string,
    defaults_from: string,
    handlers_from: string,
    apply: { type: 'object' },
    public: boolean,
    allow_duplicates: boolean,
    rolespec_validate: boolean,
  },
  { required: ['name'] },
)

const metaActions = [
  'flush_handlers',
  'end_play',
  'end_batch',
  'end_host',
  'end_role',
  'clear_facts',
  'reset_connection',
  'noop',
]

/** Control steps by name, with what they take. Those that import are gone when the plays are compiled. */
export const controls: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['set_fact', { params: { type: 'object', properties: { cacheable: boolean } } }],
  [
    'debug',
    {
      params: object(
        { msg: anything, var: string, verbosity: { type: 'integer' } },
        { not: { required: ['msg', 'var'] } },
      ),
    },
  ],
  [
    'assert',
    {
      params: object(
        {
          that: { anyOf: [{ type: 'array' }, { type: 'string' }, { type: 'boolean' }], examples: ['x is defined'] },
          fail_msg: { type: 'string', aliases: ['msg'] },
          success_msg: string,
          quiet: boolean,
        },
        { required: ['that'] },
      ),
    },
  ],
  ['fail', { params: object({ msg: string }) }],
  [
    'meta',
    { params: object({ action: { type: 'string', enum: metaActions } }, { required: ['action'] }), freeForm: 'action' },
  ],
  [
    'pause',
    { params: object({ seconds: { type: 'number' }, minutes: { type: 'number' }, prompt: string, echo: boolean }) },
  ],
  [
    'include_tasks',
    {
      params: object(
        { file: { type: 'string', examples: ['tasks.yml'] }, apply: { type: 'object' } },
        { required: ['file'] },
      ),
      freeForm: 'file',
    },
  ],
  [
    'import_tasks',
    { params: object({ file: { type: 'string', examples: ['tasks.yml'] } }, { required: ['file'] }), freeForm: 'file' },
  ],
  ['include_role', { params: role }],
  ['import_role', { params: role }],
  [
    'include_vars',
    {
      params: object(
        {
          file: string,
          dir: string,
          name: string,
          depth: { type: 'integer' },
          files_matching: string,
          ignore_files: strings,
          extensions: strings,
          ignore_unknown_extensions: boolean,
          hash_behaviour: { type: 'string', enum: ['replace', 'merge'] },
        },
        { anyOf: [{ required: ['file'] }, { required: ['dir'] }] },
      ),
      freeForm: 'file',
    },
  ],
  [
    'add_host',
    {
      params: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', aliases: ['host', 'hostname'] },
          groups: { ...strings, aliases: ['group', 'groupname'] },
        },
      },
    },
  ],
  ['group_by', { params: object({ key: string, parents: strings }, { required: ['key'] }) }],
])
