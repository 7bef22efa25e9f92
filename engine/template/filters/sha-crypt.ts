import { hash } from 'node:crypto'

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Which bytes of the digest make one group of characters; the last group is shorter. */
const orders = {
  sha512: [
    [0, 21, 42],
    [22, 43, 1],
    [44, 2, 23],
    [3, 24, 45],
    [25, 46, 4],
    [47, 5, 26],
    [6, 27, 48],
    [28, 49, 7],
    [50, 8, 29],
    [9, 30, 51],
    [31, 52, 10],
    [53, 11, 32],
    [12, 33, 54],
    [34, 55, 13],
    [56, 14, 35],
    [15, 36, 57],
    [37, 58, 16],
    [59, 17, 38],
    [18, 39, 60],
    [40, 61, 19],
    [62, 20, 41],
    [63],
  ],
  sha256: [
    [0, 10, 20],
    [21, 1, 11],
    [12, 22, 2],
    [3, 13, 23],
    [24, 4, 14],
    [15, 25, 5],
    [6, 16, 26],
    [27, 7, 17],
    [18, 28, 8],
    [9, 19, 29],
    [31, 30],
  ],
} as const

/** crypt(3)'s $5$ and $6$. Source: U. Drepper, «Unix crypt using SHA-256 and SHA-512», version 0.6. */
export const shaCrypt = (algorithm: 'sha256' | 'sha512', password: string, salt: string, rounds: number): string => {
  const key = Buffer.from(password, 'utf8')
  const seasoning = Buffer.from(salt, 'utf8')
  const digest = (...parts: readonly Uint8Array[]): Buffer => hash(algorithm, Buffer.concat(parts), 'buffer')
  const stretched = (block: Buffer, length: number): Buffer => Buffer.alloc(length, block)

  const second = digest(key, seasoning, key)
  const mixed: Uint8Array[] = [key, seasoning, stretched(second, key.length)]
  for (let bits = key.length; bits > 0; bits >>= 1) mixed.push((bits & 1) === 1 ? second : key)
  let current = digest(...mixed)

  const keyBlock = stretched(digest(...Array.from({ length: key.length }, () => key)), key.length)
  const saltBlock = stretched(
    digest(...Array.from({ length: 16 + (current[0] ?? 0) }, () => seasoning)),
    seasoning.length,
  )
  // Hashing one buffer at once is several times as fast as updating a hash object part by part.
  const input = Buffer.alloc(current.length + saltBlock.length + 2 * keyBlock.length)
  for (let round = 0; round < rounds; round++) {
    let length = 0
    const put = (part: Buffer): void => {
      length += part.copy(input, length)
    }
    put((round & 1) === 1 ? keyBlock : current)
    if (round % 3 !== 0) put(saltBlock)
    if (round % 7 !== 0) put(keyBlock)
    put((round & 1) === 1 ? current : keyBlock)
    current = hash(algorithm, input.subarray(0, length), 'buffer')
  }
  const shownRounds = rounds === 5_000 ? '' : `rounds=${rounds}$`
  return `${algorithm === 'sha512' ? '$6$' : '$5$'}${shownRounds}${salt}$${encoded(current, orders[algorithm])}`
}

const encoded = (bytes: Buffer, order: readonly (readonly number[])[]): string =>
  order
    .map(group => {
      let word = group.reduce((sum, index) => sum * 256 + (bytes[index] ?? 0), 0)
      return Array.from({ length: Math.ceil((group.length * 8) / 6) }, () => {
        const char = alphabet.charAt(word & 63)
        word >>>= 6
        return char
      }).join('')
    })
    .join('')
