import type { Event, Reporter, StepEnded } from '../core/event.js'
import { addTo } from '../core/grouped.js'
import { linesFor } from './words.js'

/** One test case a step and host, for CI servers that read JUnit's XML. Written at the end of the run. */
export const junitReporter = (write: (text: string) => void): Reporter => {
  const cases = new Map<string, StepEnded[]>()
  return {
    event(event: Event) {
      if (event.kind === 'step-ended' && event.item === undefined) addTo(cases, event.host, event)
      if (event.kind === 'run-ended') write(`${document(cases)}\n`)
    },
    close: async () => undefined,
  }
}

const document = (cases: ReadonlyMap<string, readonly StepEnded[]>): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...[...cases].flatMap(([host, steps]) => suite(host, steps)),
    '</testsuites>',
  ].join('\n')

const suite = (host: string, steps: readonly StepEnded[]): readonly string[] => {
  const failures = steps.filter(isFailure).length
  return [
    `  <testsuite name="${xmlText(host)}" tests="${steps.length}" failures="${failures}">`,
    ...steps.flatMap(step => testcase(host, step)),
    '  </testsuite>',
  ]
}

const testcase = (host: string, step: StepEnded): readonly string[] => {
  const open = `    <testcase classname="${xmlText(host)}" name="${xmlText(step.step.name)}" time="${(step.ms / 1000).toFixed(3)}"`
  if (step.status === 'skipped') return [`${open}><skipped/></testcase>`]
  if (!isFailure(step)) return [`${open}/>`]
  const text = step.failure === undefined ? step.status : linesFor(step.failure).join('\n')
  return [`${open}><failure>${xmlText(text)}</failure></testcase>`]
}

const isFailure = ({ status }: StepEnded): boolean => status === 'failed' || status === 'unreachable'

/** XML text; characters that XML cannot hold are left out. */
const xmlText = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
