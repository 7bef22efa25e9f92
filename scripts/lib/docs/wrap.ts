/** The greatest width of Markdown lines, in columns. */
export const columns = 100

/**
 * Wraps paragraphs and list items of Markdown that are wider than `width`. Tables, headings, code and lines that begin
 * with HTML stay as they are, since a break would change them.
 */
export const wrapMarkdown = (text: string, width = columns): string => {
  const out: string[] = []
  let block: string[] = []
  let isCode = false
  const flush = (): void => {
    out.push(...(block.some(line => line.length > width) ? reflowed(block, width) : block))
    block = []
  }
  for (const line of text.split('\n')) {
    const isFence = /^\s*(```|~~~)/.test(line)
    if (isFence || isCode || !isProse(line)) {
      flush()
      out.push(line)
      if (isFence) isCode = !isCode
      continue
    }
    if (startsItem(line)) flush()
    block.push(line)
  }
  flush()
  return out.join('\n')
}

/** The numbers, from 1, of lines that are too wide and could be wrapped. */
export const tooWide = (text: string, width = columns): readonly number[] => {
  const [lines, wrapped] = [text.split('\n'), new Set(wrapMarkdown(text, width).split('\n'))]
  return lines.flatMap((line, index) => (line.length > width && !wrapped.has(line) ? [index + 1] : []))
}

const isProse = (line: string): boolean => line.trim() !== '' && !/^\s*(#|\||<|>|\[[^\]]+\]:)/.test(line)

const startsItem = (line: string): boolean => /^\s*([-*+]|\d+[.)])(\s|$)/.test(line)

/** Wraps one paragraph, or one list item with its continuation lines. */
const reflowed = (lines: readonly string[], width: number): readonly string[] => {
  const [first = ''] = lines
  const mark = /^\s*(?:(?:[-*+]|\d+[.)])(?:\s+|$))?/.exec(first)?.[0] ?? ''
  const lead = /\S$/.test(mark) ? `${mark} ` : mark
  const hanging = ' '.repeat(lead.length)
  const out: string[] = []
  let line = lead
  for (const word of wordsOf(
    lines.map((one, index) => (index === 0 ? one.slice(mark.length) : one.trim())).join(' '),
  )) {
    const isEmpty = line.length === lead.length && (line === lead || line === hanging)
    if (!isEmpty && line.length + 1 + word.length > width) {
      out.push(line)
      line = hanging + word
    } else line = isEmpty ? line + word : `${line} ${word}`
  }
  return [...out, line]
}

/**
 * The words between which a line may break. Code is not split, and no line may begin like a list, a heading or a
 * quotation.
 */
const wordsOf = (text: string): readonly string[] => {
  const words: string[] = []
  for (const word of text.match(/(?:`+[^`]*`+|[^\s`])+/g) ?? []) {
    const wouldBegin = /^([-*+>|]|#+|\d+[.)])$/.test(word)
    if (wouldBegin && words.length > 0) words.push(`${words.pop()} ${word}`)
    else words.push(word)
  }
  return words
}
