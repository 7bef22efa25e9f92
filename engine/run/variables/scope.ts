import { type Expr, ExpressionError, type Scope } from '../../core/expr.js'
import type { Unknown, Value } from '../../core/value.js'
import type { Binding, Layer } from '../../core/vars.js'

/** Makes an expression of a binding's raw value; equal for the same binding. */
export type Render = (binding: Binding) => Expr

/** The variables of one step on one host. Each is rendered on first use, and cached. */
export class VariableScope implements Scope {
  readonly #layers: readonly Layer[]
  readonly #values = new Map<string, Value>()
  readonly #busy: string[] = []

  /** @param layers in any order: the highest rank wins, among equal ranks the later layer */
  constructor(
    layers: readonly Layer[],
    readonly render: Render,
    /** The layers of the play and the step, where they set connection variables. */
    readonly connectionLayers: readonly Layer[] = [],
  ) {
    this.#layers = layers.toReversed().sort((a, b) => b.rank - a.rank)
  }

  get(name: string): Value | undefined {
    const known = this.#values.get(name)
    if (known !== undefined) return known
    const binding = this.binding(name)
    if (binding === undefined) return undefined
    const value = binding.data === true ? binding.value : this.#rendered(name, binding)
    this.#values.set(name, value)
    return value
  }

  get ahead(): boolean {
    return this.#layers.some(layer => layer.ahead === true)
  }

  get open(): Unknown | undefined {
    return this.#layers.find(layer => layer.open !== undefined)?.open
  }

  /** The binding that wins, not rendered. */
  binding(name: string): Binding | undefined {
    return this.#layerOf(name)?.bindings.get(name)
  }

  /** The rank of the layer that wins; undefined where no layer has the name. */
  rankOf(name: string): number | undefined {
    return this.#layerOf(name)?.rank
  }

  *names(): Iterable<string> {
    for (const layer of this.#layers) yield* layer.bindings.keys()
  }

  /** A scope with more layers. */
  with(...more: readonly Layer[]): VariableScope {
    return new VariableScope([...this.#layers.toReversed(), ...more], this.render, this.connectionLayers)
  }

  #layerOf(name: string): Layer | undefined {
    return this.#layers.find(layer => layer.bindings.has(name))
  }

  #rendered(name: string, binding: Binding): Value {
    if (this.#busy.includes(name)) {
      const circle = [...this.#busy.slice(this.#busy.indexOf(name)), name].join(' → ')
      throw new ExpressionError(
        `the variable '${name}' is defined by itself: ${circle}`,
        binding.source,
        undefined,
        'recursion',
      )
    }
    this.#busy.push(name)
    try {
      return this.render(binding).evaluate(this)
    } finally {
      this.#busy.pop()
    }
  }
}

/** A layer of data, which is not rendered. */
export const dataLayer = (rank: number, name: string, values: Iterable<readonly [string, Value]>): Layer => ({
  rank,
  name,
  bindings: new Map([...values].map(([key, value]) => [key, { value, data: true as const }])),
})

interface Store<K> {
  get(key: K): Layer | undefined
  set(key: K, layer: Layer): unknown
}

/** Returns the cached layer of a key, or makes it. */
export const kept = <K>(store: Store<K>, key: K, make: () => Layer): Layer => {
  const known = store.get(key)
  if (known !== undefined) return known
  const made = make()
  store.set(key, made)
  return made
}
