import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { StepEnded, StepStatus } from '../../engine/core/event.js'
import type { Json, JsonObject } from '../../engine/core/json.js'
import { rowsOf } from './rows.js'
import { project, type RanJson } from './tkplay.js'

/**
 * One row of test/cases/MODULE/lab.yml: what a module does on a real host. From bare it changes, again it does not, after a drift it
 * does once more and then not. `setup`, `verify` and `drift` are shell text on the host; `verify` must succeed after each change.
 */
export interface LabCase {
  readonly module: string
  readonly name: string
  readonly setup?: string
  readonly params: Json
  readonly verify?: string
  readonly drift?: string
  /** Whether the second time changes something too: actions (restarted). */
  readonly again?: boolean
  /** Whether the first time changes something; true unless told. */
  readonly changed?: boolean
  /** It fails, and what it says holds this text: the known failure is recognised and answered. */
  readonly fails?: string
  /** Other keywords of the task. */
  readonly task?: JsonObject
}

interface Stage {
  readonly name: string
  readonly task: JsonObject
  readonly expected: readonly StepStatus[]
  readonly says?: string
}

const folder = join(project, 'test/cases')

/** All rows of all modules, in the order of their names. */
export const labCases = (): readonly LabCase[] =>
  readdirSync(folder)
    .filter(module => readdirSync(join(folder, module)).includes('lab.yml'))
    .sort()
    .flatMap(module => {
      const rows = rowsOf<Omit<LabCase, 'module'>>(join(folder, module, 'lab.yml'), columns)
      return rows.map(row => ({ ...row, module }))
    })

const columns = ['name', 'setup', 'params', 'verify', 'drift', 'again', 'changed', 'fails', 'task'] as const

const fine: readonly StepStatus[] = ['ok', 'changed']

/** The tasks of a row, each with how it must end. A shell task that fails says what it saw. */
const stagesOf = (row: LabCase): readonly Stage[] => {
  const shell = (what: string, text: string | undefined): readonly Stage[] =>
    text === undefined ? [] : [{ name: what, task: { shell: text, args: { executable: '/bin/bash' } }, expected: fine }]
  const apply = (what: string, changes: boolean): Stage => ({
    name: what,
    task: { [row.module]: row.params, ...row.task },
    expected: [changes ? 'changed' : 'ok'],
  })
  if (row.fails !== undefined) {
    const failing: Stage = { ...apply('fails', true), expected: ['failed', 'rescued'], says: row.fails }
    return [...shell('setup', row.setup), failing]
  }
  const repeated = row.again === true
  return [
    ...shell('setup', row.setup),
    apply('from bare', row.changed !== false),
    ...shell('verify', row.verify),
    apply('again', repeated),
    ...(row.drift === undefined
      ? []
      : [
          ...shell('drift', row.drift),
          apply('after drift', true),
          ...shell('verify after drift', row.verify),
          apply('and again', repeated),
        ]),
  ]
}

const titleOf = (row: LabCase, stage: string): string => `${row.module}: ${row.name}: ${stage}`

/** One play for one host. A row that fails does not stop the others: each is a block of its own. */
export const playbookOf = (host: string, rows: readonly LabCase[]): string =>
  stringify([
    {
      hosts: host,
      become: true,
      gather_facts: true,
      tasks: rows.map(row => ({
        name: `${row.module}: ${row.name}`,
        block: stagesOf(row).map(stage => ({ name: titleOf(row, stage.name), ...stage.task })),
        rescue: [{ name: titleOf(row, 'failed'), debug: { msg: 'see the failed step' } }],
      })),
    },
  ])

export interface Judged {
  readonly title: string
  readonly ok: boolean
  readonly said: string
}

/** Each stage as it ended; one that never ran is not ok. */
export const judge = (ran: RanJson, rows: readonly LabCase[]): readonly Judged[] =>
  rows.flatMap(row =>
    stagesOf(row).map(stage => {
      const title = titleOf(row, stage.name)
      const ended = ran.steps.find(step => step.step.name === title)
      const ok =
        ended !== undefined &&
        stage.expected.includes(ended.status) &&
        ended.notIdempotent !== true &&
        (stage.says === undefined || JSON.stringify(ended.failure).includes(stage.says))
      return { title, ok, said: ok ? '' : sayOf(ended, stage) }
    }),
  )

const sayOf = (ended: StepEnded | undefined, stage: Stage): string =>
  ended === undefined
    ? 'did not run'
    : `${ended.status}, not ${stage.expected.join(' or ')}: ${JSON.stringify({
        changes: ended.changes.map(change => change.summary),
        failure: ended.failure,
        waitsFor: ended.waitsFor,
        result: ended.status === 'failed' ? ended.result : undefined,
      }).slice(0, 1500)}`
