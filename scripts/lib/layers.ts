import { type Import, importsOf } from './imports.js'
import { root, sources } from './project.js'

/** The folders and files that a folder may import, beside itself. Types count like values. */
interface Layer {
  readonly folder: string
  readonly may: readonly string[]
}

const lower = ['engine/core', 'engine/python', 'engine/shell', 'engine/config'] as const
const middle = [
  'engine/inventory',
  'engine/template',
  'engine/transport',
  'engine/facts',
  'engine/modules',
  'engine/report',
] as const

/** The first matching folder decides. The folders in `middle` are siblings that do not import each other. */
export const layers: readonly Layer[] = [
  { folder: 'engine/core', may: [] },
  { folder: 'engine/python', may: ['engine/core'] },
  { folder: 'engine/shell', may: ['engine/core', 'engine/python'] },
  { folder: 'engine/config', may: ['engine/core', 'engine/python', 'engine/shell'] },
  ...middle.map(folder => ({ folder, may: lower })),
  { folder: 'engine/playbook', may: [...lower, ...middle] },
  { folder: 'engine/run', may: [...lower, ...middle, 'engine/playbook'] },
  { folder: 'engine/cli', may: [...lower, ...middle, 'engine/playbook', 'engine/run'] },
  { folder: 'engine/index.ts', may: ['engine/core', 'engine/shell'] },
  {
    folder: 'bin',
    may: ['engine/core', 'engine/config/files/make-folders.ts', 'engine/cli', 'engine/index.ts', 'engine/playbook'],
  },
  { folder: 'roles', may: ['engine/core', 'engine/python', 'engine/modules'] },
  { folder: 'lab', may: [] },
  { folder: 'bench', may: ['bin', 'engine', 'roles', 'lab', 'scripts'] },
  { folder: 'scripts', may: ['engine', 'roles', 'lab'] },
  { folder: 'test', may: ['bin', 'engine', 'roles', 'lab', 'scripts', 'bench'] },
]

/**
 * The floors of engine/run, the lowest first. A file may import its own floor and those below, types included. A folder
 * ends with a slash; a file that is listed by itself is on that floor, not on its folder's.
 */
const runFloors: readonly (readonly string[])[] = [
  ['input.ts', 'timeline/'],
  [
    'schedule/effect-order.ts',
    'schedule/forks.ts',
    'schedule/last-batch.ts',
    'schedule/locks.ts',
    'schedule/start-at.ts',
    'schedule/step-prompt.ts',
    'schedule/throttle.ts',
    'dry-run/pending.ts',
    'dry-run/path-overlap.ts',
  ],
  ['variables/', 'machine/target.ts', 'machine/connection-vars.ts'],
  ['machine/'],
  [
    'step/result.ts',
    'step/probe.ts',
    'step/redact.ts',
    'step/secret-params.ts',
    'step/time-limit.ts',
    'step/step-name.ts',
    'pipeline/outcome.ts',
    'schedule/run-once.ts',
    'handlers/journal-scripts.ts',
    'handlers/pending-handlers.ts',
    'failure/host-state.ts',
    'run-events.ts',
  ],
  ['host.ts', 'context.ts'],
  [
    'schedule/',
    'step/evaluate.ts',
    'step/observe.ts',
    'step/step-events.ts',
    'failure/failures.ts',
    'failure/host-messages.ts',
    'dry-run/conditional-end.ts',
    'dry-run/role-uses.ts',
  ],
  ['dry-run/', 'failure/results.ts'],
  ['handlers/'],
  ['failure/'],
  ['control/index.ts', 'control/look-through.ts', 'control/pause.ts'],
  ['step/'],
  ['control/'],
  ['preflight/', 'pipeline/'],
  ['run-state.ts', 'host-loop.ts', 'run.ts', 'recap.ts'],
]

const floorOf = (file: string): number => {
  const name = file.slice('engine/run/'.length)
  const named = runFloors.findIndex(floor => floor.includes(name))
  return named >= 0 ? named : runFloors.findIndex(floor => floor.some(one => one.endsWith('/') && name.startsWith(one)))
}

