import { systemRefusal } from '../../config/files/system-refusal.js'
import { exit } from '../../core/exit.js'
import { ExpressionError } from '../../core/expr.js'
import { ConfigError, type InvalidConfig, TkplayError } from '../../core/failure.js'
import { formatSource } from '../../core/source.js'
import { linesFor } from '../../report/words.js'
import { excerptOf } from './excerpt.js'

/** Prints an error that is not part of a run's events. @returns the exit code for it */
export const complain = (error: unknown, say: (line: string) => void): number => {
  if (error instanceof ConfigError) {
    for (const one of error.all) for (const line of excerptedLines(one)) say(line)
    return exit.usage
  }
  if (error instanceof ExpressionError) {
    const { message, source, hint } = error
    return complain(
      new ConfigError({
        message,
        ...(source === undefined ? {} : { source }),
        ...(hint === undefined ? {} : { hint }),
      }),
      say,
    )
  }
  if (error instanceof TkplayError) {
    for (const line of linesFor({ failure: error.failure })) say(line)
    return error.failure.kind === 'unreachable'
      ? exit.unreachable
      : error.failure.kind === 'interrupted'
        ? exit.interrupted
        : exit.failed
  }
  const outside = systemRefusal(error)
  if (outside !== undefined) {
    for (const line of configLines({ kind: 'invalid-config', ...outside })) say(line)
    return exit.failed
  }
  const bug = error instanceof Error ? error : new Error(String(error))
  for (const line of linesFor({ failure: { kind: 'bug', message: bug.message, stack: bug.stack ?? '' } })) say(line)
  return exit.bug
}

/** An error with the line of the file that it is about. */
const excerptedLines = (error: InvalidConfig): readonly string[] => [
  ...configLines(error),
  ...(error.source === undefined || error.noLog === true ? [] : excerptOf(error.source)),
]

export const configLines = ({ message, source, hint }: InvalidConfig): readonly string[] => [
  `${source === undefined ? 'tkplay' : formatSource(source)}: ${message}`,
  ...(hint === undefined ? [] : [`  → ${hint}`]),
]
