import { analyse, isSpecial, readsAsText } from './yaml-scalar-style.js'

/** The input of the emitter: PyYAML's nodes, with the text of scalars. */
export type YamlNode =
  | { readonly kind: 'text'; readonly text: string }
  /** A number, a bool or null: never quoted. */
  | { readonly kind: 'plain'; readonly text: string }
  /** `!!binary` and the like. */
  | { readonly kind: 'literal'; readonly tag: string; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly YamlNode[]; readonly flow: boolean }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [YamlNode, YamlNode])[]; readonly flow: boolean }

export interface YamlOptions {
  readonly indent: number
  readonly width: number
  readonly explicitStart: boolean
  readonly explicitEnd: boolean
}

/** Writes one document exactly as PyYAML does with libyaml. Source: libyaml, src/emitter.c. */
export const emitYaml = (root: YamlNode, options: YamlOptions): string => new Emitter(options).document(root)

class Emitter {
  #out = ''
  #column = 0
  /** Whether the last character is white space; and whether the line contains only indentation so far. */
  #whitespace = true
  #indention = true
  #indent: number | undefined
  #flow = 0

  constructor(readonly options: YamlOptions) {}

  document(root: YamlNode): string {
    if (this.options.explicitStart) this.#indicator('---', true)
    this.#node(root, {})
    this.#writeIndent()
    if (this.options.explicitEnd) {
      this.#indicator('...', true)
      this.#writeIndent()
    }
    return this.#out
  }

  #node(node: YamlNode, where: { readonly mapping?: boolean; readonly key?: boolean }): void {
    switch (node.kind) {
      case 'list':
        if (this.#flow > 0 || node.flow || node.items.length === 0) this.#flowList(node.items)
        else this.#blockList(node.items, where.mapping === true)
        break
      case 'dict':
        if (this.#flow > 0 || node.flow || node.entries.length === 0) this.#flowDict(node.entries)
        else this.#blockDict(node.entries)
        break
      default:
        this.#indented(true, false, () => this.#scalar(node, where.key === true))
    }
  }

  /** Writes one level deeper; `indentless` for a list directly under a key. */
  #indented(flow: boolean, indentless: boolean, write: () => void): void {
    const before = this.#indent
    if (before === undefined) this.#indent = flow ? this.options.indent : 0
    else if (!indentless) this.#indent = before + this.options.indent
    write()
    this.#indent = before
  }

