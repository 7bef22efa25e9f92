import { createContext, Script } from 'node:vm'
import { ConfigError } from '../core/failure.js'
import { patternAsWritten } from './regex.js'

/**
 * ms. The time limit for regular expressions of users and hosts; all of them run under this guard. JavaScript's engine
 * backtracks, so a short pattern can keep it busy for years, and nothing in JavaScript can interrupt it. A script that
 * `node:vm` runs with a timeout can be interrupted, at a cost of 0.1 ms. So a whole operation is guarded, not each
 * match, and only where the worst case of pattern and text takes long.
 */
export const regexTime = 1_000

/** Steps: a worst case below this runs without the guard, in a few milliseconds. */
const harmless = 1_000_000

export const slowHint =
  'repetitions inside of repetitions make it try too many ways: write it so that a text can match in one way only'

/** Choices at each position of a text that still count as linear time. */
const fewChoices = 64

/** A pattern that exceeded its time limit. */
export class PatternTooSlow extends ConfigError {
  constructor(pattern: string) {
    super({
      message: `the regular expression «${pattern.length > 200 ? `${pattern.slice(0, 200)}…` : pattern}» takes more than ${regexTime / 1000} s on this text`,
      hint: slowHint,
    })
  }
}

const sandbox = createContext({ work: undefined as (() => unknown) | undefined })
const script = new Script('work()')

/**
 * Runs `work` with a time limit. `work` must apply `regex` to `texts` only.
 * @param pattern as the user wrote it, for the message
 * @throws PatternTooSlow
 */
export const bounded = <T>(
  regex: RegExp,
  texts: Iterable<string>,
  work: () => T,
  pattern: string = patternAsWritten(regex),
): T => {
  if (worstCase(regex, texts) <= harmless) return work()
  const outer = sandbox['work']
  sandbox['work'] = work
  try {
    return script.runInContext(sandbox, { timeout: regexTime }) as T
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new PatternTooSlow(pattern)
  } finally {
    sandbox['work'] = outer
  }
}

/** Whether the pattern matches anywhere in the text. @throws PatternTooSlow */
export const boundedTest = (regex: RegExp, text: string, pattern?: string): boolean =>
  bounded(
    regex,
    [text],
    () => {
      regex.lastIndex = 0
      return regex.test(text)
    },
    pattern,
  )

/** An upper bound for the steps of a search, by the shape of the pattern. Never too small, often far too large. */
export const worstCase = (regex: RegExp, texts: Iterable<string>): number => {
  const { factor, degree } = shapeOf(regex)
  // Linear time, for texts of any length.
  if (degree === 0 && factor <= fewChoices) return 0
  let steps = 0
  for (const text of texts) {
    steps += factor * (text.length + 1) ** (degree + 1)
    if (!(steps <= harmless)) return steps
  }
  return steps
}

interface Shape {
  /** The product of all choices: 2 for each `?`, n for n alternatives. */
  readonly factor: number
  /** The number of unbounded repetitions; each may end at any position of the text. */
  readonly degree: number
}

const shapes = new WeakMap<RegExp, Shape>()

const shapeOf = (regex: RegExp): Shape => {
  const known = shapes.get(regex)
  if (known !== undefined) return known
  const made = measure(regex.source)
  shapes.set(regex, made)
  return made
}

const atom =
  /\\(?:k<[^>]*>|[pP]\{[^}]*\}|u\{[^}]*\}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:<?[=!]|:|<[^>]*>)|[\s\S]/gy
const quantifier = /[*+]\??|\?\??|\{(\d+)(,?)(\d*)\}\??/y

/** A group while it is parsed: the shape of its alternatives, and their number. */
interface Open {
  factor: number
  degree: number
  alternatives: number
}

const open = (): Open => ({ factor: 1, degree: 0, alternatives: 1 })

const measure = (source: string): Shape => {
  const groups: Open[] = [open()]
  for (let at = 0; at < source.length; ) {
    atom.lastIndex = at
    const text = atom.exec(source)?.[0] ?? source.charAt(at)
    at += text.length
    const here = groups.at(-1) ?? open()
    if (text === '|') {
      here.alternatives++
      continue
    }
    if (text.startsWith('(')) {
      groups.push(open())
      continue
    }
    // A back reference compares the earlier match character by character.
    const isReference = /^\\(?:[1-9]|k<)/.test(text)
    let inner: Open = { factor: 1, degree: isReference ? 1 : 0, alternatives: 1 }
    if (text === ')' && groups.length > 1) inner = groups.pop() ?? inner
    const around = groups.at(-1) ?? here
    const choices = inner.factor * inner.alternatives
    quantifier.lastIndex = at
    const repeated = quantifier.exec(source)
    at += repeated?.[0].length ?? 0
    const [times, unbounded] = repeated === null ? [1, false] : timesOf(repeated)
    const isPlain = choices === 1 && inner.degree === 0
    if (!isPlain && (unbounded || times > 2)) return { factor: Number.POSITIVE_INFINITY, degree: 0 }
    around.factor *= choices * (isPlain && times <= 1 ? 1 : times)
    around.degree += inner.degree + (unbounded ? 1 : 0)
  }
  const all = groups.reduce((one, two) => ({
    factor: one.factor * two.factor,
    degree: one.degree + two.degree,
    alternatives: one.alternatives * two.alternatives,
  }))
  return { factor: all.factor * all.alternatives, degree: all.degree }
}

/** The number of lengths that a repetition may have, and whether it is unbounded. */
const timesOf = ([text, from, comma, to]: RegExpExecArray): readonly [number, boolean] => {
  if (text.startsWith('*') || text.startsWith('+')) return [1, true]
  if (text.startsWith('?')) return [2, false]
  if (comma === '') return [Number(from), false]
  return to === '' ? [1, true] : [Math.max(Number(to), 1), false]
}
