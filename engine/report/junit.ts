import type { Event, Reporter, StepEnded } from '../core/event.js'
import { addTo } from '../core/grouped.js'
import { printable } from './printable.js'
import { linesFor } from './words.js'

/**
 * JUnit XML for CI servers, written at the end of the run: a suite for each host, a test case for each step. Times are
 * in seconds; the timestamp of a suite is the start of the run, in ISO 8601 and UTC.
 *
 * @param now ms since 1970
 */
export const junitReporter = (write: (text: string) => void, now: () => number = Date.now): Reporter => {
  const cases = new Map<string, StepEnded[]>()
  let started = now()
  return {
    event(event: Event) {
      if (event.kind === 'run-started') started = now()
      if (event.kind === 'step-ended' && event.item === undefined) addTo(cases, event.host, event)
      if (event.kind === 'run-ended') write(`${document(cases, started)}\n`)
    },
    close: async () => undefined,
  }
}

const document = (cases: ReadonlyMap<string, readonly StepEnded[]>, started: number): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...[...cases].flatMap(([host, steps]) => suite(host, steps, new Date(started).toISOString())),
    '</testsuites>',
  ].join('\n')

const suite = (host: string, steps: readonly StepEnded[], timestamp: string): readonly string[] => {
  const failures = steps.filter(isFailure).length
  const ms = steps.reduce((sum, step) => sum + step.ms, 0)
  const counts = `tests="${steps.length}" failures="${failures}" time="${secondsText(ms)}" timestamp="${timestamp}"`
  return [
    `  <testsuite name="${xmlText(host)}" ${counts}>`,
    ...steps.flatMap(step => testcase(host, step)),
    '  </testsuite>',
  ]
}

const testcase = (host: string, step: StepEnded): readonly string[] => {
  const { name, source } = step.step
  const position = `file="${xmlText(source.file)}" line="${source.line}"`
  const open = `    <testcase classname="${xmlText(host)}" name="${xmlText(name)}" ${position} time="${secondsText(step.ms)}"`
  if (step.status === 'skipped') return [`${open}><skipped/></testcase>`]
  if (!isFailure(step)) return [`${open}/>`]
  const text = step.failure === undefined ? step.status : linesFor(step.failure).join('\n')
  return [`${open}><failure>${xmlText(text)}</failure></testcase>`]
}

const secondsText = (ms: number): string => (ms / 1000).toFixed(3)

const isFailure = ({ status }: StepEnded): boolean => status === 'failed' || status === 'unreachable'

/** Text for XML. Characters that XML cannot contain are written as escapes, as on a terminal. */
const xmlText = (text: string): string =>
  printable(text)
    .replace(/[\ud800-\udfff\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
