import type { Source } from '../../core/source.js'
import type { Node } from '../../core/step.js'
import type { Value } from '../../core/value.js'
import type { Compiler } from '../compiler.js'
import type { Context } from '../context.js'
import { type Entry, entryOf } from '../entry.js'
import { applyKeywords } from '../keywords/keywords.js'
import type { Call } from './module-call.js'
import { knownParams, roleCallOf } from './role-params.js'
import { compileNamedFile } from './tasks-file.js'

/** `import_tasks`, `import_role`: their tasks stand in place of the import, and have the import's keywords. */
export const compileImport = async (
  compiler: Compiler,
  context: Context,
  keywords: readonly Entry[],
  call: Call,
  source: Source,
): Promise<readonly Node[]> => {
  const { into } = context
  const loop = keywords.find(({ key }) => key === 'loop' || key.startsWith('with_'))
  if (loop !== undefined) {
    into.problems.add(
      `${call.callee.name} cannot loop`,
      loop.keySource,
      `use ${call.callee.name.replace('import', 'include')}: it is asked for each item`,
    )
  }
  for (const { key, keySource } of keywords) {
    if (noUse.has(key))
      into.problems.warn(`'${key}' has no effect beside ${call.callee.name}`, keySource, 'put it on the tasks inside')
  }
  const inner = applyKeywords(context, keywords, 'task')
  const params = staticParams(inner, call, source)
  if (params === undefined) return []
  const under = { ...inner, id: `${inner.id}${source.file}:${source.line}>` }
  if (call.callee.name === 'import_tasks')
    return compileNamedFile(
      compiler,
      under,
      String(params.get('file') ?? ''),
      entryOf(call.dict, 'file', source).source,
    )
  return compiler.role(under, roleCallOf(call.dict, params, source), {
    once: false,
    public: params.get('public') !== false,
  })
}

/** Keywords about the turn of one task: an import has no turn. */
const noUse = new Set(['register', 'until', 'retries', 'delay', 'changed_when', 'failed_when', 'async', 'poll'])

/** The values of a call's parameters; problems where a host would have to be known. */
const staticParams = (context: Context, call: Call, source: Source): ReadonlyMap<string, Value> | undefined => {
  const known = knownParams(context, call)
  if (known === undefined) {
    const entry = entryOf(call.dict, call.callee.name === 'import_tasks' ? 'file' : 'name', source)
    context.into.problems.add(
      `${call.callee.name}: its name depends on variables of hosts`,
      entry.source,
      `use ${call.callee.name.replace('import', 'include')}: imports are done before any host is known`,
    )
  }
  return known
}
