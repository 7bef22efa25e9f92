import { Callable, type Meter, type Value } from '../../core/value.js'
import { Lenient, OperationError } from '../../python/kinds.js'
import { type Signature, signature } from './signature.js'

type Run<S> = (self: S, args: readonly Value[], meter: Meter) => Value

interface Method<S> {
  readonly takes: Signature
  readonly run: Run<S>
}

/** The methods that templates may call on one type. An allow-list: no name reaches a property of a JavaScript object. */
export class MethodTable<S extends Value> {
  readonly #methods = new Map<string, Method<S>>()
  readonly #properties = new Map<string, (self: S) => Value>()

  constructor(
    readonly typeName: string,
    methods: { readonly [name: string]: readonly [signature: string, run: Run<S>] },
    properties: { readonly [name: string]: (self: S) => Value } = {},
  ) {
    for (const [name, [line, run]] of Object.entries(methods)) this.#methods.set(name, { takes: signature(line), run })
    for (const [name, property] of Object.entries(properties)) this.#properties.set(name, property)
  }

  /** The method, bound to its value; undefined where the type has no method of that name. */
  bind(self: S, name: string): Value | undefined {
    const method = this.#methods.get(name)
    if (method === undefined) return this.#properties.get(name)?.(self)
    const what = `${this.typeName}.${name}()`
    const run: Callable['call'] = (args, named, meter) => {
      if (typeof self === 'string') meter.visit(self.length)
      return method.run(self, method.takes.bind(args, named, what), meter)
    }
    // Methods of containers take unknowns and secrets as items; text with an unknown inside would be unknown itself, so that
    // methods of text take plain arguments only.
    return this.typeName === 'str' ? new Callable(name, run) : new Lenient(name, run)
  }
}

const owned = new WeakSet<object>()

/** Marks a list or dict as made by the running template, which may therefore change it (`append`, `update`). */
export const markOwned = <T extends Value>(value: T): T => {
  if (typeof value === 'object' && value !== null) owned.add(value)
  return value
}

/** Tells whether the template made the value: variables are shared between tasks and hosts. @throws OperationError */
export const assertOwned = (value: object, what: string): void => {
  if (owned.has(value)) return
  throw new OperationError(
    `${what} would change a variable for everyone who uses it`,
    'type',
    'make a new value (list + [item], dict | combine({…})), or copy it first: {% set mine = list | list %}',
  )
}
