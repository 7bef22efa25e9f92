import type { Event } from '../core/event.js'
import type { Failure, ReportedFailure } from '../core/failure.js'
import type { Json } from '../core/json.js'
import type { Raw } from '../core/module.js'
import { text } from '../core/read.js'
import { formatSource } from '../core/source.js'
import { jsonText } from '../python/json-text.js'

/** A failure in words: what happened, the command and its output, the position in a file, and one thing to do next. */
export interface Words {
  readonly what: string
  readonly command?: string
  readonly output?: string
  readonly place?: string
  readonly remedy?: string
}

export const wordsFor = ({ failure, message }: ReportedFailure): Words => {
  const words = plainWords(failure)
  if (message === undefined) return words
  // The data of a refusal is shown only where there is no message for its code.
  const { output, ...rest } = words
  const told = output === undefined || failure.kind === 'refused' ? rest : { ...rest, output }
  return { ...told, what: message.what, remedy: message.remedy }
}

const plainWords = (failure: Failure): Words => {
  switch (failure.kind) {
    case 'invalid-config':
      return {
        what: failure.message,
        ...(failure.source === undefined ? {} : { place: formatSource(failure.source) }),
        ...(failure.hint === undefined ? {} : { remedy: failure.hint }),
      }
    case 'unreachable':
      return {
        what: failure.message,
        ...(failure.ran === undefined ? {} : { command: failure.ran.command, ...shownOutput(failure.ran.stderr) }),
        remedy: failure.remedy,
      }
    case 'missing':
      return {
        what: `${failure.needs} is needed, and no earlier step brings it`,
        remedy: failure.remedy ?? 'add an earlier step that does',
      }
    case 'not-observed':
      return {
        what: failure.what ?? `the state could not be read (exit code ${failure.raw.rc})`,
        command: firstLine(failure.command),
        ...said(failure.raw),
        remedy: 'run the command on the host and read its output',
      }
    case 'refused':
      return { what: `refused: ${failure.code}`, output: jsonText(failure.data) }
    case 'apply-failed':
      return {
        what: `exit code ${failure.raw.rc}`,
        command: firstLine(failure.command),
        ...said(failure.raw),
        remedy: isDenied(failure.raw)
          ? 'if the task does not run as root, add `become: true` to the task or the play'
          : 'run the command on the host and read its output',
      }
    case 'not-converged':
      return {
        what: `still not in the wanted state after the change: ${failure.changes.map(change => change.summary).join('; ')}`,
        remedy: 'find out whether something on the host reverts it; if nothing does, the task is not idempotent',
      }
    case 'timeout':
      if (failure.reads === true)
        return {
          what: `the host did not answer a read within ${seconds(failure.ms)}; the read was ended`,
          remedy: 'find out on the host what blocks it: a pipe, or a file system that does not answer',
        }
      return {
        what: failure.message ?? `not finished after ${seconds(failure.ms)}; the command was ended on the host`,
        command: firstLine(failure.command),
        remedy: 'give the task a longer timeout, or find out on the host what the command waits for',
      }
    case 'task-failed':
      if (failure.condition !== undefined) return assertionWords(failure.message, failure.condition)
      return {
        what: failure.raw === undefined ? failure.message : `${failure.message} (exit code ${failure.raw.rc})`,
        ...(failure.command === undefined ? {} : { command: firstLine(failure.command) }),
        ...(failure.raw === undefined ? {} : said(failure.raw)),
        ...(failure.command === undefined
          ? {}
          : { remedy: 'run the command on the host to see why; if this exit code is fine, say so with failed_when' }),
      }
    case 'interrupted':
      return { what: 'interrupted', remedy: 'run the same command again: it goes on where this one stopped' }
    case 'bug':
      return {
        what: `a bug in tkplay: ${failure.message}`,
        output: failure.stack,
        remedy: 'please report it with this text and the playbook',
      }
  }
}

const assertionWords = (message: string, { text, source }: AssertedCondition): Words => ({
  what: message,
  ...(message.includes(text) ? {} : { output: `this condition is false: ${text}` }),
  place: formatSource(source),
})

type AssertedCondition = NonNullable<Extract<Failure, { kind: 'task-failed' }>['condition']>

const isDenied = (raw: Raw): boolean => /permission denied|operation not permitted/i.test(text(raw.stderr))

const said = (raw: Raw): { readonly output?: string } => {
  const stderr = text(raw.stderr).trim()
  return shownOutput(stderr === '' ? text(raw.stdout) : stderr)
}

const shownOutput = (output: string): { readonly output?: string } =>
  output.trim() === '' ? {} : { output: trimmed(output.trim()) }

const most = 12

/** The last lines, which usually tell what went wrong. */
const trimmed = (output: string): string => {
  const lines = output.split('\n')
  return lines.length <= most ? output : [`… ${lines.length - most} lines before`, ...lines.slice(-most)].join('\n')
}

const firstLine = (command: string): string => {
  const [first = '', ...rest] = command.trim().split('\n')
  const cut = first.length > 200 ? `${first.slice(0, 200)}…` : first
  return rest.length === 0 ? cut : `${cut} …`
}

export const seconds = (ms: number): string =>
  ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`

/** The words of a failure as lines. */
export const linesFor = (reported: ReportedFailure): readonly string[] => {
  const { what, command, output, place, remedy } = wordsFor(reported)
  return [
    ...what.split('\n'),
    ...(place === undefined ? [] : [`at ${place}`]),
    ...(command === undefined ? [] : [`$ ${command}`]),
    ...(output === undefined ? [] : output.split('\n').map(line => `| ${line}`)),
    ...(remedy === undefined ? [] : [`→ ${remedy}`]),
  ]
}

/** A warning with its host and position; the hint is on a line of its own. */
export const warningText = ({ host, message, source, hint }: Extract<Event, { kind: 'warning' }>): string => {
  const about = host === undefined ? '' : `${host}: `
  const place = source === undefined ? '' : ` (${formatSource(source)})`
  const [what = '', ...more] = message.split('\n')
  // Further lines are output of a host, shown as in a failure.
  const output = more.length === 0 ? [] : trimmed(more.join('\n')).split('\n')
  return [
    `${about}${what}${place}`,
    ...output.map(line => `  | ${line}`),
    ...(hint === undefined ? [] : [`  → ${hint}`]),
  ].join('\n')
}

/** A value for people: a string as it is, anything else as indented JSON. */
export const shown = (json: Json): string => (typeof json === 'string' ? json : jsonText(json, { indent: 2 }))
