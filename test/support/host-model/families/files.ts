import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import type { JsonObject } from '../../../../engine/core/json.js'
import type { Family, Situation } from '../laws.js'
import type { Task } from '../steps.js'
import { hasNoBlock } from './edits.js'
import { attributes, optionally, type Tree, text, tree } from './paths.js'

/** Parameters for what there is. */
type Asked = (tree: Tree, path: fc.Arbitrary<string>) => fc.Arbitrary<object>

interface Tasks {
  readonly params: Asked
  /** Whether Ansible's semantics have it change each time. */
  readonly repeats: (params: JsonObject) => boolean
}

const onTree = (params: Asked, repeats: Tasks['repeats'] = () => false): Tasks => ({ params, repeats })

const both = <A extends object, B extends object>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>): fc.Arbitrary<A & B> =>
  fc.tuple(a, b).map(([one, other]) => ({ ...one, ...other }))

/** With a slash at its end, or without. */
const maybeFolder = (path: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(path, fc.constantFrom('', '', '/')).map(([at, slash]) => at + slash)

const casesOf = fileURLToPath(new URL('../../../../../test/cases/', import.meta.url))

const placed = {
  ...attributes,
  backup: fc.boolean(),
  force: fc.boolean(),
  follow: fc.boolean(),
}

const now = (params: JsonObject): boolean =>
  params['modification_time'] === 'now' ||
  params['access_time'] === 'now' ||
  (params['state'] === 'touch' && !(params['modification_time'] === 'preserve' && params['access_time'] === 'preserve'))

const time = fc.constantFrom('preserve', 'now')

const edited = { ...attributes, backup: fc.boolean() }

const lines = ['alpha', 'delta', 'x = \\1', '# é', '  indented', ''] as const
const patterns = ['^alpha', 'a$', '^(#?)\\s*x', 'nothing like it', '^$', '^beta\\b'] as const

const tasks: { readonly [module: string]: Tasks } = {
  file: onTree(
    ({ paths }, path) =>
      both(
        fc.record({ path: maybeFolder(path) }),
        optionally({
          ...attributes,
          state: fc.constantFrom('absent', 'directory', 'file', 'hard', 'link', 'touch'),
          src: fc.constantFrom(...paths, 'nowhere'),
          recurse: fc.boolean(),
          force: fc.boolean(),
          follow: fc.boolean(),
          modification_time: time,
          access_time: time,
        }),
      ),
    now,
  ),
  copy: onTree(({ paths }, path) =>
    fc.oneof(
      both(fc.record({ dest: path, content: text }), optionally(placed)),
      both(
        fc.record({ dest: maybeFolder(path), src: fc.constantFrom(`${casesOf}copy/tree`, `${casesOf}copy/tree/`) }),
        optionally({ ...placed, directory_mode: attributes.mode }),
      ),
      both(
        fc.record({
          dest: maybeFolder(path),
          src: maybeFolder(fc.constantFrom(...paths)),
          remote_src: fc.constant(true),
        }),
        optionally(placed),
      ),
    ),
  ),
  template: onTree((_, path) =>
    both(
      fc.record({ dest: maybeFolder(path), src: fc.constant(`${casesOf}copy/plan.yml`) }),
      optionally({ ...placed, backup: fc.boolean() }),
    ),
  ),
  lineinfile: onTree(
    (_, path) =>
      both(
        fc.record({ path, line: fc.constantFrom(...lines) }),
        optionally({
          ...edited,
          state: fc.constantFrom('present', 'absent'),
          regexp: fc.constantFrom(...patterns),
          insertafter: fc.constantFrom('EOF', 'BOF', ...patterns),
          firstmatch: fc.boolean(),
          backrefs: fc.boolean(),
          create: fc.boolean(),
        }),
      ),
    ({ regexp, line, state }) =>
      state !== 'absent' && regexp !== undefined && !new RegExp(String(regexp)).test(String(line)),
  ),
  replace: onTree((_, path) =>
    both(
      fc.record({ path, regexp: fc.constantFrom(...patterns.filter(one => one !== '^$')) }),
      optionally({ ...edited, replace: fc.constantFrom('', 'omega', '\\\\') }),
    ),
  ),
  blockinfile: onTree(
    (_, path) =>
      both(
        fc.record({ path, block: fc.constantFrom('', 'one', 'one\ntwo\n', 'é\\n') }),
        optionally({
          ...edited,
          state: fc.constantFrom('present', 'absent'),
          insertafter: fc.constantFrom('EOF', 'BOF', ...patterns),
          append_newline: fc.boolean(),
          prepend_newline: fc.boolean(),
          create: fc.boolean(),
        }),
      ),
    hasNoBlock,
  ),
  stat: onTree((_, path) =>
    both(fc.record({ path: maybeFolder(path) }), optionally({ follow: fc.boolean(), get_checksum: fc.boolean() })),
  ),
  slurp: onTree((_, path) => fc.record({ path })),
}

const taskOn = (one: Tree, module: string): fc.Arbitrary<Task> =>
  (tasks[module] as Tasks)
    .params(one, fc.constantFrom(...one.paths))
    .map(params => ({ module, params: params as JsonObject }))

const situation = ({ world }: Tree, ...asked: readonly Task[]): Situation => ({
  world,
  tasks: asked,
  repeats: asked.some(({ module, params }) => tasks[module]?.repeats(params)),
})

export const files: Family = Object.fromEntries(
  Object.keys(tasks).map(module => [module, tree.chain(one => taskOn(one, module).map(task => situation(one, task)))]),
)

/** What a dry run foresees of the second task hangs on what the first one says that it writes. */
export const pairs: Family = {
  'two tasks on the same paths': tree.chain(one => {
    const task = fc.constantFrom(...Object.keys(tasks)).chain(module => taskOn(one, module))
    return fc.tuple(task, task).map(([first, second]) => situation(one, first, second))
  }),
}
