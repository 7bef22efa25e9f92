import type { About, Diagnostic } from '../core/diagnostic.js'
import { groupedBy } from '../core/grouped.js'
import { formatSource } from '../core/source.js'

type Kind = About | 'other'

/** The findings of one kind. The same message at the same position counts once. */
export interface Findings {
  readonly about: Kind
  readonly count: number
  readonly findings: readonly Diagnostic[]
}

/** Findings by kind, in the order of `titles`. */
export const grouped = (found: readonly Diagnostic[]): readonly Findings[] => {
  const once = new Map(found.map(one => [`${positionOf(one)}${one.message}`, one]))
  return (Object.keys(titles) as readonly Kind[]).flatMap(about => {
    const findings = [...once.values()].filter(one => (one.about ?? 'other') === about)
    return findings.length === 0 ? [] : [{ about, count: findings.length, findings }]
  })
}

const titles: { readonly [kind in Kind]: string } = {
  variable: 'undefined variables',
  parameter: 'invalid parameters',
  module: 'unknown modules',
  template: 'mistakes in templates',
  handler: 'unknown handlers',
  role: 'roles that were not found',
  include: 'mistakes in files that may be included',
  hosts: 'patterns that match no host',
  other: 'other findings',
}

/** The heading of a group, and its findings as lines. A message that occurs at several positions is printed once. */
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
        `  ${positionOf(one)}${one.message}`,
        ...(one.hint === undefined ? [] : [`    → ${one.hint}`]),
        ...alsoAt(alike.slice(1)),
      ]),
  ),
})

const alsoAt = (more: readonly Diagnostic[]): readonly string[] => {
  const positions = more.flatMap(({ source }) => (source === undefined ? [] : [formatSource(source)]))
  const shown = positions.slice(0, few)
  const left = positions.length - shown.length
  return shown.length === 0 ? [] : [`    also at ${shown.join(', ')}${left === 0 ? '' : ` and ${left} more places`}`]
}

const few = 3

/**
 * The findings that a run prints before it starts. Undefined variables are left to `validate`, since variables may
 * still be set during the run. More than a few findings about tasks are only counted.
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

const positionOf = ({ source }: Diagnostic): string => (source === undefined ? '' : `${formatSource(source)}: `)