  #blockList(items: readonly YamlNode[], mapping: boolean): void {
    this.#indented(false, mapping && !this.#indention, () => {
      for (const item of items) {
        this.#writeIndent()
        this.#indicator('-', true, false, true)
        this.#node(item, {})
      }
    })
  }

  #blockDict(entries: readonly (readonly [YamlNode, YamlNode])[]): void {
    this.#indented(false, false, () => {
      for (const [key, value] of entries) {
        this.#writeIndent()
        if (isSimpleKey(key)) {
          this.#node(key, { mapping: true, key: true })
          this.#indicator(':', false)
        } else {
          this.#indicator('?', true, false, true)
          this.#node(key, { mapping: true })
          this.#writeIndent()
          this.#indicator(':', true, false, true)
        }
        this.#node(value, { mapping: true })
      }
    })
  }

  #flowList(items: readonly YamlNode[]): void {
    this.#inFlow('[', ']', items, item => this.#node(item, {}))
  }

  #flowDict(entries: readonly (readonly [YamlNode, YamlNode])[]): void {
    this.#inFlow('{', '}', entries, ([key, value]) => {
      if (isSimpleKey(key)) {
        this.#node(key, { mapping: true, key: true })
        this.#indicator(':', false)
      } else {
        this.#indicator('?', true)
        this.#node(key, { mapping: true })
        if (this.#column > this.options.width) this.#writeIndent()
        this.#indicator(':', true)
      }
      this.#node(value, { mapping: true })
    })
  }

  #inFlow<T>(open: string, close: string, parts: readonly T[], write: (part: T) => void): void {
    this.#indicator(open, true, true)
    this.#flow++
    this.#indented(true, false, () => {
      for (const [index, part] of parts.entries()) {
        if (index > 0) this.#indicator(',', false)
        if (this.#column > this.options.width) this.#writeIndent()
        write(part)
      }
    })
    this.#flow--
    this.#indicator(close, false)
  }

  #scalar(node: Extract<YamlNode, { text: string }>, key: boolean): void {
    if (node.kind === 'literal') {
      this.#indicator(node.tag, true)
      return this.#literal(node.text)
    }
    if (node.kind === 'plain') return this.#plain(node.text, !key)
    const scalar = analyse(node.text)
    const plain =
      (this.#flow > 0 ? scalar.flowPlain : scalar.blockPlain) && !(key && (node.text === '' || scalar.multiline))
    if (plain && readsAsText(node.text)) this.#plain(node.text, !key)
    else if (scalar.singleQuoted && !(key && scalar.multiline)) this.#singleQuoted(node.text, !key)
    else this.#doubleQuoted(node.text, !key)
  }

  #plain(text: string, split: boolean): void {
    if (text === '') return
    if (!this.#whitespace) this.#write(' ')
    this.#whitespace = false
    this.#indention = false
    this.#folded(text, split, chunk => this.#write(chunk))
  }

  #singleQuoted(text: string, split: boolean): void {
    this.#indicator("'", true)
    for (const part of text.split(/(\n+)/)) {
      if (part.startsWith('\n')) {
        // One newline more, since a single one would be read as a space.
        for (let count = part.length + 1; count > 0; count--) this.#lineBreak()
        this.#writeIndent()
      } else this.#folded(part, split, chunk => this.#write(chunk.replaceAll("'", "''")))
    }
    this.#indicator("'", false)
  }

  /** Writes words and spaces; beyond the width, a single space becomes a line break. */
  #folded(text: string, split: boolean, write: (chunk: string) => void): void {
    const chunks = text.match(/ +|[^ ]+/g) ?? []
    for (const [index, chunk] of chunks.entries()) {
      const inside = index > 0 && index < chunks.length - 1
      if (chunk === ' ' && split && inside && this.#column > this.options.width) {
        this.#writeIndent()
        this.#whitespace = false
        this.#indention = false
      } else write(chunk)
    }
  }

  #doubleQuoted(text: string, split: boolean): void {
    const chars = [...text]
    this.#indicator('"', true)
    let afterSpace = false
    for (const [index, char] of chars.entries()) {
      const inside = index > 0 && index < chars.length - 1
      if (mustEscape(char)) this.#write(escaped(char))
      else if (char === ' ' && split && !afterSpace && inside && this.#column > this.options.width) {
        this.#writeIndent()
        if (chars[index + 1] === ' ') this.#write('\\')
      } else this.#write(char)
      afterSpace = char === ' '
    }
    this.#indicator('"', false)
  }

  #literal(text: string): void {
    this.#indicator(text.endsWith('\n') ? '|' : '|-', true)
    this.#lineBreak()
    for (const line of text.replace(/\n$/, '').split('\n')) {
      this.#writeIndent()
      this.#write(line)
      this.#lineBreak()
    }
  }

  #indicator(text: string, needsSpace: boolean, whitespace = false, indention = false): void {
    this.#write(this.#whitespace || !needsSpace ? text : ` ${text}`)
    this.#whitespace = whitespace
    this.#indention = this.#indention && indention
  }

  #writeIndent(): void {
    const indent = this.#indent ?? 0
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace)) this.#lineBreak()
    if (this.#column < indent) {
      this.#whitespace = true
      this.#write(' '.repeat(indent - this.#column))
    }
  }

  #lineBreak(): void {
    this.#whitespace = true
    this.#indention = true
    this.#out += '\n'
    this.#column = 0
  }

  #write(text: string): void {
    this.#out += text
    this.#column += [...text].length
  }
}

const isSimpleKey = (key: YamlNode): boolean => {
  if (key.kind === 'list') return key.items.length === 0
  if (key.kind === 'dict') return key.entries.length === 0
  return key.kind !== 'literal' && Buffer.byteLength(key.text) <= 128 && !/[\n\x85\u2028\u2029]/.test(key.text)
}

const mustEscape = (char: string): boolean => '"\\\n\x85\u2028\u2029'.includes(char) || isSpecial(char)

const short: { readonly [char: string]: string } = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
}

const escaped = (char: string): string => {
  const known = short[char]
  if (known !== undefined) return `\\${known}`
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase()
  return code.length <= 2
    ? `\\x${code.padStart(2, '0')}`
    : code.length <= 4
      ? `\\u${code.padStart(4, '0')}`
      : `\\U${code.padStart(8, '0')}`
}
