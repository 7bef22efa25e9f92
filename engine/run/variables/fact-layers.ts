import type { Facts } from '../../core/module.js'
import { type Dict, fromJson, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { dataLayer, kept } from './scope.js'

interface Known {
  readonly facts: Facts | undefined
  readonly cacheable: ReadonlyMap<string, Value>
}

/** Facts as layers. They are cached by the facts, since scopes are made for every step and item. */
export class FactLayers {
  readonly #gathered = new WeakMap<Facts, Layer>()
  readonly #withSet = new WeakMap<
    ReadonlyMap<string, Value>,
    { readonly facts: Facts | undefined; readonly layer: Layer }
  >()

  of(known: Known | undefined): Layer {
    if (known !== undefined && known.cacheable.size > 0) return this.#merged(known)
    const facts = known?.facts
    return facts === undefined ? none : kept(this.#gathered, facts, () => factLayer(dictOf(facts)))
  }

  #merged({ facts, cacheable }: Known): Layer {
    const made = this.#withSet.get(cacheable)
    if (made !== undefined && made.facts === facts) return made.layer
    const layer = factLayer(new Map([...(facts === undefined ? [] : dictOf(facts)), ...cacheable]))
    this.#withSet.set(cacheable, { facts, layer })
    return layer
  }
}

const dictOf = (facts: Facts): Dict => fromJson(facts) as Dict

const factLayer = (facts: Dict): Layer =>
  dataLayer(rank.facts, 'facts', [
    ['ansible_facts', facts],
    ...[...facts].map(([name, value]) => [`ansible_${String(name)}`, value] as const),
  ])

/** The layer of a host without facts: `ansible_facts` is defined and empty, for `'os_family' not in ansible_facts`. */
const none = factLayer(new Map())
