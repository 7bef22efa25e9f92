import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { formatSource } from '../../core/source.js'
import { type Dict, isDict, type Key, Unsafe, type Value } from '../../core/value.js'
import { keyText } from '../../python/to-json.js'
import { plainScalar, taggedScalar } from '../../python/yaml-scalars.js'
import { type EntryOffsets, recordSources, type SourceText } from './source-map.js'
import { quoteIt } from './syntax-errors.js'

/** The greatest number of values that aliases may add to a file, counted as if each alias were written out. */
const aliasBudget = 500_000
const maxDepth = 200

interface Built {
  readonly value: Value
  /** The number of values inside, with aliases written out. */
  readonly size: number
  readonly node: Node
}

/** Builds values from the parser's nodes, as PyYAML's constructor does, and records their sources. */
export class Builder {
  readonly problems: Diagnostic[] = []
  readonly #anchors = new Map<string, Built | 'open'>()
  #aliased = 0

  constructor(private readonly text: SourceText) {}

  build(root: Node | null): Value {
    return root === null ? null : this.#node(root, 0).value
  }

  #node(node: Node, depth: number): Built {
    if (depth > maxDepth) throw new TooDeep(this.#at(node))
    if (isAlias(node)) return this.#alias(node)
    const { anchor } = node as Scalar
    if (anchor !== undefined && this.#anchors.has(anchor))
      this.#problem(node, `a second anchor &${anchor}`, 'give it another name: PyYAML refuses two of one name')
    if (anchor !== undefined) this.#anchors.set(anchor, 'open')
    const built = this.#fresh(node, depth)
    if (anchor !== undefined) this.#anchors.set(anchor, built)
    return built
  }

  #fresh(node: Node, depth: number): Built {
    if (isMap(node)) return this.#map(node, depth)
    if (isSeq(node)) return this.#list(node, depth)
    if (isScalar(node)) return { value: this.#scalar(node), size: 1, node }
    throw new TypeError('a YAML node is a map, a list, a scalar or an alias')
  }

  #alias(node: Alias): Built {
    const target = this.#anchors.get(node.source)
    if (target === undefined || target === 'open') {
      const inside = target === 'open'
      this.#problem(
        node,
        inside
          ? `*${node.source} stands inside its own &${node.source}`
          : `no anchor &${node.source} before this alias`,
        inside ? 'a value cannot hold itself' : `write &${node.source} before the value, or quote the text`,
      )
      return { value: null, size: 1, node }
    }
    this.#aliased += target.size
    if (this.#aliased > aliasBudget) throw new AliasBomb(this.#at(node))
    return target
  }

