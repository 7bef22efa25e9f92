import type { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import type { Step } from '../../core/step.js'
import type { TemplateExpr } from '../../template/index.js'
import type { Context } from '../context.js'

/** What a step has of its surroundings alone. */
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

/** Parameters that nothing can be done with. */
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
