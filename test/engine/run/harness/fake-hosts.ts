import { basename } from 'node:path'
import type { Job } from '../../../../engine/core/connection.js'
import type { Event } from '../../../../engine/core/event.js'
import { TkplayError } from '../../../../engine/core/failure.js'
import type { AnyModule, RunAs } from '../../../../engine/core/module.js'
import type { Play } from '../../../../engine/core/step.js'
import { Secret } from '../../../../engine/core/value.js'
import { rank } from '../../../../engine/core/vars.js'
import type { RunInput } from '../../../../engine/run/input.js'
import { run } from '../../../../engine/run/run.js'
import { dataLayer } from '../../../../engine/run/variables/scope.js'
import { type Fake, type FakeContext, type FakeOptions, fake } from '../../../../engine/transport/fake.js'
import { answer, type Disk } from './disk.js'
import { loader, templates } from './loader.js'
import { act, clusterSetting, setting } from './modules.js'

/** Fake hosts, and the engine over them. */
export interface FakeHosts {
  readonly transport: Fake<Disk>
  readonly events: Event[]
  readonly stop: AbortController
  /** All that hosts were made to do, in order: `a set x 1`. */
  readonly effects: string[]
  run(plays: readonly Play[], more?: Partial<RunInput>): ReturnType<typeof run>
  /** `status name` of each step that ended on a host. */
  statuses(host: string): readonly string[]
  /** Until nobody does anything more by itself. */
  stillness(): Promise<void>
}

interface Options extends Omit<Partial<FakeOptions<Disk>>, 'hosts' | 'state'> {
  readonly refuses?: (as: RunAs, disk: Disk) => boolean
  /** A host that answers only when the others have come as far as they can without it. */
  readonly slow?: string
}

/** Turns of the event loop in which nothing happens, after which nothing more comes by itself. */
const STILL = 30

const nobody = new TkplayError({
  kind: 'unreachable',
  code: 'no-user',
  message: 'there is no such user',
  remedy: 'this is a test',
})

export const fakeHosts = (names: readonly string[], { refuses, slow, ...options }: Options = {}): FakeHosts => {
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
        if (refuses?.(as, disk) === true) throw nobody
        return answer(disk, job.sh, job.env)
      },
    ]),
  )
  const stillness = async (): Promise<void> => {
    const happened = (): number => events.length + effects.length + transport.batches.length
    for (let turn = 0, seen = happened(); turn < STILL; turn = seen === happened() ? turn + 1 : 0) {
      seen = happened()
      await new Promise(setImmediate)
    }
  }
  const delay = async (host: string): Promise<void> => (host === slow ? stillness() : undefined)
  const transport = fake<Disk>({ delay, ...options, hosts, state })
  return {
    transport,
    events,
    effects,
    stop,
    stillness,
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