/**
 * The rule inside engine/modules: a file may import its own subject (`files`, `kube`, …) and `support`, which imports
 * only itself.
 */
const subjectRule = (file: string, target: string): string | undefined => {
  const [own, other] = [subjectOf(file), subjectOf(target)]
  if (file === 'engine/modules/index.ts' || other === own || other === 'support') return undefined
  return own === 'support'
    ? 'engine/modules/support imports none of the other folders of modules'
    : `${own} may import support: what several subjects use is there`
}

const subjectOf = (file: string): string | undefined => file.split('/')[2]

/** The folders that may import a dependency. Tests may import all of them. */
export const homes: { readonly [name: string]: readonly string[] } = {
  ajv: ['engine/config', 'scripts'],
  'async-mutex': ['engine/run', 'engine/cli/terminal', 'engine/transport/fake.ts'],
  commander: ['engine/cli', 'bin', 'scripts'],
  diff: ['engine/report/diff.ts'],
  esbuild: ['scripts'],
  'fast-check': [],
  'ipaddr.js': ['engine/python/ip-address.ts'],
  jiti: ['engine/playbook'],
  listr2: ['engine/report/tree.ts'],
  'p-limit': ['scripts', 'bench'],
  'smol-toml': ['engine/modules/kube/host/toml.ts'],
  ssh2: ['engine/transport', 'bench'],
  tap: ['scripts'],
  'tar-stream': ['lab/mirror/images/tar.ts'],
  typescript: ['scripts'],
  yaml: ['engine/config'],
  zx: ['engine/transport/local.ts', 'lab', 'bench', 'scripts'],
}

export interface Violation {
  readonly file: string
  readonly line: number
  readonly imports: string
  readonly allowed: string
}

export const violations = (base = root): readonly Violation[] =>
  sources(base).flatMap(file => violationsOf(file, importsOf(file, base)))

export const violationsOf = (file: string, imports: readonly Import[]): readonly Violation[] => {
  const layer = layers.find(({ folder }) => isIn(file, folder))
  if (layer === undefined) return [{ file, line: 1, imports: 'anything', allowed: 'this folder is not in the table' }]
  return imports.flatMap(one => {
    const allowed = rule(layer, file, one)
    return allowed === undefined ? [] : [{ file, line: one.line, imports: one.target, allowed }]
  })
}

/** What would be allowed; undefined where the import is allowed. */
const rule = (layer: Layer, file: string, { kind, target }: Import): string | undefined => {
  if (kind === 'node') {
    return layer.folder === 'engine/core' ? 'engine/core imports nothing' : undefined
  }
  if (kind === 'package') return packageRule(layer, file, target)
  if (isIn(file, 'engine/run') && isIn(target, 'engine/run')) return floorRule(file, target)
  if (isIn(file, 'engine/modules') && isIn(target, 'engine/modules')) return subjectRule(file, target)
  if (isIn(target, layer.folder) || layer.may.some(folder => isIn(target, folder))) return undefined
  const may = layer.may.join(', ')
  return `${layer.folder} may import ${may === '' ? 'nothing of the other folders' : may}`
}

const floorRule = (file: string, target: string): string | undefined => {
  const [own, other] = [floorOf(file), floorOf(target)]
  if (own < 0) return 'it is on no floor: give it one in scripts/lib/layers.ts'
  return other <= own
    ? undefined
    : `${runFloors[own]?.join(', ')} are below it: they may import floors below theirs only`
}

const packageRule = (layer: Layer, file: string, name: string): string | undefined => {
  const home = homes[name]
  if (home === undefined) return `${name} has no home: give it one in scripts/lib/layers.ts`
  if (layer.folder === 'test' || home.some(folder => isIn(file, folder))) return undefined
  return `${name} lives in ${home.length === 0 ? 'test' : home.join(', ')}`
}

const isIn = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`)

export const inWords = ({ file, line, imports, allowed }: Violation): string =>
  `${file}:${line} imports ${imports} → ${allowed}`
