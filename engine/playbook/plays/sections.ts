import type { Source } from '../../core/source.js'
import type { Node, Step } from '../../core/step.js'
import type { Dict, Value } from '../../core/value.js'
import type { Compiler } from '../compiler.js'
import type { Context } from '../context.js'
import { entryOf } from '../entry.js'
import { kindOf } from '../problems/kind-of.js'
import { roleEntry } from '../roles/role-use.js'
import { baseStep } from '../tasks/base-step.js'

/** pre_tasks, then roles and tasks, then post_tasks; handlers run after each part. */
export const bodyOf = async (
  compiler: Compiler,
  context: Context,
  dict: Dict,
  source: Source,
): Promise<readonly Node[]> => {
  const list = (key: string) => compiler.nodes(context, entryOf(dict, key, source))
  const before = await list('pre_tasks')
  const main = [...(await rolesOf(compiler, context, dict, source)), ...(await list('tasks'))]
  const after = await list('post_tasks')
  return [before, main, after].flatMap((nodes, index) =>
    nodes.length === 0 ? [] : [...nodes, flush(context, source, index)],
  )
}

const rolesOf = async (compiler: Compiler, context: Context, dict: Dict, source: Source): Promise<readonly Node[]> => {
  const roles = entryOf(dict, 'roles', source)
  if (roles.value === null) return []
  if (!Array.isArray(roles.value)) {
    context.into.problems.add(
      `'roles' must be a list, not ${kindOf(roles.value)}`,
      roles.source,
      "write '- NAME' lines under it",
    )
    return []
  }
  const nodes: Node[] = []
  for (const index of roles.value.keys()) {
    const call = roleEntry(context.into, roles.value, index, roles.source)
    if (call !== undefined) nodes.push(...(await compiler.role(context, call, { once: 'play', public: true })))
  }
  return nodes
}

const flush = (context: Context, source: Source, index: number): Step => {
  const params = new Map<string, Value>([['action', 'flush_handlers']])
  return {
    ...baseStep(context, source),
    id: `${context.id}flush-${index}`,
    when: [],
    module: 'meta',
    params: { names: [], constant: true, evaluate: () => params },
    tags: ['always'],
  }
}
