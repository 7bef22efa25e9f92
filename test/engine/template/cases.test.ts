import t from 'tap'
import { ExpressionError } from '../../../engine/core/expr.js'
import { repr } from '../../../engine/python/text.js'
import { templateEnv } from '../../../engine/template/index.js'
import { compileCase, scopeOfJson, type TemplateCase, templateCases } from '../../support/template-cases.js'

process.env['TZ'] = 'UTC'

for (const { topic, vars, cases } of templateCases()) {
  t.test(topic, async t => {
    const env = templateEnv()
    const scope = scopeOfJson(vars, env)
    const result = (one: TemplateCase): Partial<TemplateCase> => {
      try {
        return { gives: repr(compileCase(one, env).evaluate(scope)) }
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error
        return { error: error.code, says: error.message }
      }
    }
    for (const one of cases) {
      const { gives, error, says } = one
      t.strictSame(result(one), gives === undefined ? { error, says } : { gives }, one.text)
    }
  })
}
