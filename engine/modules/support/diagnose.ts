import type { Json } from '../../core/json.js'
import type { CommandOutput, Messages } from '../../core/messages.js'
import { field } from './message-data.js'

/** A known failure: what its output looks like. Named groups become the data of the message. */
export interface Rule {
  readonly code: string
  readonly pattern: RegExp
}

/** Looks for each rule in turn in what the command said; the first that fits answers. */
export const diagnoseBy =
  (rules: readonly Rule[]): NonNullable<Messages['diagnose']> =>
  (said: CommandOutput) => {
    const all = `${said.stderr}\n${said.stdout}`
    for (const { code, pattern } of rules) {
      const match = pattern.exec(all)
      if (match !== null) return { code, data: { ...match.groups } }
    }
    return undefined
  }

/** A named field of a message's data; a phrase in its place where the output did not say. */
export const fieldOr = (data: Json, name: string, otherwise = 'it'): string => field(data, name) || otherwise

/** Every command that needs root says it in its own words. */
export const notRoot: Rule = {
  code: 'not-root',
  pattern:
    /(?:[Pp]ermission denied|Operation not permitted|are you root\?|must be root|Access denied|[Ii]nteractive authentication required|requires superuser privilege)/,
}

export const notRootMessage: Messages['codes'] = {
  'not-root': () => ({
    what: 'the user of this step may not do that',
    remedy: 'add `become: true` to the task or the play',
  }),
}
