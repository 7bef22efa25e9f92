import type { Step } from '../../core/step.js'
import { type Layer, rank } from '../../core/vars.js'
import type { Waiting } from '../schedule/wait-turn.js'
import { dataLayer, type VariableScope } from '../variables/scope.js'
import type { Result } from './result.js'

/** A step's turn on a host, all items of its loop. */
export interface StepTurn extends Waiting {
  readonly step: Step
  readonly handler: boolean
}

/** What the step's expressions see. */
export const scopeOf = ({ run, host, stage, step }: StepTurn, over: readonly Layer[]): VariableScope =>
  run.variables.scope(host.name, { play: stage.hosts, step, over })

/** The result under the step's own `register`. */
export const resultLayer = (step: Step, result: Result): Layer =>
  dataLayer(rank.registered, 'register', step.register === undefined ? [] : [[step.register, result.value]])
