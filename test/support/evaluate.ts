import { ExpressionError, type Scope } from '../../engine/core/expr.js'
import type { Json } from '../../engine/core/json.js'
import { fromJson, Secret, Unknown, type Value } from '../../engine/core/value.js'
import { repr } from '../../engine/python/text.js'
import { compileTemplate, type TemplateEnv, templateEnv } from '../../engine/template/index.js'

/** Variables as data: nothing in them is rendered. */
export const variables = (
  json: { readonly [name: string]: Json },
  more: { readonly [name: string]: Value } = {},
): Scope => {
  const all = new Map([
    ...Object.entries(json).map(([name, one]) => [name, fromJson(one)] as const),
    ...Object.entries(more),
  ])
  return { get: name => all.get(name), names: () => all.keys() }
}

export const place = { file: 'play.yml', line: 3, col: 7 }

export const evaluate = (text: string, scope: Scope, env: TemplateEnv = templateEnv()): Value =>
  compileTemplate(text, place, env).evaluate(scope)

/** What a template gives, in short: a repr, «unknown: why», «secret: repr», or «code: message (hint) at line:col». */
export const shown = (text: string, scope: Scope, env: TemplateEnv = templateEnv()): string => {
  try {
    return show(evaluate(text, scope, env))
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const { code, message, hint, source } = error
    return `${code}: ${message}${hint === undefined ? '' : ` (${hint})`} at ${source?.line}:${source?.col}`
  }
}

export const show = (value: Value): string => {
  if (value instanceof Unknown) return `unknown: ${value.waitsFor}`
  return value instanceof Secret ? `secret: ${repr(value.reveal())}` : repr(value)
}
