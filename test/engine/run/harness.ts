import { basename } from 'node:path'
import type { Job } from '../../../engine/core/connection.js'
import type { Event } from '../../../engine/core/event.js'
import { constant, type Expr } from '../../../engine/core/expr.js'
import { TkplayError } from '../../../engine/core/failure.js'
import type { Json } from '../../../engine/core/json.js'
import { type AnyModule, all, type Change, defineModule, nothing, type RunAs } from '../../../engine/core/module.js'
import { read, text } from '../../../engine/core/read.js'
import type { Node, Play, Step } from '../../../engine/core/step.js'
import { Secret } from '../../../engine/core/value.js'
import { rank } from '../../../engine/core/vars.js'
import type { RunInput, Templates } from '../../../engine/run/input.js'
import { run } from '../../../engine/run/run.js'
import { dataLayer } from '../../../engine/run/variables/scope.js'
import { sh } from '../../../engine/shell/quote.js'
import { type Fake, type FakeAnswer, type FakeContext, type FakeOptions, fake } from '../../../engine/transport/fake.js'

/** A host of these tests: settings by name, and what was done to them. */
export interface Disk {
  readonly settings: Map<string, string>
  /** `set` has no effect on these: something else changes them back. */
  readonly stubborn: Set<string>
  readonly log: string[]
  readonly notified: Set<string>
  /** Whose the handlers are that an earlier run notified. */
  owner: string
}

interface Setting {
  readonly key: string
  readonly value: string
  readonly after?: string
}
type SetIt = Change & { readonly kind: 'set' }

/** A state module over `get` and `set`. `after`: a setting that must be there first. */
export const setting = defineModule<Setting, { readonly now: string; readonly after: string }, SetIt>({
  name: 'setting',
  doc: 'A setting of the fake host.',
  kind: 'state',
  params: {
    type: 'object',
    properties: { key: { type: 'string' }, value: { type: 'string' }, after: { type: 'string' } },
  },
  probe: ({ key, after }) =>
    all({
      now: read(sh`get ${key}`, raw => text(raw.stdout)),
      after: read(sh`get ${after ?? key}`, raw => text(raw.stdout)),
    }),
  plan({ key, value, after }, seen) {
    if (after !== undefined && seen.after === '') return { needs: `the setting ${after}` }
    return { changes: seen.now === value ? [] : [{ kind: 'set', summary: `${key}: ${seen.now} → ${value}` }] }
  },
  apply: async (_, { key, value }, host) => void (await host.run(['set', key, value])),
  value: ({ key }, { now }) => ({ key, now }),
})

/** The same, seen on the control plane and of the whole cluster. */
const clusterSetting: AnyModule = {
  ...setting,
  name: 'cluster_setting',
  affects: 'cluster',
  probe: ({ key }: Setting) =>
    all({
      now: read(sh`get ${key}`, raw => text(raw.stdout), { on: 'a', scope: 'cluster' }),
      after: read(sh`get ${key}`, raw => text(raw.stdout), { on: 'a', scope: 'cluster' }),
    }),
  apply: async (_: Change, { key, value }: Setting, host) => void (await host.run(['set', key, value])),
}

type Act = Change & { readonly kind: 'run' }

export const act = defineModule<{ readonly cmd: string; readonly fail: boolean }, unknown, Act>({
  name: 'act',
  doc: 'An action.',
  kind: 'action',
  params: { type: 'object', properties: { cmd: { type: 'string' } } },
  probe: () => nothing as never,
  plan: ({ cmd }) => ({ changes: [{ kind: 'run', summary: `runs ${cmd}` }] }),
  async apply(_, { cmd }, host) {
    const raw = await host.run(['act', cmd], { ok: 'any' })
    const failed: { readonly [key: string]: Json } = raw.rc === 0 ? {} : { failed: true, msg: 'non-zero return code' }
    return { rc: raw.rc, cmd, stdout: text(raw.stdout), stderr: text(raw.stderr), ...failed }
  },
})

const answer = (disk: Disk, job: string, env: { readonly [name: string]: string } = {}): FakeAnswer | undefined => {
  const [word, key = '', ...rest] = job.split(' ')
  switch (word) {
    case 'get':
      return { stdout: disk.settings.get(key) ?? '' }
    case 'set':
      disk.log.push(job)
      if (!disk.stubborn.has(key)) disk.settings.set(key, rest.join(' '))
      return {}
    case 'act':
      disk.log.push(job)
      if (key === 'fail') return { rc: 3, stderr: 'it does not work' }
      if (key === 'flaky') {
        disk.settings.set('tries', `${Number(disk.settings.get('tries') ?? 0) + 1}`)
        return { rc: Number(disk.settings.get('tries')) < 3 ? 1 : 0 }
      }
      return { stdout: `${key} done ${Object.values(env).join(' ')}`.trim() }
    default:
      return own(disk, job)
  }
}

/** The engine's own jobs: what an earlier run left, and notifications. */
const own = (disk: Disk, job: string): FakeAnswer | undefined => {
  const names = [...job.matchAll(/'\.\/([^'@]+)@[^']+'/g)].map(match => decodeURIComponent(match[1] ?? ''))
  if (job.includes('systemd/transient/tkplay-')) {
    const owed = [...disk.notified].map(
      name => `notified ${encodeURIComponent(name)} ${encodeURIComponent(disk.owner)}\0`,
    )
    return { stdout: ['folder /var/lib/tkplay/notified\0', ...owed].join('') }
  }
  if (job.includes('mkdir -p "$d"')) for (const name of names) disk.notified.add(name)
  else if (job.includes('rm -f')) for (const name of names) disk.notified.delete(name)
  else return undefined
  disk.log.push(`${job.includes('mkdir -p "$d"') ? 'remember' : 'forget'} ${names.join(',')}`)
  return {}
}

