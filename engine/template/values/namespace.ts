import { Callable, type Meter, type Value } from '../../core/value.js'
import { Lenient, Opaque, OperationError } from '../../python/kinds.js'
import { equal } from './compare.js'

/** `namespace()`: what a loop may set so that it is seen after the loop. */
export class Namespace extends Opaque {
  readonly typeName = 'namespace'
  constructor(readonly values: Map<string, Value>) {
    super()
  }
  attribute(name: string): Value | undefined {
    return this.values.get(name)
  }
  set(name: string, value: Value): void {
    this.values.set(name, value)
  }
  text(): string {
    return '<namespace>'
  }
}

/** `cycler('odd', 'even')` */
export class Cycler extends Opaque {
  readonly typeName = 'cycler'
  #at = 0
  constructor(readonly values: readonly Value[]) {
    super()
    if (values.length === 0) throw new OperationError('cycler() needs at least one value')
  }
  attribute(name: string): Value | undefined {
    if (name === 'current') return this.values[this.#at]
    if (name === 'next') return new Lenient('next', () => this.#next())
    if (name === 'reset') return new Lenient('reset', () => this.#reset())
    return undefined
  }
  text(): string {
    return '<cycler>'
  }
  #reset(): Value {
    this.#at = 0
    return null
  }
  #next(): Value {
    const value = this.values[this.#at] ?? null
    this.#at = (this.#at + 1) % this.values.length
    return value
  }
}

/** `joiner(', ')`: nothing at first, then the separator. */
export class Joiner extends Opaque {
  readonly typeName = 'joiner'
  #used = false
  constructor(readonly separator: Value) {
    super()
  }
  readonly call = new Callable('joiner', () => {
    if (this.#used) return this.separator
    this.#used = true
    return ''
  })
  attribute(): undefined {
    return undefined
  }
  text(): string {
    return '<joiner>'
  }
}

/** What `{% import 'file' as name %}` gives: the macros and variables that the file sets. */
export class TemplateModule extends Opaque {
  readonly typeName = 'template'
  constructor(
    readonly name: string,
    readonly values: ReadonlyMap<string, Value>,
  ) {
    super()
  }
  attribute(name: string): Value | undefined {
    return name.startsWith('_') ? undefined : this.values.get(name)
  }
  text(): string {
    return `<template ${this.name}>`
  }
}

/** What `for` calls `loop`. */
export class Loop extends Opaque {
  readonly typeName = 'loop'
  index0 = -1
  #last: readonly Value[] | undefined
  constructor(
    readonly list: readonly Value[],
    readonly depth0: number,
    /** Runs the loop again over other items, where it was said to be recursive. */
    readonly call: Callable | undefined,
  ) {
    super()
  }
  attribute(name: string): Value | undefined {
    const { index0, list } = this
    switch (name) {
      case 'index':
        return index0 + 1
      case 'index0':
        return index0
      case 'revindex':
        return list.length - index0
      case 'revindex0':
        return list.length - index0 - 1
      case 'first':
        return index0 === 0
      case 'last':
        return index0 === list.length - 1
      case 'length':
        return list.length
      case 'depth':
        return this.depth0 + 1
      case 'depth0':
        return this.depth0
      case 'previtem':
        return list[index0 - 1]
      case 'nextitem':
        return list[index0 + 1]
      case 'cycle':
        return new Lenient('cycle', args => args[index0 % args.length] ?? null)
      case 'changed':
        return new Lenient('changed', (args, _, meter) => this.#changed(args, meter))
      default:
        return undefined
    }
  }
  text(): string {
    return `<LoopContext ${this.index0 + 1}/${this.list.length}>`
  }
  #changed(values: readonly Value[], meter: Meter): boolean {
    const last = this.#last
    this.#last = values
    return last === undefined || equal(last, values, meter) !== true
  }
}
