import type { Expr } from '../../core/expr.js'
import { ExpressionError, type Scope } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import { Secret, Unknown, type Value } from '../../core/value.js'
import { aType, isList, OperationError, omit, typeName } from '../../python/kinds.js'
import { text as textOf } from '../../python/text.js'
import type { Evaluation, Program, TemplateEnv, Unit } from '../contract.js'
import { TemplateEvaluation } from '../runtime/evaluation.js'
import { finalize } from '../runtime/finalize.js'
import { LocalVariables } from '../runtime/locals.js'
import { sourceAt } from '../runtime/source-at.js'
import { defaultSyntax, type SyntaxOptions } from '../syntax/token.js'
import { truth } from '../values/compare.js'
import { reveal } from '../values/scan.js'
import { compileExpressionText, compileTemplateText } from './program.js'

/** An expression, with what `validate` needs to check it before anything runs. */
export interface TemplateExpr extends Expr {
  /** Names whose absence is always an error: not those under default(), `is defined`, if, and, or. */
  readonly required: readonly string[]
  /** Errors of parts that would fail whenever an evaluation comes to them: a filter or a test that does not exist. */
  readonly problems: readonly ExpressionError[]
}

const conditionSyntax: SyntaxOptions = { ...defaultSyntax, rawStrings: false }

