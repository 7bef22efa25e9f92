import type { About, Diagnostic } from '../core/diagnostic.js'
import { groupedBy } from '../core/grouped.js'
import { formatSource } from '../core/source.js'

type Kind = About | 'other'

/** What was found of one kind, each thing at each place once. */
export interface Findings {
  readonly about: Kind
  readonly count: number
  readonly findings: readonly Diagnostic[]
}

/** By kind, in the order of `titles`. */
export const grouped = (found: readonly Diagnostic[]): readonly Findings[] => {
  const once = new Map(found.map(one => [`${placeOf(one)}${one.message}`, one]))
  return (Object.keys(titles) as readonly Kind[]).flatMap(about => {
    const findings = [...once.values()].filter(one => (one.about ?? 'other') === about)
    return findings.length === 0 ? [] : [{ about, count: findings.length, findings }]
  })
}

const titles: { readonly [kind in Kind]: string } = {
  variable: 'variables that nothing known defines',
  parameter: 'parameters that do not fit',
  module: 'modules that are not here',
  template: 'mistakes in templates',
  handler: 'handlers that are not there',
  role: 'roles that are not there',
  include: 'mistakes in what an include may bring',
  hosts: 'names that match nobody',
  other: 'other findings',
}

/** A group's heading, and its findings below it: what is found in many places is said once. */
export const findingLines = ({
  about,
  count,
  findings,
}: Findings): { readonly title: string; readonly lines: readonly string[] } => ({
  title: `${titles[about]}: ${count}`,
  lines: [...groupedBy(findings, ({ message }) => message).values()].flatMap(alike =>
    alike
      .slice(0, 1)
      .flatMap(one => [
        `  ${placeOf(one)}${one.message}`,
        ...(one.hint === undefined ? [] : [`    → ${one.hint}`]),
        ...alsoAt(alike.slice(1)),
      ]),
  ),
})

const alsoAt = (more: readonly Diagnostic[]): readonly string[] => {
  const places = more.flatMap(({ source }) => (source === undefined ? [] : [formatSource(source)]))
  const shown = places.slice(0, few)
  const left = places.length - shown.length
  return shown.length === 0 ? [] : [`    also at ${shown.join(', ')}${left === 0 ? '' : ` and ${left} more places`}`]
}

const few = 3

/**
 * What a run says before it begins. Names may still come, so that they are for `validate`; of what may stop tasks few are told, and many
 * are counted.
 */
export const foretold = (found: readonly Diagnostic[], playbooks: readonly string[]): readonly Diagnostic[] => {
  const told = found.filter(({ about }) => about !== 'variable')
  const ofTasks = grouped(told).filter(({ about }) => about !== 'hosts' && about !== 'other')
  const count = ofTasks.reduce((sum, group) => sum + group.count, 0)
  if (count <= few) return told
  const kinds = new Set<string>(ofTasks.map(({ about }) => about))
  const counts = ofTasks.map(group => `${titles[group.about]}: ${group.count}`).join(', ')
  return [
    ...told.filter(({ about = 'other' }) => !kinds.has(about)),
    {
      message: `${count} findings may stop tasks where they are reached (${counts})`,
      hint: `see them all: tkplay validate ${playbooks.join(' ')}`,
    },
  ]
}

const placeOf = ({ source }: Diagnostic): string => (source === undefined ? '' : `${formatSource(source)}: `)
