import { didYouMean } from '../../config/did-you-mean.js'
import type { Source } from '../../core/source.js'
import type { Block, Node } from '../../core/step.js'
import type { Dict } from '../../core/value.js'
import type { Compilation } from '../compilation.js'
import type { Compiler } from '../compiler.js'
import type { Context } from '../context.js'
import { type Entry, entriesOf, entryOf } from '../entry.js'
import { applyKeywords, keyword, keywordNames } from '../keywords/keywords.js'
import { asText } from '../keywords/scalars.js'

/** A block: its tasks, those of its `rescue` and those of its `always`. */
export const compileBlock = async (
  compiler: Compiler,
  context: Context,
  dict: Dict,
  source: Source,
): Promise<readonly Node[]> => {
  const { into } = context
  into.load.noLogParts.note(dict, context.inherited.noLog)
  const entries = entriesOf(dict, source)
  checkKeywords(into, entries)
  if (!dict.has('block')) {
    into.problems.add("'rescue' and 'always' need a 'block'", source, "put the tasks that may fail under 'block:'")
  }
  const inner = applyKeywords(context, entries, 'block')
  const idle = context.handlers ? idleParts(into, entries) : []
  const rescued = dict.has('rescue')
  const part = async (key: string, guarded: boolean) =>
    idle.includes(key)
      ? []
      : await compiler.nodes({ ...inner, guarded: inner.guarded || guarded }, entryOf(dict, key, source))
  const block: Block = {
    kind: 'block',
    name: dict.get('name') === undefined ? undefined : asText(into, entryOf(dict, 'name', source)),
    source,
    body: await part('block', rescued),
    // A rescue is not certain to run.
    rescue: await part('rescue', true),
    always: await part('always', false),
  }
  return [block]
}

/** Handlers run one by one, as they are notified: a block among them only hands its keywords down, as in Ansible. */
const idleParts = (into: Compilation, entries: readonly Entry[]): readonly string[] => {
  const idle = entries.filter(({ key }) => key === 'rescue' || key === 'always')
  for (const { key, keySource } of idle)
    into.problems.warn(
      `'${key}' has no effect among handlers`,
      keySource,
      'remove it; ignore_errors on the handler goes on after a failure',
    )
  return idle.map(({ key }) => key)
}

const checkKeywords = (into: Compilation, entries: readonly Entry[]): void => {
  for (const { key, keySource } of entries) {
    const known = keyword(key)
    if (known?.on.includes('block') === true) continue
    if (key === 'loop' || key.startsWith('with_')) {
      into.problems.add(
        `a block cannot loop ('${key}')`,
        keySource,
        'put the tasks in a file, and loop over include_tasks',
      )
    } else if (known !== undefined) {
      into.problems.add(
        `'${key}' belongs to a ${known.on.join(', ')}, not to a block`,
        keySource,
        'put it on each task',
      )
    } else {
      into.problems.add(
        `unknown keyword '${key}' of a block`,
        keySource,
        didYouMean(key, keywordNames('block')) ?? `keywords are ${keywordNames('block').join(', ')}`,
      )
    }
  }
}
