import type { Expr } from '../core/expr.js'
import type { Source } from '../core/source.js'
import type { Become, Origin, Step } from '../core/step.js'
import type { Dict } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import type { Compilation } from './compilation.js'
import { PossibleEnd } from './problems/possible-end.js'

/** Step properties that a play, role or block hands down and the innermost decides. */
export type Inherited = Pick<
  Step,
  | 'ignoreErrors'
  | 'ignoreUnreachable'
  | 'anyErrorsFatal'
  | 'noLog'
  | 'checkMode'
  | 'diff'
  | 'throttle'
  | 'timeout'
  | 'connection'
  | 'remoteUser'
  | 'runOnce'
  | 'delegateTo'
  | 'delegateFacts'
>

/** What surrounds a task: everything that it inherits, and the compilation that it is a part of. */
export interface Context {
  /** The play or include that this is a part of. */
  readonly into: Compilation
  /** The beginning of the ids of the steps inside: the includes and roles that led here. */
  readonly id: string
  readonly origin: Origin
  readonly when: readonly Expr[]
  readonly tags: readonly string[]
  readonly become: Become
  readonly environment: readonly Expr[]
  readonly vars: readonly Layer[]
  readonly notify: readonly Expr[]
  readonly moduleDefaults: ReadonlyMap<string, Dict>
  readonly inherited: Inherited
  /** The tasks are handlers, and may listen. */
  readonly handlers: boolean
  /** A rescue takes up a failure inside, or a dynamic include stands around it: no task in here is certain to end the play. */
  readonly guarded: boolean
  /** Whether the play, or the role, may have ended before. */
  readonly possibleEnd: PossibleEnd
  /** The dynamic includes that led here, outermost first. */
  readonly includes: readonly Source[]
  /** The includes around that are compiled before their turn, to find mistakes; each is compiled again at its turn, with the loop's item. */
  readonly previews: readonly string[]
  /** The files of tasks that led here by imports, since the last dynamic include. */
  readonly imports: readonly string[]
  /** Variables that are known at load: the play's and the command line's. */
  readonly playVars: readonly Layer[]
}

/** What surrounds a playbook, which gives its own origin. */
export const emptyContext = (into: Compilation): Context => ({
  into,
  id: '',
  origin: { playDir: '', dir: '' },
  when: [],
  tags: [],
  become: {},
  environment: [],
  vars: [],
  notify: [],
  moduleDefaults: new Map(),
  inherited: {},
  handlers: false,
  guarded: false,
  possibleEnd: new PossibleEnd(),
  includes: [],
  previews: [],
  imports: [],
  playVars: [],
})
