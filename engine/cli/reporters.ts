import type { Reporter } from '../core/event.js'
import { jsonReporter } from '../report/json.js'
import { plainReporter } from '../report/plain.js'

export interface ReporterChoice {
  readonly output: 'tree' | 'plain' | 'json' | 'junit' | undefined
  readonly color: 'auto' | 'always' | 'never'
  readonly diff: boolean
  readonly verbosity: number
}

const write = (text: string): void => void process.stdout.write(text)

/** The reporter that was asked for: a live tree on a terminal, plain lines elsewhere. */
export const chooseReporter = async ({ output, color, diff, verbosity }: ReporterChoice): Promise<Reporter> => {
  const terminal = process.stdout.isTTY === true
  const colours = color === 'always' || (color === 'auto' && terminal && process.env['NO_COLOR'] === undefined)
  switch (output ?? (terminal ? 'tree' : 'plain')) {
    case 'json':
      return jsonReporter(write)
    case 'junit':
      return (await import('../report/junit.js')).junitReporter(write)
    case 'tree':
      return (await import('../report/tree.js')).treeReporter({ write, colours, diff, verbosity })
    default:
      return plainReporter({ write, colours, diff, verbosity })
  }
}
