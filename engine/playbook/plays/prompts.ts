import { didYouMean } from '../../config/did-you-mean.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import type { Source } from '../../core/source.js'
import type { Play } from '../../core/step.js'
import { type Dict, isDict } from '../../core/value.js'
import type { Compilation } from '../compilation.js'
import { entriesOf, entryOf } from '../entry.js'
import { kindOf } from '../problems/kind-of.js'

const promptKeys = ['name', 'prompt', 'private', 'default', 'confirm', 'encrypt', 'salt', 'salt_size', 'unsafe']

/** `vars_prompt`: variables that the run asks for. */
export const promptsOf = (into: Compilation, dict: Dict, source: Source): Play['prompts'] => {
  const { value: written, source: whole } = entryOf(dict, 'vars_prompt', source)
  if (written === null) return []
  const value = isDict(written) ? [written] : written
  if (!Array.isArray(value)) {
    into.problems.add(
      `'vars_prompt' must be a list, not ${kindOf(written)}`,
      whole,
      "write '- name: …' with 'prompt: …' under it",
    )
    return []
  }
  return value.flatMap((one, index) => {
    const at = sourceOf(value, index) ?? whole
    const name = isDict(one) ? one.get('name') : undefined
    if (!isDict(one) || typeof name !== 'string') {
      into.problems.add("an entry of 'vars_prompt' needs a name", at, "write '- name: …' with 'prompt: …' under it")
      return []
    }
    for (const { key, keySource } of entriesOf(one, at)) {
      if (!promptKeys.includes(key))
        into.problems.add(
          `unknown key '${key}' of vars_prompt`,
          keySource,
          didYouMean(key, promptKeys) ?? `known are ${promptKeys.join(', ')}`,
        )
      else if (['confirm', 'encrypt', 'salt', 'salt_size'].includes(key))
        into.problems.warn(
          `'${key}' of vars_prompt has no effect`,
          keySource,
          'remove it; the filter password_hash encrypts',
        )
    }
    into.load.names.add(name)
    const otherwise = one.get('default')
    return [
      {
        name,
        prompt: String(one.get('prompt') ?? name),
        private: one.get('private') !== false,
        ...(otherwise === undefined || otherwise === null ? {} : { default: String(otherwise) }),
      },
    ]
  })
}