/** Whether a string contains a template's delimiters. */
export const isTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%') || text.includes('{#')

/**
 * Compiles a template in YAML. A single expression keeps the type of its value; several pieces make text.
 * @throws ExpressionError 'syntax'
 */
export const compileTemplate = (
  text: string,
  source: Source | undefined,
  env: TemplateEnv,
  { lazily = false }: { readonly lazily?: boolean } = {},
): TemplateExpr => {
  if (!isTemplate(text)) return literal(text, text, source)
  return compileLines(text.replace(/\r\n|\r/g, '\n'), source, env, lazily)
}

const compileLines = (text: string, source: Source | undefined, env: TemplateEnv, lazily: boolean): TemplateExpr => {
  const unit: Unit = { text, source, syntax: defaultSyntax }
  const program = compileTemplateText(text, defaultSyntax, env, source)
  return templateExpr(unit, program, env, (value, evaluation) =>
    withNewlines(text, finalize(value, evaluation.budget, lazily)),
  )
}

/** Compiles a bare expression, without delimiters. @throws ExpressionError 'syntax' */
export const compileExpression = (text: string, source: Source | undefined, env: TemplateEnv): TemplateExpr => {
  const unit: Unit = { text, source, syntax: conditionSyntax }
  return templateExpr(unit, compileExpressionText(text, conditionSyntax, env, source), env, (value, evaluation) =>
    finalize(value, evaluation.budget),
  )
}

/**
 * Compiles a condition (when, changed_when, failed_when, until, assert's that). Its result is true, false or Unknown.
 * As in ansible-core 2.19, any other result is an error. @throws ExpressionError 'syntax'
 */
export const compileCondition = (
  condition: string | boolean,
  source: Source | undefined,
  env: TemplateEnv,
): TemplateExpr => {
  if (typeof condition === 'boolean') return literal(condition, String(condition), source)
  const text = condition.trim()
  const unit: Unit = { text, source, syntax: conditionSyntax }
  if (text === '') throw new ExpressionError('the condition is empty', source, 'remove it, or write true', 'syntax')
  const delimited = /^\{[{%]/.test(text) && /[}%]\}$/.test(text)
  const program = delimited
    ? compileTemplateText(text, conditionSyntax, env, source)
    : compileExpressionText(text, conditionSyntax, env, source)
  return templateExpr(unit, program, env, (value, evaluation) => asDecision(value, evaluation))
}

/** Compiles a template file. Its result is text: a string, Secret or Unknown. @throws ExpressionError 'syntax' */
export const compileFile = (
  text: string,
  file: string,
  options: Partial<SyntaxOptions> & { readonly newline?: string },
  env: TemplateEnv,
): TemplateExpr => {
  const { newline = '\n', ...given } = options
  const unified = text.replace(/\r\n|\r/g, '\n')
  const source = { file, line: 1, col: 1 }
  const header = /^#jinja2:(.*)\n/.exec(unified)
  const body = header === null ? unified : unified.slice(header[0].length)
  const bodySource = header === null ? source : { ...source, line: 2 }
  const syntax: SyntaxOptions = { ...defaultSyntax, rawStrings: false, ...given, ...headerOptions(header?.[1], source) }
  const unit: Unit = { text: body, source: bodySource, syntax }
  const program = compileTemplateText(body, syntax, env, bodySource)
  return templateExpr(unit, program, env, (value, evaluation) => {
    const done = withNewlines(body, asFileText(finalize(value, evaluation.budget)))
    return newline === '\n' ? done : mapText(done, one => one.replaceAll('\n', newline))
  })
}

const overrideNames: ReadonlyMap<string, keyof SyntaxOptions> = new Map([
  ['trim_blocks', 'trimBlocks'],
  ['lstrip_blocks', 'lstripBlocks'],
  ['block_start_string', 'blockStart'],
  ['block_end_string', 'blockEnd'],
  ['variable_start_string', 'variableStart'],
  ['variable_end_string', 'variableEnd'],
  ['comment_start_string', 'commentStart'],
  ['comment_end_string', 'commentEnd'],
])

/** Options in a template's first line: `#jinja2: trim_blocks: False, variable_start_string: '[%'`. */
const headerOptions = (line: string | undefined, source: Source): Partial<SyntaxOptions> => {
  if (line === undefined) return {}
  const found: { [key: string]: string | boolean } = {}
  for (const pair of line.split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*:\s*(.*?)\s*$/.exec(pair) ?? []
    const key = overrideNames.get(name)
    if (key === undefined)
      throw new ExpressionError(`#jinja2: there is no option '${name || pair.trim()}'`, source, undefined, 'syntax')
    found[key] = /^(?:True|False)$/.test(value) ? value === 'True' : value.replace(/^(['"])(.*)\1$/, '$2')
  }
  return found
}

const literal = (value: string | boolean, text: string, source: Source | undefined): TemplateExpr => ({
  names: [],
  required: [],
  problems: [],
  constant: true,
  text,
  evaluate: () => value,
  ...(source === undefined ? {} : { source }),
})

type Finish = (value: Value, evaluation: Evaluation) => Value

const templateExpr = (unit: Unit, program: Program, env: TemplateEnv, finish: Finish): TemplateExpr => {
  const { text, source } = unit
  return {
    names: program.names,
    required: program.required,
    constant: program.constant,
    problems: program.problems.map(
      ({ error, hint, at }) => new ExpressionError(error, sourceAt(unit, at), hint, 'syntax'),
    ),
    text,
    evaluate: (scope: Scope): Value => {
      const evaluation = new TemplateEvaluation(env, scope, unit)
      try {
        return finish(program.evaluate(new LocalVariables(evaluation)), evaluation)
      } catch (error) {
        return evaluation.caught(error)
      }
    },
    ...(source === undefined ? {} : { source }),
  }
}

const asDecision = (value: Value, evaluation: Evaluation): Value => {
  const plain = value instanceof Secret ? reveal(value) : value
  if (typeof plain === 'boolean' || plain instanceof Unknown) return plain
  finalize(plain, evaluation.budget)
  evaluation.at = 0
  const says = truth(plain) === true
  throw new OperationError(
    `a condition must be true or false; this one is ${typeName(plain) === 'NoneType' ? 'None' : aType(plain)}`,
    'type',
    `it would count as ${says}: ${decisionHint(plain)}`,
  )
}

const decisionHint = (value: Value): string =>
  isList(value) || value instanceof Map
    ? 'write … | length > 0'
    : typeof value === 'string'
      ? 'write … | bool, or … | length > 0'
      : 'write … | bool'

/** Puts back the newlines at the end of a template that the lexer and a block before them (trim_blocks) drop. */
const withNewlines = (template: string, value: Value): Value => {
  if (!template.endsWith('\n')) return value
  return mapText(value, one => one + '\n'.repeat(Math.max(0, newlinesAtEnd(template) - newlinesAtEnd(one))))
}

const mapText = (value: Value, change: (text: string) => string): Value => {
  if (typeof value === 'string') return change(value)
  if (!(value instanceof Secret)) return value
  const inside = value.reveal()
  return typeof inside === 'string' ? new Secret(change(inside)) : value
}

const newlinesAtEnd = (text: string): number => /\n*$/.exec(text)?.[0].length ?? 0

const asFileText = (value: Value): Value => {
  if (value === null || value === omit) return ''
  if (value instanceof Unknown || typeof value === 'string') return value
  if (value instanceof Secret) return new Secret(textOf(reveal(value)))
  return textOf(value)
}
