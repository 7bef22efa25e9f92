/** Text in one style; `style` is a list of CSS class names, '' for plain text. */
export interface Span {
  readonly text: string
  readonly style: string
}

export type Row = readonly Span[]

interface Cell {
  readonly char: string
  readonly style: string
}

/** One control sequence, or one printable character. An incomplete sequence does not match. */
// biome-ignore lint/complexity/useRegexLiterals: the escape character stands in it
const token = new RegExp(
  '\\u001b\\[([?\\d;]*)([A-Za-z])|\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)|[^\\u001b]',
  'uy',
)

/**
 * The screen of a terminal, as far as tkplay uses one: text, colours, cursor movements, erased lines, scrolling. All
 * characters are one column wide.
 */
export class Terminal {
  readonly #columns: number
  readonly #rows: number
  #lines: Cell[][] = [[]]
  #row = 0
  #column = 0
  #style = new Set<string>()
  #rest = ''

  constructor(columns: number, rows: number) {
    this.#columns = columns
    this.#rows = rows
  }

  /** Writes a piece of output, which may end inside a control sequence. */
  write(text: string): void {
    const all = this.#rest + text
    token.lastIndex = 0
    let end = 0
    for (let found = token.exec(all); found !== null; found = token.exec(all)) {
      end = token.lastIndex
      const [whole, argument = '', command] = found
      if (command !== undefined) this.#control(command, argument)
      else if (whole.length <= 2 && !whole.startsWith('\u001b')) this.#print(whole)
    }
    this.#rest = all.slice(end)
  }

  /** All rows of the screen, from the top. */
  screen(): readonly Row[] {
    return Array.from({ length: this.#rows }, (_, at) => spansOf(this.#lines[at] ?? []))
  }

  #print(char: string): void {
    if (char === '\r') this.#column = 0
    else if (char === '\n') this.#lineFeed()
    else if (char >= ' ') {
      if (this.#column >= this.#columns) {
        this.#column = 0
        this.#lineFeed()
      }
      const line = this.#line()
      while (line.length < this.#column) line.push({ char: ' ', style: '' })
      line[this.#column] = { char, style: [...this.#style].sort().join(' ') }
      this.#column += 1
    }
  }

  #lineFeed(): void {
    if (this.#row < this.#rows - 1) this.#row += 1
    else this.#lines.shift()
  }

  #line(): Cell[] {
    const line = this.#lines[this.#row] ?? []
    this.#lines[this.#row] = line
    return line
  }

  #control(command: string, argument: string): void {
    const count = Math.max(1, Number.parseInt(argument, 10) || 1)
    if (command === 'm') this.#setStyle(argument === '' ? [0] : argument.split(';').map(Number))
    else if (command === 'A') this.#row = Math.max(0, this.#row - count)
    else if (command === 'B') this.#row = Math.min(this.#rows - 1, this.#row + count)
    else if (command === 'C') this.#column = Math.min(this.#columns - 1, this.#column + count)
    else if (command === 'D') this.#column = Math.max(0, this.#column - count)
    else if (command === 'G') this.#column = Math.min(this.#columns, count) - 1
    else if (command === 'K') this.#eraseLine(argument)
    else if (command === 'J') {
      this.#eraseLine('0')
      this.#lines.length = this.#row + 1
    }
  }

  #eraseLine(argument: string): void {
    const line = this.#line()
    if (argument === '2') line.length = 0
    else if (argument === '1') line.fill({ char: ' ', style: '' }, 0, this.#column + 1)
    else line.length = Math.min(line.length, this.#column)
  }

  #setStyle(codes: readonly number[]): void {
    for (const code of codes) {
      if (code === 0) this.#style.clear()
      else if (code === 1) this.#style.add('bold')
      else if (code === 2) this.#style.add('dim')
      else if (code === 22) for (const one of ['bold', 'dim']) this.#style.delete(one)
      else if (code === 39) this.#colour(undefined)
      else if (code >= 30 && code <= 37) this.#colour(`c${code - 30}`)
      else if (code >= 90 && code <= 97) this.#colour(`c${code - 90}`)
    }
  }

  #colour(name: string | undefined): void {
    for (const one of this.#style) if (/^c\d$/.test(one)) this.#style.delete(one)
    if (name !== undefined) this.#style.add(name)
  }
}

/** The cells as spans, without blanks at the end. */
const spansOf = (cells: readonly Cell[]): Row => {
  const spans: { text: string; style: string }[] = []
  const last = cells.findLastIndex(cell => cell.char !== ' ')
  for (const { char, style } of cells.slice(0, last + 1)) {
    const before = spans.at(-1)
    if (before !== undefined && before.style === style) before.text += char
    else spans.push({ text: char, style })
  }
  return spans
}
