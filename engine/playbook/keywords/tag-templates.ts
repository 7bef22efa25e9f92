import { ExpressionError } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import { isDict, type Value } from '../../core/value.js'
import { toJson } from '../../python/to-json.js'
import { isTemplate } from '../../template/index.js'
import type { Context } from '../context.js'
import { evaluateNow } from '../variables/variables.js'

/**
 * The tags in one text. Tags are chosen before any host is known, so that a template in a tag sees the variables of the play and of
 * the command line, those that surround the task, and in an include the item of its loop, but none of a host.
 */
export const tagsIn = (context: Context, text: string, source: Source): readonly string[] => {
  if (!isTemplate(text)) return split(text)
  try {
    return textsIn(evaluateNow(context, context.into.template(text, source))).flatMap(split)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    if (context.previews.length > 0) context.into.load.noteUnknownTags()
    else
      context.into.problems.add(
        `tags: ${error.message}`,
        error.source ?? source,
        'tags are chosen before any host is known: use variables of the play or of the command line',
      )
    return []
  }
}

/** The tags that an include gives to all of its tasks, evaluated on its host. */
export const appliedTags = (apply: Value | undefined): readonly string[] =>
  isDict(apply) ? textsIn(apply.get('tags') ?? null).flatMap(split) : []

const split = (text: string): readonly string[] =>
  text
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '')

const textsIn = (value: Value): readonly string[] =>
  Array.isArray(value) ? value.flatMap(textsIn) : value === null ? [] : [String(toJson(value))]
