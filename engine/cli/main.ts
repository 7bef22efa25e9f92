import { CommanderError } from 'commander'
import { exit } from '../core/exit.js'
import { program } from './program.js'

/** The whole program. Never throws. @returns the exit code */
export const main = async (argv: readonly string[]): Promise<number> => {
  let code: number = exit.ok
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endOfReader)
  process.on('uncaughtException', error => void report(error).then(bug => process.exit(bug)))
  try {
    await program(done => {
      code = done
    }).parseAsync(argv)
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.usage
    return report(error)
  }
}

/**
 * Ignores that nobody reads the output any more (`| head` has ended), or that the terminal is closed (EIO): the run
 * goes on without output.
 */
const endOfReader = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
}

const report = async (error: unknown): Promise<number> => {
  const [{ complain }, { printable }] = await Promise.all([
    import('./terminal/errors.js'),
    import('../report/printable.js'),
  ])
  return complain(error, line => void process.stderr.write(`${printable(line)}\n`))
}
