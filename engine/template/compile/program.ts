import { ExpressionError } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import { OperationError } from '../../python/kinds.js'
import type { Exec, Program, TemplateEnv } from '../contract.js'
import { sourceAt } from '../runtime/source-at.js'
import { lexBareExpression, lexTemplate } from '../syntax/lexer.js'
import { parseTemplate, parseWholeExpression } from '../syntax/statement-parser.js'
import { type OpenBlock, type SyntaxOptions, TemplateSyntaxError } from '../syntax/token.js'
import { Context, type Grammar } from './context.js'
import { compileExpressionNode } from './expression.js'
import { localNames } from './local-names.js'
import { concat } from './output.js'
import { compileBody } from './statement.js'

/** Methods that change a list or dict. Only where a text mentions one are its lists and dicts marked as its own, and made anew each time. */
const mutators = /\.\s*(?:append|extend|insert|pop|popitem|remove|clear|update|setdefault|sort|reverse)\b/

const MAX_CACHED = 20_000

/** Compiles a template, or takes it from the cache. @throws ExpressionError 'syntax' */
export const compileTemplateText = (
  text: string,
  syntax: SyntaxOptions,
  env: TemplateEnv,
  source: Source | undefined,
  included = false,
): Program & { readonly body: Exec } =>
  cached(env, `t${included ? 'i' : ''}${Object.values(syntax).join('\0')}\0${text}`, () =>
    withSources(text, syntax, source, () => {
      const statements = parseTemplate(lexTemplate(text, syntax))
      const context = new Context(env, localNames(statements), included, included || mutators.test(text), grammar)
      const body = compileBody(statements, context)
      const evaluate: Program['evaluate'] = locals => {
        const pieces: Parameters<typeof concat>[0][number][] = []
        body(locals, pieces)
        return concat(pieces, locals.evaluation.budget)
      }
      return { evaluate, body, ...findings(context) }
    }),
  )

const grammar: Grammar = {
  expression: compileExpressionNode,
  body: compileBody,
  included: ({ text, syntax, source }, env) => compileTemplateText(text, syntax, env, source, true).body,
}

/** Compiles a bare expression, or takes it from the cache. @throws ExpressionError 'syntax' */
export const compileExpressionText = (
  text: string,
  syntax: SyntaxOptions,
  env: TemplateEnv,
  source: Source | undefined,
): Program =>
  cached(env, `e${text}`, () =>
    withSources(text, syntax, source, () => {
      const node = parseWholeExpression(lexBareExpression(text))
      const context = new Context(env, new Set(), false, mutators.test(text), grammar)
      return { evaluate: compileExpressionNode(node, context), ...findings(context) }
    }),
  )

const findings = (context: Context): Omit<Program, 'evaluate'> => ({
  names: [...context.names],
  required: [...context.required],
  constant: context.names.size === 0 && !context.varies,
  problems: context.problems,
})

const cached = <P extends Program>(env: TemplateEnv, key: string, make: () => P): P => {
  const known = env.cache.get(key)
  if (known !== undefined) return known as P
  if (env.cache.size >= MAX_CACHED) env.cache.clear()
  const program = make()
  env.cache.set(key, program)
  return program
}

const closingHint = ({ tag, end }: OpenBlock, opened: Source | undefined): string =>
  `close the '${tag}'${opened === undefined ? '' : ` of line ${opened.line}`} first: {% ${end} %}`

/** Runs the lexer, parser and compiler; their errors get line and column. @throws ExpressionError 'syntax' */
const withSources = <T>(text: string, syntax: SyntaxOptions, source: Source | undefined, compile: () => T): T => {
  try {
    return compile()
  } catch (error) {
    if (error instanceof TemplateSyntaxError) {
      const { message, at, hint, open } = error
      const sourceOf = (offset: number): Source | undefined => sourceAt({ text, source, syntax }, offset)
      throw new ExpressionError(
        message,
        sourceOf(at),
        open === undefined ? hint : closingHint(open, sourceOf(open.at)),
        'syntax',
      )
    }
    if (error instanceof RangeError) throw new ExpressionError('this nests too deep', source, undefined, 'syntax')
    if (error instanceof OperationError) throw new ExpressionError(error.message, source, error.hint, 'syntax')
    throw error
  }
}
