import { constant, type Expr } from '../../../../engine/core/expr.js'
import type { Json } from '../../../../engine/core/json.js'
import type { Block, Node, Play, Step } from '../../../../engine/core/step.js'

const source = { file: 'site.yml', line: 1, col: 1 }
const origin = { playDir: '.', dir: '.' }

export const step = (name: string, module: string, params: Json | Expr, more: Partial<Step> = {}): Step => ({
  kind: 'step',
  id: name,
  name: constant(name),
  source,
  origin,
  module,
  params: isExpr(params) ? params : constant(params),
  when: [],
  notify: [],
  become: {},
  environment: [],
  vars: [],
  tags: [],
  ...more,
})

const isExpr = (value: Json | Expr): value is Expr => typeof value === 'object' && value !== null && 'evaluate' in value

/** As many changes, each of a setting of its own: `k0` … */
export const settings = (count: number): readonly Step[] =>
  Array.from({ length: count }, (_, i) => step(`s${i}`, 'setting', { key: `k${i}`, value: '1' }))

export const block = (body: readonly Node[], rescue: readonly Node[] = [], always: readonly Node[] = []): Block => ({
  kind: 'block',
  name: undefined,
  source,
  body,
  rescue,
  always,
})

export const flush = (): Step => step('flush', 'meta', { action: 'flush_handlers' })

export const play = (body: readonly Node[], more: Partial<Play> = {}): Play => ({
  name: 'the play',
  source,
  hosts: constant('all'),
  order: 'inventory',
  strategy: 'linear',
  gatherFacts: false,
  roles: [],
  serial: [],
  forceHandlers: false,
  vars: [],
  varsFiles: [],
  prompts: [],
  body,
  handlers: [],
  origin,
  inherits: step('inherits', 'none', {}),
  ...more,
})
