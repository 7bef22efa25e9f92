import { checkParams, nowhere } from '../../config/schema/check-params.js'
import { type CommandLine, example } from '../../config/schema/remedies.js'
import { parseJsonOrYaml } from '../../config/yaml/yaml.js'
import { ConfigError } from '../../core/failure.js'
import { isJsonObject, type JsonSchema } from '../../core/json.js'
import { type Dict, isDict } from '../../core/value.js'
import { hasTemplate } from '../../playbook/entry.js'
import type { Callee } from '../../playbook/tasks/callee.js'
import { splitWords } from '../../playbook/tasks/key-value.js'
import { bareText, freeFormArgs } from '../../playbook/tasks/shorthand.js'
import { withAliases } from '../../playbook/tasks/static-params.js'
import { toJson } from '../../python/to-json.js'

/**
 * The value of `-a`: `k=v` words, JSON, or free-form text, as in a task. Parameters without templates are checked
 * before any connection, the others when their templates are rendered.
 * @throws ConfigError
 */
export const adhocArgs = (text: string, callee: Callee): Dict => {
  const { name, params, freeForm } = callee
  const commandLine: CommandLine = freeForm === undefined ? { flag: '-a' } : { flag: '-a', freeForm }
  const dict = dictOf(text, callee, commandLine)
  const later = new Set([...dict].filter(([, value]) => hasTemplate(value)).map(([key]) => String(key)))
  const fixed = new Map([...dict].filter(([key]) => !later.has(String(key))))
  checkParams(params, toJson(fixed, { secrets: 'reveal' }), nowhere(), {
    of: `-m ${name}`,
    commandLine,
    later: withAliases(params, later),
    literal: false,
  })
  return dict
}

const dictOf = (text: string, { name, params, freeForm }: Callee, commandLine: CommandLine): Dict => {
  if (/^\s*\{(?![{%#])/.test(text)) {
    const value = parseJsonOrYaml(text, '-a')
    if (isDict(value)) return value
  }
  if (freeForm === undefined && splitWords(text) === undefined) {
    throw new ConfigError({
      message: `-m ${name}: a quote or template of -a is never closed`,
      hint: `close it, or write JSON: -a '{"name": "value"}'`,
    })
  }
  const dict = freeFormArgs(text, freeForm, params) as Dict
  const bare = dict.get(bareText)
  if (bare === undefined) return dict
  const first = firstOf(params)
  throw new ConfigError({
    message: `-m ${name} takes no bare text ('${String(bare).slice(0, 40)}')`,
    hint:
      first === undefined
        ? 'it takes no parameters: leave -a out'
        : `write name=value: ${example(params, first, commandLine)}`,
  })
}

/** The parameter for the example in a hint: the first required one, or the first of all. */
const firstOf = ({ required, properties }: JsonSchema): string | undefined =>
  Array.isArray(required) && typeof required[0] === 'string'
    ? required[0]
    : Object.keys(isJsonObject(properties) ? properties : {})[0]
