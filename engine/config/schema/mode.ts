/** Permission bits as octal text: 420 → '0644'. */
export const octal = (bits: number): string => `0${bits.toString(8).padStart(3, '0')}`

/** Whether a text is a file mode: octal digits with or without `0` or `0o`, symbolic (`u=rw,g-w`), or `preserve`. */
export const isMode = (text: string): boolean =>
  /^(?:0o?)?[0-7]{1,4}$/.test(text) ||
  text === 'preserve' ||
  /^[ugoa]*(?:[-+=][rwxXstugo]*)+(?:,[ugoa]*(?:[-+=][rwxXstugo]*)+)*$/.test(text)

/**
 * Whether a number looks like a mode without its leading zero (600 for 0600), and not like the value of an octal one
 * (384). The reading that makes a sensible mode wins: the owner may read, and others may do no more than the owner. Of
 * the few numbers for which both readings are sensible, 511 is 0777, and the others (400, 500) are taken for a mode
 * without its zero.
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
