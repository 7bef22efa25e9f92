import { existsSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { readLocal } from '../../config/files/local-file.js'
import { decodeText } from '../../config/files/text.js'
import { parseYaml, parseYamlDocuments, sourceOf } from '../../config/yaml/yaml.js'
import type { Expr } from '../../core/expr.js'
import type { Value } from '../../core/value.js'
import type { Binding } from '../../core/vars.js'
import type { Templates } from '../../run/input.js'
import {
  compileCondition,
  compileExpression,
  compileFile,
  compileTree,
  compileVariable,
  localTime,
  omit,
  type TemplateEnv,
  templateEnv,
} from '../../template/index.js'
import { controllerLookups } from './lookups.js'

/** The template engine, with this machine's files and environment for its lookups. */
export const controllerEnv = (): TemplateEnv =>
  templateEnv({
    locate: (container, key) => sourceOf(container, key),
    parseYaml: text => parseYaml(text, 'from_yaml'),
    parseYamlAll: text => [...parseYamlDocuments(text, 'from_yaml_all')],
    files: { exists: existsSync, kind: kindOf },
    include: (name, from) => {
      const file = isAbsolute(name) || from === undefined ? name : join(dirname(from), name)
      return { text: decodeText(readLocal(file), file), file }
    },
    lookups: controllerLookups,
  })

/** The templates of a run. Each binding is compiled once. */
export const templatesOf = (env: TemplateEnv): Templates => {
  const compiled = new WeakMap<Binding, Expr>()
  const began = Date.now()
  return {
    variable: binding => {
      const known = compiled.get(binding) ?? compileVariable(binding.value, env, binding.source)
      compiled.set(binding, known)
      return known
    },
    tree: value => compileTree(value, env),
    expression: (text, source) => compileExpression(text, source, env),
    condition: (text, source) => compileCondition(text, source, env),
    file: (text, file, options) => compileFile(text, file, options, env),
    omit: omit as unknown as Value,
    moment: (ms = began) => localTime(ms),
  }
}

const kindOf = (path: string): 'file' | 'directory' | 'other' | undefined => {
  const info = statSync(path, { throwIfNoEntry: false })
  if (info === undefined) return undefined
  return info.isFile() ? 'file' : info.isDirectory() ? 'directory' : 'other'
}
