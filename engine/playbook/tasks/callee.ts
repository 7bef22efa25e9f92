import { didYouMean } from '../../config/did-you-mean.js'
import type { JsonSchema } from '../../core/json.js'
import { shortName } from '../../template/index.js'
import { controls } from '../control/controls.js'
import type { Load } from '../load.js'

/** What is known of a module or control step. */
export interface Callee {
  /** The name by which the run looks it up. */
  readonly name: string
  readonly params: JsonSchema
  readonly freeForm?: string
}

export const findModule = (load: Load, written: string): Callee | undefined => {
  const name = shortName(written)
  const control = controls.get(name)
  if (control !== undefined) return control
  const module =
    load.options.modules.get(name) ?? [...load.options.modules.values()].find(one => one.aliases?.includes(name))
  if (module === undefined) return undefined
  return {
    name: load.options.modules.has(name) ? name : module.name,
    params: module.params,
    ...(module.freeForm === undefined ? {} : { freeForm: module.freeForm }),
  }
}

export const moduleNames = (load: Load): readonly string[] => [
  ...new Set([
    ...load.options.modules.keys(),
    ...[...load.options.modules.values()].flatMap(one => one.aliases ?? []),
    ...controls.keys(),
  ]),
]

export const suggestModule = (load: Load, written: string): string | undefined =>
  didYouMean(written.split('.').at(-1) ?? written, moduleNames(load))
