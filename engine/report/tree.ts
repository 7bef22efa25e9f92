import { DefaultRenderer, Listr, type ListrTaskWrapper } from 'listr2'
import type { Reporter } from '../core/event.js'
import { painter } from './colours.js'
import { LiveRows } from './live-rows.js'
import { Narrator, type NarratorOptions } from './narrator.js'

// biome-ignore lint/suspicious/noExplicitAny: listr2's own default for renderers that the caller does not choose
type Task = ListrTaskWrapper<unknown, any, any>

type Tasks = ConstructorParameters<typeof DefaultRenderer>

/** The rows of listr2, with lines printed above them that stay. */
class LiveRenderer extends DefaultRenderer {
  /** False while no rows are drawn. */
  above(text: string): boolean {
    if (this['updater'] === undefined) return false
    this['updater'].clear()
    this['logger'].process.toStdout(text, false)
    this.update()
    return true
  }
}

export interface TreeOptions extends NarratorOptions {
  /** The size of the terminal. */
  readonly size: () => { readonly rows: number }
}

/** ms between drawings. With many hosts events come faster than they can be drawn. */
const frame = 50

interface Live {
  above(text: string): boolean
  /** Draws within `frame` ms, once for all events until then. */
  redraw(): void
  stop(): Promise<void>
}

/**
 * The live display of a terminal: a row for each host with its step, the number of changes, and the time. Lines about
 * events are printed above the rows, and stay when the rows are removed.
 */
export const treeReporter = (options: TreeOptions): Reporter => {
  const paint = painter(options.colours)
  let rows: LiveRows | undefined
  let live: Live | undefined
  let isClosed = false
  const write = (text: string): void => {
    if (live?.above(text) !== true) options.write(text)
  }
  const narrator = new Narrator({ ...options, write })
  const stop = async (): Promise<void> => {
    const stopping = live
    await stopping?.stop()
    live = undefined
  }

  return {
    event(event) {
      if (event.kind === 'run-started' && event.hosts.length > 0) {
        rows = new LiveRows(event.hosts, options.size().rows - 6, paint, Date.now)
        live = draw(rows)
      }
      rows?.follow(event)
      live?.redraw()
      narrator.tell(event)
    },
    async aside(question) {
      narrator.flush()
      await stop()
      try {
        return await question()
      } finally {
        if (rows !== undefined && !isClosed) live = draw(rows)
      }
    },
    async close() {
      isClosed = true
      narrator.flush()
      await stop()
    },
  }
}

/** Shows the rows until `stop` is called. */
const draw = (rows: LiveRows): Live => {
  const tasks: Task[] = []
  const ends: (() => void)[] = []
  let renderer: LiveRenderer | undefined
  class Renderer extends LiveRenderer {
    constructor(...args: Tasks) {
      super(...args)
      renderer = this
    }
  }
  const row = (index: number, task: Task): Promise<void> =>
    new Promise((done, fail) => {
      tasks[index] = task
      ends[index] = () => (rows.failed(index) ? fail(new Error('failed')) : done())
    })
  const titles = rows.titles()
  const list = new Listr(
    titles.map((title, index) => ({ title, task: (_: unknown, task: Task) => row(index, task) })),
    {
      concurrent: true,
      exitOnError: false,
      collectErrors: false,
      registerSignalListeners: false,
      renderer: Renderer,
      rendererOptions: { clearOutput: true, formatOutput: 'truncate', showErrorMessage: false, collapseErrors: false },
    },
  )
  const drawing = list.run().catch(() => undefined)
  const showCursor = (): void => void process.stdout.write('\u001b[?25h')
  process.once('exit', showCursor)
  const show = (): void => {
    for (const [index, title] of rows.titles().entries()) {
      const task = tasks[index]
      if (task !== undefined && task.title !== title) task.title = title
      if (rows.failed(index)) ends[index]?.()
    }
  }
  const clock = setInterval(show, 1000)
  let due: NodeJS.Timeout | undefined
  return {
    above: text => renderer?.above(text) ?? false,
    redraw() {
      due ??= setTimeout(() => {
        due = undefined
        show()
      }, frame)
    },
    async stop() {
      clearInterval(clock)
      clearTimeout(due)
      show()
      for (const end of ends) end()
      await drawing
      process.off('exit', showCursor)
    },
  }
}
