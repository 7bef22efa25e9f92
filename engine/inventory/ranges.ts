/** Host names with ranges: `web[01:50].example.com`, `db-[a:f]`, `n[0:10:5]`. Both bounds are included. */

export class RangeProblem extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message)
  }
}

/** The greatest number of names; `[0:999999999]` would take too long. */
const limit = 100_000

/** All names of the ranges; the last range varies fastest. @throws RangeProblem */
export const expandRanges = (name: string): readonly string[] => {
  const open = name.indexOf('[')
  if (open === -1) return [name]
  const close = name.indexOf(']', open)
  if (close === -1) throw new RangeProblem(`'${name}' has a [ that is never closed`, 'write a range as [01:50]')
  const middle = expandOne(name.slice(open + 1, close))
  const tails = expandRanges(name.slice(close + 1))
  if (middle.length * tails.length > limit) {
    throw new RangeProblem(`'${name}' is more than ${limit} names`, 'check the bounds of its ranges')
  }
  return middle.flatMap(one => tails.map(tail => name.slice(0, open) + one + tail))
}

const expandOne = (range: string): readonly string[] => {
  const [from = '', to, step = '1', ...more] = range.split(':')
  if (to === undefined || to === '' || more.length > 0) {
    throw new RangeProblem(`'[${range}]' is no range`, 'write [first:last] or [first:last:step]')
  }
  if (!/^[1-9]\d*$/.test(step))
    throw new RangeProblem(`the step '${step}' of [${range}] is no number above 0`, 'write [01:50:2]')
  const numbers = /^\d*$/.test(from) && /^\d+$/.test(to)
  if (!numbers && !(/^[A-Za-z]$/.test(from) && /^[A-Za-z]$/.test(to))) {
    throw new RangeProblem(`'[${range}]' is no range`, 'bounds are both numbers or both single letters: [01:50], [a:f]')
  }
  const [first, last] = numbers ? [Number(from), Number(to)] : [letters.indexOf(from), letters.indexOf(to)]
  if (numbers && /^0\d/.test(from) && from.length !== to.length) {
    throw new RangeProblem(
      `the bounds of [${range}] differ in length`,
      `write both with ${Math.max(from.length, to.length)} digits`,
    )
  }
  if (first > last) throw new RangeProblem(`[${range}] goes down`, `write [${to}:${from}]`)
  if (last - first >= limit * Number(step))
    throw new RangeProblem(`[${range}] is more than ${limit} names`, 'check its bounds')
  const width = /^0\d/.test(from) ? from.length : 0
  const made: string[] = []
  for (let at = first; at <= last; at += Number(step)) {
    made.push(numbers ? String(at).padStart(width, '0') : letters.charAt(at))
  }
  return made
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * Splits `host:2222`, `[fd00::1]:22` and `web[1:3]:22` into name and port. An address with several colons and no
 * brackets has no port.
 */
export const splitPort = (written: string): { readonly name: string; readonly port?: number } => {
  const bracketed = /^\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)\](?::(\d+))?$/.exec(written)
  if (bracketed?.[1] !== undefined) {
    return bracketed[2] === undefined ? { name: bracketed[1] } : { name: bracketed[1], port: Number(bracketed[2]) }
  }
  const found = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/.exec(written)
  return found?.[1] === undefined ? { name: written } : { name: found[1], port: Number(found[2]) }
}
