import type { Reporter } from '../../core/event.js'
import { printableReporter } from '../../report/printable.js'

export interface ReporterChoice {
  readonly output: 'tree' | 'plain' | 'json' | 'junit' | undefined
  readonly color: 'auto' | 'always' | 'never'
  readonly diff: boolean
  readonly verbosity: number
}

export const toStdout = (text: string): void => void process.stdout.write(text)
export const toStderr = (text: string): void => void process.stderr.write(text)

/**
 * Whether to use colours: by the setting, else the environment, else if stdout is a terminal. NO_COLOR (no-color.org)
 * wins over FORCE_COLOR. FORCE_COLOR works as in Node: empty, or any value but 0 and false, turns colours on.
 */
export const paints = (color: ReporterChoice['color']): boolean => {
  if (color !== 'auto') return color === 'always'
  const { NO_COLOR: no, FORCE_COLOR: force } = process.env
  if (no !== undefined && no !== '') return false
  return force === undefined ? process.stdout.isTTY === true : !['0', 'false'].includes(force)
}

/** The reporter for `output`. By default, a live tree on a terminal, and plain lines elsewhere. */
export const chooseReporter = async ({ output, color, diff, verbosity }: ReporterChoice): Promise<Reporter> => {
  const terminal = process.stdout.isTTY === true && process.env['TERM'] !== 'dumb'
  const options = { write: toStdout, colours: paints(color), diff, verbosity }
  if (output === 'json') return (await import('../../report/json.js')).jsonReporter(toStdout)
  if (output === 'junit') return (await import('../../report/junit.js')).junitReporter(toStdout)
  if (terminal && output !== 'plain') {
    const { treeReporter } = await import('../../report/tree.js')
    return printableReporter(treeReporter({ ...options, size: () => ({ rows: process.stdout.rows ?? 24 }) }))
  }
  return printableReporter((await import('../../report/plain.js')).plainReporter(options))
}