  #scalar(node: Scalar): Value {
    const text = String(node.value)
    const { tag } = node
    if (tag === undefined)
      return node.type === 'PLAIN' ? plainScalar(node.source ?? text) : this.#withoutAddedEnd(node, text)
    if (tag === '!') return text
    if (tag === '!unsafe') return new Unsafe(text)
    if (tag === '!vault' || tag === '!vault-encrypted') {
      this.#problem(node, 'a value encrypted by vault: vault is not read yet', 'give the value by -e @FILE instead')
      return null
    }
    const standard = /^tag:yaml\.org,2002:(.*)$/.exec(tag)?.[1]
    const value = standard === undefined ? undefined : taggedScalar(standard, text)
    if (value !== undefined) return value
    if (['str', 'int', 'float', 'bool', 'null', 'timestamp', 'binary'].includes(standard ?? '')) {
      this.#problem(node, `'${text}' is no ${standard}`, `remove the tag !!${standard}`)
    } else {
      this.#problem(
        node,
        `unknown tag ${standard === undefined ? tag : `!!${standard}`}`,
        'known are !unsafe and !!str, !!int, !!float, !!bool, !!null, !!binary',
      )
    }
    return null
  }

  /** A block scalar at the end of a file without a final newline: the parser adds a newline, PyYAML does not. */
  #withoutAddedEnd({ type, range }: Scalar, text: string): string {
    const file = this.text.text
    const added = type?.startsWith('BLOCK') === true && !file.endsWith('\n') && range?.[1] === file.length
    return added && text.endsWith('\n') ? text.slice(0, -1) : text
  }

  #list(node: YAMLSeq, depth: number): Built {
    this.#refuseOtherKinds(node)
    const entries = new Map<Key, EntryOffsets>()
    const unsafe = node.tag === '!unsafe'
    let size = 1
    const list = node.items.map((item, index) => {
      const child = item as Node
      const built = this.#node(child, depth + 1)
      size += built.size
      entries.set(index, this.#entry(child, child, built.value))
      return unsafe ? asUnsafe(built.value) : built.value
    })
    recordSources(list, this.text, start(node), entries)
    return { value: list, size, node }
  }

  #map(node: YAMLMap, depth: number): Built {
    this.#refuseOtherKinds(node)
    const own: { readonly key: Key; readonly value: Value; readonly entry: EntryOffsets; readonly pair: Pair }[] = []
    const merged = new Map<Key, { readonly value: Value; readonly entry: EntryOffsets }>()
    let size = 1
    for (const pair of node.items as Pair[]) {
      const keyNode = pair.key as Node
      if (isScalar(keyNode) && keyNode.type === 'PLAIN' && keyNode.value === '<<' && keyNode.tag === undefined) {
        size += this.#merge(pair, depth, merged)
        continue
      }
      const key = this.#key(keyNode, depth)
      const child = pair.value as Node | null
      const built = child === null ? { value: null, size: 1 } : this.#node(child, depth + 1)
      size += built.size
      if (key === undefined) continue
      own.push({ key, value: built.value, entry: this.#entry(keyNode, child ?? keyNode, built.value), pair })
    }
    return { value: this.#dict(node, own, merged), size, node }
  }

  /** Refuses YAML's sets and ordered dicts, which no playbook needs. */
  #refuseOtherKinds(node: YAMLMap | YAMLSeq): void {
    const kind = /^tag:yaml\.org,2002:(set|omap|pairs)$/.exec(node.tag ?? '')?.[1]
    if (kind !== undefined) this.#problem(node, `unknown tag !!${kind}`, 'write a list or a dict')
  }

  #dict(
    node: YAMLMap,
    own: readonly { readonly key: Key; readonly value: Value; readonly entry: EntryOffsets; readonly pair: Pair }[],
    merged: ReadonlyMap<Key, { readonly value: Value; readonly entry: EntryOffsets }>,
  ): Dict {
    const dict = new Map<Key, Value>()
    const entries = new Map<Key, EntryOffsets>()
    const unsafe = node.tag === '!unsafe'
    const first = new Map<Key, Node>()
    for (const [key, { value, entry }] of merged) {
      dict.set(key, value)
      entries.set(key, entry)
    }
    for (const { key, value, entry, pair } of own) {
      const before = first.get(key)
      if (before !== undefined) {
        const { line } = this.#at(before)
        this.#problem(
          pair.key as Node,
          `duplicate key '${keyText(key)}'`,
          `it is given at line ${line} already, and only one of the two can count: remove one`,
        )
        continue
      }
      first.set(key, pair.key as Node)
      dict.set(key, unsafe ? asUnsafe(value) : value)
      entries.set(key, entry)
    }
    recordSources(dict, this.text, start(node), entries)
    return dict
  }

  /** `<<`: one dict, or a list of dicts of which earlier ones win. The dict's own keys win over all of them. */
  #merge(pair: Pair, depth: number, into: Map<Key, { readonly value: Value; readonly entry: EntryOffsets }>): number {
    const node = pair.value as Node | null
    const built = node === null ? undefined : this.#node(node, depth + 1)
    const sources = Array.isArray(built?.value) ? [...built.value].reverse() : [built?.value ?? null]
    for (const source of sources) {
      if (!isDict(source)) {
        this.#problem(node ?? (pair.key as Node), "'<<' takes a dict or a list of dicts", 'write <<: *anchor')
        continue
      }
      for (const [key, value] of source) into.set(key, { value, entry: this.#entry(node as Node, node as Node, value) })
    }
    return built?.size ?? 1
  }

  #key(node: Node, depth: number): Key | undefined {
    const { value } = this.#node(node, depth + 1)
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number' || typeof value === 'bigint') return value
    if (value instanceof Unsafe) return value.text
    const written = this.text.text.slice(start(node), node.range?.[1] ?? start(node))
    if (isMap(node) && node.flow === true) {
      this.#problem(node, 'a value that starts with {{ is not quoted', quoteIt(`{${written}}`), -1)
    } else {
      this.#problem(node, 'a key must be a string, a number or a boolean', 'quote the key')
    }
    return undefined
  }

  #entry(key: Node, value: Node, built: Value): EntryOffsets {
    const entry = { key: start(key), value: start(value) }
    const plain = isScalar(value) && value.type === 'PLAIN' && typeof built !== 'string'
    return plain ? { ...entry, written: value.source ?? '' } : entry
  }

  #at(node: Node, shift = 0) {
    return this.text.at(start(node) + shift)
  }

  #problem(node: Node, message: string, hint: string, shift = 0): void {
    this.problems.push({ message, source: this.#at(node, shift), hint })
  }
}

/** Stops building, since later problems would only follow from this one. */
export class Stop extends Error {
  constructor(readonly problem: Diagnostic) {
    super(problem.message)
  }
}

class AliasBomb extends Stop {
  constructor(source: Parameters<typeof formatSource>[0]) {
    super({
      message: `aliases write out to more than ${aliasBudget} values`,
      source,
      hint: 'an alias of aliases of aliases grows without bound: write the values that are meant',
    })
  }
}

class TooDeep extends Stop {
  constructor(source: Parameters<typeof formatSource>[0]) {
    super({ message: `nested deeper than ${maxDepth} levels`, source, hint: 'is this the right file?' })
  }
}

const start = (node: Node): number => node.range?.[0] ?? 0

const asUnsafe = (value: Value): Value => {
  if (typeof value === 'string') return new Unsafe(value)
  if (Array.isArray(value)) return value.map(asUnsafe)
  if (isDict(value)) return new Map([...value].map(([key, one]) => [key, asUnsafe(one)]))
  return value
}
