import type { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import type { Step } from '../../core/step.js'
import type { TemplateExpr } from '../../template/index.js'
import type { Context } from '../context.js'

/** A step with what its surroundings hand down, and without module and parameters. */
export const baseStep = (context: Context, source: Source): Step => ({
  kind: 'step',
  id: `${context.id}${source.file}:${source.line}`,
  name: undefined,
  source,
  origin: context.origin,
  module: '',
  params: { names: [], constant: true, evaluate: () => new Map() },
  when: context.when,
  notify: context.notify,
  become: context.become,
  environment: context.environment,
  vars: context.vars.filter(layer => layer.bindings.size > 0),
  tags: context.tags,
  ...context.inherited,
})

/** Parameters that fail the task when they are evaluated. */
export const failing = (error: ConfigError, source: Source): TemplateExpr => ({
  source,
  names: [],
  required: [],
  problems: [],
  constant: false,
  evaluate: () => {
    throw error
  },
})
