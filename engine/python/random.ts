import { createHash, randomInt } from 'node:crypto'
import type { Value } from '../core/value.js'
import { aType, isInt, OperationError } from './kinds.js'

export interface RandomSource {
  /** An int from 0 to `limit` - 1. */
  below(limit: number): number
}

/**
 * Python's `random.Random(seed)`, so that `random(seed=inventory_hostname)` gives the same values as in Ansible.
 * Without a seed (null) it uses the system's randomness. Source: CPython, Modules/_randommodule.c and Lib/random.py
 * (Mersenne Twister, MT19937).
 */
export const pythonRandom = (seed: Value): RandomSource => {
  if (seed === null) return { below: limit => randomInt(limit) }
  const twister = new Twister(words(seedNumber(seed)))
  return { below: limit => twister.below(limit) }
}

/** The seed as a number: for a text its bytes followed by their SHA-512, for an int its absolute value. */
const seedNumber = (seed: Value): bigint => {
  if (isInt(seed)) {
    const number = BigInt(seed)
    return number < 0n ? -number : number
  }
  if (typeof seed !== 'string') throw new OperationError(`a seed is text or an int, not ${aType(seed)}`)
  const bytes = Buffer.from(seed, 'utf8')
  const whole = Buffer.concat([bytes, createHash('sha512').update(bytes).digest()])
  return BigInt(`0x${whole.toString('hex')}`)
}

const words = (number: bigint): readonly number[] => {
  const all: number[] = []
  for (let rest = number; rest > 0n; rest >>= 32n) all.push(Number(rest & 0xffffffffn))
  return all.length === 0 ? [0] : all
}

const N = 624
const M = 397

class Twister {
  readonly #state = new Uint32Array(N)
  #index = N

  constructor(key: readonly number[]) {
    const state = this.#state
    state[0] = 19650218
    for (let i = 1; i < N; i++) {
      const before = this.#at(i - 1)
      state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i
    }
    let i = 1
    let j = 0
    for (let k = Math.max(N, key.length); k > 0; k--) {
      const before = this.#at(i - 1)
      state[i] = (this.#at(i) ^ Math.imul(before ^ (before >>> 30), 1664525)) + (key[j] ?? 0) + j
      if (++i >= N) i = this.#wrap()
      if (++j >= key.length) j = 0
    }
    for (let k = N - 1; k > 0; k--) {
      const before = this.#at(i - 1)
      state[i] = (this.#at(i) ^ Math.imul(before ^ (before >>> 30), 1566083941)) - i
      if (++i >= N) i = this.#wrap()
    }
    state[0] = 0x80000000
  }

  below(limit: number): number {
    const bits = limit.toString(2).length
    for (;;) {
      const value = this.#bits(bits)
      if (value < limit) return value
    }
  }

  #bits(count: number): number {
    if (count <= 32) return this.#next() >>> (32 - count)
    const low = this.#next()
    return (this.#next() >>> (64 - count)) * 2 ** 32 + low
  }

  #wrap(): number {
    this.#state[0] = this.#at(N - 1)
    return 1
  }

  #at(index: number): number {
    return this.#state[index] ?? 0
  }

  #next(): number {
    if (this.#index >= N) this.#refill()
    let y = this.#at(this.#index++)
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  #refill(): void {
    for (let k = 0; k < N; k++) {
      const y = (this.#at(k) & 0x80000000) | (this.#at((k + 1) % N) & 0x7fffffff)
      this.#state[k] = this.#at((k + M) % N) ^ (y >>> 1) ^ ((y & 1) === 0 ? 0 : 0x9908b0df)
    }
    this.#index = 0
  }
}
