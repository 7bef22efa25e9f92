import { sourceOf } from '../../config/yaml/yaml.js'
import type { Source } from '../../core/source.js'
import type { Node, RoleNames } from '../../core/step.js'
import { isDict, type Key, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import type { Compilation } from '../compilation.js'
import type { RoleCall } from '../compiler.js'
import { entriesOf, entryOf } from '../entry.js'
import { keyword } from '../keywords/keywords.js'
import { asText } from '../keywords/scalars.js'
import { kindOf } from '../problems/kind-of.js'
import { emptyParams } from '../tasks/role-params.js'
import { dictBindings } from '../variables/variables.js'

/** One entry of `roles:` or of a role's `dependencies:`: a name, or a dict with `role` or `name`. */
export const roleEntry = (
  into: Compilation,
  list: readonly Value[],
  index: number,
  otherwise: Source,
): RoleCall | undefined => {
  const one = list[index] ?? null
  const source = sourceOf(list, index) ?? otherwise
  if (typeof one === 'string')
    return { name: one, source, keywords: [], params: emptyParams, written: new Map([['role', one]]), from: {} }
  if (!isDict(one)) {
    into.problems.add(
      `a role must be a name or a dict, not ${kindOf(one)}`,
      source,
      "write '- NAME', or '- role: NAME' with its parameters under it",
    )
    return undefined
  }
  const key = ['role', 'name', 'src'].find(own => one.has(own)) ?? 'name'
  const written = one.has(key) ? asText(into, entryOf(one, key, source)) : undefined
  const name = key === 'src' && written !== undefined ? nameIn(written) : written
  if (!one.has(key)) into.problems.add('a role without a name', source, "write '- role: NAME'")
  if (name === undefined) return undefined
  const entries = entriesOf(one, source)
  const keywords = entries.filter(({ key: own }) => keyword(own)?.on.includes('role') === true && own !== 'name')
  const params = new Map<Key, Value>(
    [...one].filter(
      ([own]) => own !== 'role' && own !== 'name' && own !== key && keyword(String(own))?.on.includes('role') !== true,
    ),
  )
  const bound = dictBindings(into, params, source)
  // The copy of the dict does not know where its keys stand; the entry does.
  const located = new Map(
    [...bound].map(([own, binding]) => [own, { ...binding, source: entryOf(one, own, source).keySource }]),
  )
  return {
    name,
    source: entryOf(one, key, source).source,
    keywords,
    params: { rank: rank.roleParams, name: `parameters of role ${name}`, bindings: located },
    written: one,
    from: {},
  }
}

/** `src` of a requirement: a name on Galaxy, or the address of a repository or an archive. */
const nameIn = (src: string): string =>
  /:\/\/|@/.test(src) ? (src.split('/').at(-1) ?? src).replace(/\.git$|\.tar\.gz$/, '') : src

/** A role in compiled form. */
export interface CompiledRole extends RoleNames {
  readonly nodes: readonly Node[]
  /** The variables that a role which depends on it sees: its own, and those of its dependencies. */
  readonly exports: readonly Layer[]
}
