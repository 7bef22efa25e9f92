import { sourceOf } from '../../config/yaml/yaml.js'
import type { Source } from '../../core/source.js'
import type { Node } from '../../core/step.js'
import { type Dict, isDict } from '../../core/value.js'
import type { Compiler } from '../compiler.js'
import type { Context } from '../context.js'
import type { Entry } from '../entry.js'
import { kindOf } from '../problems/kind-of.js'
import { compileBlock } from './block.js'
import { compileTask } from './task.js'

/** A list of tasks and blocks. */
export const compileNodes = async (compiler: Compiler, context: Context, list: Entry): Promise<readonly Node[]> => {
  const { value, source, key } = list
  if (value === null) return []
  if (!Array.isArray(value)) {
    context.into.problems.add(
      `'${key}' must be a list of tasks, not ${kindOf(value)}`,
      source,
      "begin each task with '- '",
    )
    return []
  }
  const nodes: Node[] = []
  for (const [index, one] of value.entries()) {
    const at = sourceOf(value, index) ?? source
    if (isDict(one)) nodes.push(...(await compileNode(compiler, context, one, at)))
    else
      context.into.problems.add(
        `a task must be a dict, not ${kindOf(one)}`,
        at,
        "write '- name: …', and the module on the next line",
      )
  }
  return nodes
}

const compileNode = (compiler: Compiler, context: Context, dict: Dict, source: Source): Promise<readonly Node[]> => {
  const isBlock = ['block', 'rescue', 'always'].some(key => dict.has(key))
  return isBlock ? compileBlock(compiler, context, dict, source) : compileTask(compiler, context, dict, source)
}
