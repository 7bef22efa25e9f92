import { Listr, type ListrTaskWrapper } from 'listr2'
import type { Event, Reporter, StepEnded } from '../core/event.js'
import { type Paint, painter, styleOf } from './colours.js'
import { linesOf, type PlainOptions } from './plain.js'
import { seconds } from './words.js'

// biome-ignore lint/suspicious/noExplicitAny: listr2's own default for renderers that the caller does not choose
type Task = ListrTaskWrapper<unknown, any, any>

/** One host's row: what it is doing, and what it has changed so far. */
interface Row {
  task: Task | undefined
  step: string
  from: number
  changed: number
  ok: number
  failed: boolean
  finish: (() => void) | undefined
}

/**
 * A live tree on a terminal: a row a host with its current step, how much has changed, and the time. What the plain reporter
 * would have said is said when the tree is done, so that nothing is lost when the screen is redrawn.
 */
export const treeReporter = (options: PlainOptions): Reporter => {
  const paint = painter(options.colours)
  const rows = new Map<string, Row>()
  const later: string[] = []
  let drawing: Promise<unknown> | undefined
  let clock: NodeJS.Timeout | undefined

  const start = (hosts: readonly string[]): void => {
    const tasks = hosts.map(host => ({ title: host, task: (_: unknown, task: Task) => rowTask(host, task) }))
    const list = new Listr(tasks, {
      concurrent: true,
      exitOnError: false,
      collectErrors: false,
      registerSignalListeners: false,
    })
    drawing = list.run().catch(() => undefined)
    clock = setInterval(() => rows.forEach((row, host) => draw(host, row, paint)), 1000)
  }
  const rowTask = (host: string, task: Task): Promise<void> => {
    const row = rows.get(host) ?? newRow()
    rows.set(host, { ...row, task })
    return new Promise((done, fail) => {
      const known = rows.get(host)
      if (known !== undefined) known.finish = () => (known.failed ? fail(new Error(known.step)) : done())
    })
  }
  const stop = async (): Promise<void> => {
    clearInterval(clock)
    for (const row of rows.values()) row.finish?.()
    await drawing
    for (const line of later.splice(0)) options.write(`${line}\n`)
  }

  return {
    event(event) {
      later.push(...linesOf(event, options, paint))
      if (event.kind === 'run-started') start(event.hosts)
      const host = 'host' in event ? event.host : undefined
      const row = host === undefined ? undefined : rows.get(host)
      if (row !== undefined && host !== undefined) {
        follow(row, event)
        draw(host, row, paint)
      }
    },
    close: stop,
  }
}

const newRow = (): Row => ({
  task: undefined,
  step: 'connecting',
  from: Date.now(),
  changed: 0,
  ok: 0,
  failed: false,
  finish: undefined,
})

const follow = (row: Row, event: Event): void => {
  switch (event.kind) {
    case 'step-started':
      row.step = event.step.name
      row.from = Date.now()
      return
    case 'step-progress':
      row.step = `${event.step.name}: ${event.text}`
      return
    case 'step-ended':
      return count(row, event)
    case 'host-failed':
      row.failed = true
      return
    default:
      return
  }
}

const count = (row: Row, { status, step, item }: StepEnded): void => {
  if (item !== undefined) return
  if (status === 'failed' || status === 'unreachable') row.failed = true
  if (status === 'changed' || status === 'would-change') row.changed++
  else row.ok++
  row.step = step.name
}

const draw = (host: string, row: Row, paint: Paint): void => {
  if (row.task === undefined) return
  const changed = row.changed === 0 ? '' : paint(styleOf.changed, ` ${row.changed} changed`)
  row.task.title = `${host}  ${row.ok + row.changed} steps${changed}  ${paint('dim', `${row.step} ${seconds(Date.now() - row.from)}`)}`
}
