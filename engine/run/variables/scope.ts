import { type Expr, ExpressionError, type Scope } from '../../core/expr.js'
import type { Unknown, Value } from '../../core/value.js'
import type { Binding, Layer } from '../../core/vars.js'

/** Makes an expression of a binding's raw value; the same binding gives the same expression. */
export type Render = (binding: Binding) => Expr

/** The variables of one step on one host. Each is rendered when it is first used, and then kept. */
export class VariableScope implements Scope {
  readonly #layers: readonly Layer[]
  readonly #values = new Map<string, Value>()
  readonly #busy: string[] = []

  /** @param layers in any order: ranks decide, and of equal ranks the later one. */
  constructor(
    layers: readonly Layer[],
    readonly render: Render,
    /** Those of the play and the step, where they say how the host is reached. */
    readonly reaching: readonly Layer[] = [],
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

  /** The binding that wins, unrendered. */
  binding(name: string): Binding | undefined {
    return this.#layerOf(name)?.bindings.get(name)
  }

  /** The rank of the layer that gives it; undefined where none does. */
  rankOf(name: string): number | undefined {
    return this.#layerOf(name)?.rank
  }

  *names(): Iterable<string> {
    for (const layer of this.#layers) yield* layer.bindings.keys()
  }

  /** The same variables with more layers over them. */
  with(...more: readonly Layer[]): VariableScope {
    return new VariableScope([...this.#layers.toReversed(), ...more], this.render, this.reaching)
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

/** A layer of values that are data: never rendered. */
export const dataLayer = (rank: number, name: string, values: Iterable<readonly [string, Value]>): Layer => ({
  rank,
  name,
  bindings: new Map([...values].map(([key, value]) => [key, { value, data: true as const }])),
})

interface Store<K> {
  get(key: K): Layer | undefined
  set(key: K, layer: Layer): unknown
}

/** The layer that was made for the key, or a new one. */
export const kept = <K>(store: Store<K>, key: K, make: () => Layer): Layer => {
  const known = store.get(key)
  if (known !== undefined) return known
  const made = make()
  store.set(key, made)
  return made
}
