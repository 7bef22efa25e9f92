import { DefaultRenderer, Listr, type ListrTaskWrapper } from 'listr2'
import type { Reporter } from '../core/event.js'
import { painter } from './colours.js'
import { LiveRows } from './live-rows.js'
import { Narrator, type NarratorOptions } from './narrator.js'

// biome-ignore lint/suspicious/noExplicitAny: listr2's own default for renderers that the caller does not choose
type Task = ListrTaskWrapper<unknown, any, any>

type Tasks = ConstructorParameters<typeof DefaultRenderer>

/** listr2's own rows, above which lines can be written for good. */
class LiveRenderer extends DefaultRenderer {
  /** False as long as there are no rows yet. */
  above(text: string): boolean {
    if (this['updater'] === undefined) return false
    this['updater'].clear()
    this['logger'].process.toStdout(text, false)
    this.update()
    return true
  }
}

export interface TreeOptions extends NarratorOptions {
  /** Rows and columns of the terminal. */
  readonly size: () => { readonly rows: number }
}

/** ms between drawings: more of them nobody sees, and with many hosts events come faster than they can be drawn. */
const frame = 50

interface Live {
  above(text: string): boolean
  /** Draws soon: all that happens until then is drawn at once. */
  redraw(): void
  stop(): Promise<void>
}

/**
 * A live tree on a terminal: hosts with their current step, how much has changed, and the time. What happens is written above
 * it, line by line, and stays when the tree is gone.
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

/** Keeps the rows on the screen until it is stopped. */
const draw = (rows: LiveRows): Live => {
  const tasks: Task[] = []
  const ends: (() => void)[] = []
  let renderer: LiveRenderer | undefined
  class Renderer extends LiveRenderer {
    constructor(...given: Tasks) {
      super(...given)
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
