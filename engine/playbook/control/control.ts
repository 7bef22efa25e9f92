import type { JsonSchema } from '../../core/json.js'

/** A step that the engine carries out itself: what it takes, and its page. */
export interface Control {
  readonly name: string
  /** What users read: the first line is the summary. */
  readonly doc: string
  readonly params: JsonSchema
  /** The parameter that a bare string is. */
  readonly freeForm?: string
  /** YAML, tasks only. */
  readonly examples: string
  /** The step makes sense as the only task: `tkplay adhoc` offers it. */
  readonly alone?: true
}