const source = { file: 'site.yml', line: 1, col: 1 }
const origin = { playDir: '.', dir: '.' }

export const step = (name: string, module: string, params: Json | Expr, more: Partial<Step> = {}): Step => ({
  kind: 'step',
  id: name,
  name: constant(name),
  source,
  origin,
  module,
  params: isExpr(params) ? params : constant(params),
  when: [],
  notify: [],
  become: {},
  environment: [],
  vars: [],
  tags: [],
  ...more,
})

const isExpr = (value: Json | Expr): value is Expr => typeof value === 'object' && value !== null && 'evaluate' in value

export const flush = (): Step => step('flush', 'meta', { action: 'flush_handlers' })

export const play = (body: readonly Node[], more: Partial<Play> = {}): Play => ({
  name: 'the play',
  source,
  hosts: constant('all'),
  order: 'inventory',
  strategy: 'linear',
  gatherFacts: false,
  roles: [],
  serial: [],
  forceHandlers: false,
  vars: [],
  varsFiles: [],
  prompts: [],
  body,
  handlers: [],
  origin,
  inherits: step('inherits', 'none', {}),
  ...more,
})

export interface Lab {
  readonly transport: Fake<Disk>
  readonly events: Event[]
  readonly stop: AbortController
  /** All that hosts were made to do, in order: `a set x 1`. */
  readonly effects: string[]
  run(plays: readonly Play[], more?: Partial<RunInput>): ReturnType<typeof run>
  /** `status name` of each step that ended on a host. */
  statuses(host: string): readonly string[]
}

/** Templates that are what they say. */
export const templates: Templates = {
  variable: binding => constant(binding.value as Json),
  tree: value => constant(value as Json),
  expression: text => constant(text),
  condition: text => constant(text === 'true' || text === true),
  file: text => constant(text),
  omit: Symbol.for('omit') as never,
  moment: ms => ms ?? 0,
}

const nobody = new TkplayError({
  kind: 'unreachable',
  code: 'no-user',
  message: 'there is no such user',
  remedy: 'this is a test',
})

/** Files that an include may ask for; tests that have others lay theirs over it. */
export const loader: RunInput['loader'] = {
  includeTasks: async (_, file) => [step(`included ${file}`, 'setting', { key: file, value: '1' })],
  includeRole: async () => [],
  handlersOf: () => [],
  exposedBy: () => [],
  rolesOf: () => [],
  varsFile: async () => dataLayer(rank.varsFiles, 'none', []),
  includeVars: async () => dataLayer(rank.includeVars, 'none', []),
}

/** Fake hosts, and the engine over them. */
export const lab = (
  names: readonly string[],
  options: Omit<Partial<FakeOptions<Disk>>, 'hosts' | 'state'> & {
    readonly refuses?: (as: RunAs, disk: Disk) => boolean
  } = {},
): Lab => {
  const events: Event[] = []
  const effects: string[] = []
  const stop = new AbortController()
  const state = (host: string): Disk => ({
    settings: new Map(),
    stubborn: new Set(),
    notified: new Set(),
    owner: `${basename(process.cwd())}/site.yml`,
    log: new Proxy<string[]>([], {
      set: (list, key, value) => {
        if (key !== 'length') effects.push(`${host} ${String(value)}`)
        return Reflect.set(list, key, value)
      },
    }),
  })
  const hosts = Object.fromEntries(
    names.map(name => [
      name,
      (job: Job, disk: Disk, { as }: FakeContext) => {
        if (options.refuses?.(as, disk) === true) throw nobody
        return answer(disk, job.sh, job.env)
      },
    ]),
  )
  const transport = fake<Disk>({ ...options, hosts, state })
  return {
    transport,
    events,
    effects,
    stop,
    run: (plays, more = {}) => run({ ...input(names, transport, event => events.push(event), stop), plays, ...more }),
    statuses: host =>
      events.flatMap(event =>
        event.kind === 'step-ended' && event.host === host && event.item === undefined
          ? [`${event.status} ${event.step.name}`]
          : [],
      ),
  }
}

const selected = (names: readonly string[]) => (pattern: string) =>
  pattern === 'all' ? names : pattern.split(',').filter(name => names.includes(name))

const input = (
  names: readonly string[],
  transport: Fake<Disk>,
  emit: (event: Event) => void,
  stop: AbortController,
): Omit<RunInput, 'plays'> => ({
  playbooks: ['site.yml'],
  hosts: {
    names,
    groups: new Map([['all', names]]),
    layersOf: name => [
      dataLayer(rank.inventoryHost, 'host', [
        ['ansible_connection', 'fake'],
        ['me', name],
        ['password', new Secret('hunter22')],
      ]),
    ],
    groupsOf: () => [],
    select: selected(names),
    selectForPlay: selected(names),
    file: undefined,
    sources: [],
  },
  modules: new Map<string, AnyModule>([
    ['setting', setting],
    ['cluster_setting', clusterSetting],
    ['act', act],
  ]),
  loader,
  templates,
  checkParams: (_, params) => params,
  transport,
  check: false,
  diff: false,
  forks: 10,
  extra: dataLayer(rank.extra, 'extra', []),
  settings: [],
  tags: { only: [], skip: [] },
  selects: () => true,
  forceHandlers: false,
  recoverFirst: true,
  verbosity: 0,
  emit,
  stopping: stop.signal,
  abort: new AbortController().signal,
})
