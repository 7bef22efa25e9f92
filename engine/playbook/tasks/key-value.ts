import { argumentWords } from '../../python/shell-words.js'

/** One `key=value` or bare word of the shorthand `module: a=1 b="x y" {{ z }}`. */
export interface WrittenWord {
  /** With its quotes. */
  readonly text: string
  /** Where it stands in the whole. */
  readonly start: number
  readonly end: number
}

/** Words as Ansible splits them, each as it is written. Undefined where a quote or template is never closed. */
export const splitWords = (text: string): readonly WrittenWord[] | undefined => {
  try {
    return argumentWords(text).map(({ at, end }) => ({ text: text.slice(at, end), start: at, end }))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

export interface KeyValues {
  readonly pairs: readonly { readonly key: string; readonly value: string; readonly start: number }[]
  /** What is no pair, as it was written. */
  readonly rest: string
  readonly restStart: number
}

/**
 * Takes the pairs out of a shorthand.
 * @param isKey which keys count; for `shell: FOO=1 make chdir=/x` only the module's own do
 */
export const keyValues = (text: string, isKey: (key: string) => boolean): KeyValues | undefined => {
  const words = splitWords(text)
  if (words === undefined) return undefined
  const pairs: { readonly key: string; readonly value: string; readonly start: number }[] = []
  let rest = ''
  let restStart = -1
  let at = 0
  for (const word of words) {
    const found = pair.exec(word.text)
    if (found?.[1] !== undefined && isKey(found[1])) {
      pairs.push({ key: found[1], value: unquote(found[2] ?? ''), start: word.start })
      rest += text.slice(at, word.start)
      // The space before a pair that is taken out goes with it.
      rest = rest.replace(/[ \t]+$/, '')
      at = word.end
    } else if (restStart === -1) restStart = word.start
  }
  rest += text.slice(at)
  return { pairs, rest: rest.trim(), restStart: Math.max(0, restStart) }
}

/** A key may hold templates: `set_fact: "{{ name }}_port=80"`. */
const pair = /^((?:[A-Za-z_]|\{\{[^}]*\}\})(?:[\w.-]|\{\{[^}]*\}\})*)\s*=([\s\S]*)$/

const unquote = (text: string): string => {
  const quote = text.charAt(0)
  if (text.length < 2 || (quote !== '"' && quote !== "'") || !text.endsWith(quote)) return text
  return text.slice(1, -1).replaceAll(`\\${quote}`, quote)
}
