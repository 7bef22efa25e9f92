import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { Expr, Scope } from '../../engine/core/expr.js'
import type { Dict, Value } from '../../engine/core/value.js'
import { parseJson } from '../../engine/template/filters/json.js'
import {
  compileCondition,
  compileFile,
  compileTemplate,
  compileVariable,
  type TemplateEnv,
} from '../../engine/template/index.js'
import { known } from './rows.js'

/** One template with what it gives: test/cases/templates. */
export interface TemplateCase {
  readonly kind?: 'template' | 'condition' | 'file'
  readonly text: string
  /** As Python's repr() writes it. */
  readonly gives?: string
  /** The code of our error. */
  readonly error?: string
  readonly says?: string
  /** Why the result is not what ansible-core gives. */
  readonly differs?: string
}

export interface TemplateCases {
  readonly topic: string
  /** JSON, since YAML would change the order and the types of some. */
  readonly vars: string
  readonly cases: readonly TemplateCase[]
}

const folder = fileURLToPath(new URL('../../../test/cases/templates/', import.meta.url))

export const templateCases = (): readonly TemplateCases[] =>
  readdirSync(folder)
    .filter(file => file.endsWith('.yml'))
    .sort()
    .map(file => {
      const read = parse(readFileSync(folder + file, 'utf8')) as Omit<TemplateCases, 'topic'>
      const cases = known(read.cases, ['kind', 'text', 'gives', 'error', 'says', 'differs'], file)
      return { topic: file.replace(/\.yml$/, ''), ...read, cases }
    })

/** Variables whose strings are templates, rendered when they are used. */
export const scopeOf = (vars: Dict, env: TemplateEnv): Scope => {
  const made = new Map<string, Value>()
  const scope: Scope = {
    names: () => [...vars.keys()].map(String),
    get: name => {
      const raw = vars.get(name)
      if (raw === undefined) return undefined
      const value = made.get(name) ?? compileVariable(raw, env).evaluate(scope)
      made.set(name, value)
      return value
    },
  }
  return scope
}

export const scopeOfJson = (vars: string, env: TemplateEnv): Scope => scopeOf(parseJson(vars) as Dict, env)

export const compileCase = ({ kind, text }: TemplateCase, env: TemplateEnv): Expr => {
  if (kind === 'condition') return compileCondition(text, undefined, env)
  return kind === 'file' ? compileFile(text, 'case.j2', {}, env) : compileTemplate(text, undefined, env)
}
