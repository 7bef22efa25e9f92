import { systemRefusal } from '../../config/files/system-refusal.js'
import { ExpressionError } from '../../core/expr.js'
import { ConfigError, type Failure, type ReportedFailure, TkplayError } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import type { CommandOutput, Message, Messages } from '../../core/messages.js'
import type { AnyModule } from '../../core/module.js'
import { text } from '../../core/read.js'
import type { Step } from '../../core/step.js'
import { ReadFailed } from '../step/probe.js'
import { hostMessages } from './host-messages.js'

/** Any error as a failure. Expected errors contain theirs; any other is a bug in tkplay. */
export const failureOf = (error: unknown, step?: Step): Failure => {
  if (error instanceof ConfigError || error instanceof TkplayError) return placed(error.failure, step)
  if (error instanceof ExpressionError) {
    const source = error.source ?? step?.source
    return {
      kind: 'invalid-config',
      message: error.message,
      ...(source === undefined ? {} : { source }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    }
  }
  if (error instanceof ReadFailed) {
    const { raw, what } = error.why
    return { kind: 'not-observed', command: error.read.sh, raw, ...(what === undefined ? {} : { what }) }
  }
  const outside = systemRefusal(error)
  if (outside !== undefined) return placed({ kind: 'invalid-config', ...outside }, step)
  const bug = error instanceof Error ? error : new Error(String(error))
  return { kind: 'bug', message: bug.message, stack: bug.stack ?? '' }
}

const placed = (failure: Failure, step: Step | undefined): Failure =>
  failure.kind === 'invalid-config' && failure.source === undefined && step !== undefined
    ? { ...failure, source: step.source }
    : failure

/** The failure with the message of the role or module, and without the output of a secret command. */
export const reported = (failure: Failure, step?: Step, module?: AnyModule): ReportedFailure => {
  const books = [step?.messages, module?.messages].filter(book => book !== undefined)
  const message = messageFor(failure, books)
  return { failure: withoutSecrets(failure), ...(message === undefined ? {} : { message }) }
}

const withoutSecrets = (failure: Failure): Failure =>
  failure.kind === 'apply-failed' && failure.secret === true
    ? { ...failure, raw: { ...failure.raw, stdout: new Uint8Array(), stderr: new Uint8Array() } }
    : failure

const messageFor = (failure: Failure, books: readonly Messages[]): Message | undefined => {
  if (failure.kind === 'refused') return find(books, failure.code, failure.data)
  if (failure.kind === 'apply-failed' && failure.diagnosis !== undefined) {
    return find(books, failure.diagnosis.code, failure.diagnosis.data)
  }
  if (failure.kind !== 'apply-failed' && failure.kind !== 'not-observed' && failure.kind !== 'task-failed')
    return undefined
  if (failure.raw === undefined) return undefined
  const output: CommandOutput = {
    rc: failure.raw.rc,
    stdout: text(failure.raw.stdout),
    stderr: text(failure.raw.stderr),
  }
  // The output of a user's command may be anything, so no host message is guessed from it.
  for (const book of failure.kind === 'task-failed' ? books : [...books, hostMessages]) {
    const diagnosis = book.diagnose?.(output)
    const message = diagnosis === undefined ? undefined : book.codes[diagnosis.code]?.(diagnosis.data)
    if (message !== undefined) return message
  }
  return undefined
}

const find = (books: readonly Messages[], code: string, data: Json): Message | undefined =>
  books.map(book => book.codes[code]?.(data)).find(message => message !== undefined)
