import type { About, Diagnostic } from '../../core/diagnostic.js'
import { ExpressionError } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import { formatSource, type Source } from '../../core/source.js'
import type { NoLogParts } from './no-log-parts.js'

/** The errors for which playbooks are refused, and the findings beside them. */
export class RefusedPlaybook extends ConfigError {
  constructor(
    readonly findings: readonly Diagnostic[],
    ...errors: readonly [Diagnostic, ...(readonly Diagnostic[])]
  ) {
    super(...errors)
  }
}

/** All errors and findings of a compilation, so that users see them at once. */
export class Problems {
  readonly errors: Diagnostic[] = []
  readonly warnings: Diagnostic[] = []

  add(message: string, source: Source | undefined, hint: string): void {
    this.errors.push(problem(message, source, hint))
  }

  warn(message: string, source: Source | undefined, hint: string): void {
    this.warnings.push(problem(message, source, hint))
  }

  /** What a task fails for when it is reached: an error where that is certain, else a finding. */
  addTaskFailure(about: About, certain: boolean, message: string, source: Source | undefined, hint: string): void {
    this[certain ? 'errors' : 'warnings'].push({ about, ...problem(message, source, hint) })
  }

  /** Keeps what a part of the compiler throws as ConfigError or ExpressionError; other errors are bugs and go on. */
  addThrown(error: unknown, as: 'errors' | 'warnings' = 'errors', about?: About): void {
    const kind = about === undefined ? {} : { about }
    if (error instanceof ConfigError) this[as].push(...error.all.map(one => ({ ...kind, ...one })))
    else if (error instanceof ExpressionError) this[as].push({ ...kind, ...ofExpression(error) })
    else throw error
  }

  /** @throws RefusedPlaybook with all errors, in the order of files and lines, each once */
  throwErrors(noLogParts: NoLogParts): void {
    const seen = new Set<string>()
    const sorted = this.errors
      .map(error => noLogParts.masked(error))
      .map((error, index) => ({ error, index }))
      .sort((a, b) => compare(a.error.source, b.error.source) || a.index - b.index)
      .map(({ error }) => error)
      .filter(({ about, message, source }) => {
        // A role that many use is named once.
        const key = `${source === undefined || about === 'role' ? '' : formatSource(source)} ${message}`
        return !seen.has(key) && seen.add(key)
      })
    const [first, ...more] = sorted
    if (first === undefined) return
    throw new RefusedPlaybook(
      this.warnings.map(one => noLogParts.masked(one)),
      first,
      ...more,
    )
  }
}

const ofExpression = ({ message, source, hint }: ExpressionError): Diagnostic =>
  problem(message, source, hint ?? 'check the expression from here on: names, quotes, brackets, operators')

const problem = (message: string, source: Source | undefined, hint: string | undefined): Diagnostic => ({
  message,
  ...(source === undefined ? {} : { source }),
  ...(hint === undefined ? {} : { hint }),
})

/** Files stay in the order in which they were read. */
const compare = (a: Source | undefined, b: Source | undefined): number =>
  a === undefined || b === undefined || a.file !== b.file ? 0 : a.line - b.line || a.col - b.col
