import type { Event, Reporter, StepEnded } from '../core/event.js'
import { addTo } from '../core/grouped.js'
import { printable } from './printable.js'
import { linesFor } from './words.js'

/**
 * One test case a step and host, for CI servers that read JUnit's XML. Written at the end of the run. Times are in seconds, as JUnit
 * has them; a suite's timestamp is the start of the run, in ISO 8601 and UTC.
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
  const place = `file="${xmlText(source.file)}" line="${source.line}"`
  const open = `    <testcase classname="${xmlText(host)}" name="${xmlText(name)}" ${place} time="${secondsText(step.ms)}"`
  if (step.status === 'skipped') return [`${open}><skipped/></testcase>`]
  if (!isFailure(step)) return [`${open}/>`]
  const text = step.failure === undefined ? step.status : linesFor(step.failure).join('\n')
  return [`${open}><failure>${xmlText(text)}</failure></testcase>`]
}

const secondsText = (ms: number): string => (ms / 1000).toFixed(3)

const isFailure = ({ status }: StepEnded): boolean => status === 'failed' || status === 'unreachable'

/** XML text; characters that XML cannot hold are written out, as for a terminal. */
const xmlText = (text: string): string =>
  printable(text)
    .replace(/[\ud800-\udfff\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
