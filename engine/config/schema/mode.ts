/** File modes as users write them. */

/** A mode's bits as text: 420 is '0644'. */
export const octal = (bits: number): string => `0${bits.toString(8).padStart(3, '0')}`

/** Octal digits with or without `0` or `0o`, symbolic (`u=rw,g-w`), or `preserve`. */
export const isMode = (text: string): boolean =>
  /^(?:0o?)?[0-7]{1,4}$/.test(text) ||
  text === 'preserve' ||
  /^[ugoa]*(?:[-+=][rwxXstugo]*)+(?:,[ugoa]*(?:[-+=][rwxXstugo]*)+)*$/.test(text)

/**
 * Whether a number looks like the decimal slip of a mode (600 for 0600) rather than the value of an octal one (384).
 * Decided by which reading makes a mode that somebody would set: read bits for the owner, and no more for others than for
 * the owner. Of the few numbers for which both do, 511 is 0777 and the others (400, 500) are taken for the slip.
 */
export const looksLikeDigitsOfMode = (value: number): boolean => {
  const digits = String(value)
  return value !== 0o777 && /^[1-7]?[0-7]{3}$/.test(digits) && isSensible(Number.parseInt(digits, 8))
}

const isSensible = (bits: number): boolean => {
  const owner = (bits >> 6) & 7
  const group = (bits >> 3) & 7
  const other = bits & 7
  return bits <= 0o7777 && (owner & 4) !== 0 && (group & ~owner) === 0 && (other & ~group) === 0
}
