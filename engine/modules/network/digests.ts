/** A checksum and how it was made: `sha256` and hex digits. */
export interface Digest {
  readonly algorithm: string
  readonly hex: string
}

/** Hex digits of each algorithm that a host's `…sum` programs have. */
export const digitsOf: { readonly [algorithm: string]: number } = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
}

const gnu = /^\\?([0-9a-f]+)\s+[*]?(?:\.\/)?(.+)$/i
const bsd = /^([\w-]+) ?\((?:\.\/)?(.+)\) ?= ?([0-9a-f]+)$/i

/**
 * The digest of a file in a published list, whose lines are `digest  name` as of sha256sum, or `SHA256 (name) = digest` as of BSD, of
 * `sha256sum --tag` and of openssl. One digest alone is of whatever file it is published for. A name with folders before it is the
 * file's where no line has the name itself.
 */
export const digestIn = (published: string, algorithm: string, name: string): string | undefined => {
  const lines = published.split('\n').flatMap(line => (line.trim() === '' ? [] : [line.trim()]))
  const [only = ''] = lines
  if (lines.length === 1 && isDigest(algorithm, only)) return only.toLowerCase()
  const entries = lines.flatMap(line => entryOf(line, algorithm))
  const found =
    entries.find(entry => entry.name === name) ?? entries.find(entry => entry.name.split('/').at(-1) === name)
  return found !== undefined && isDigest(algorithm, found.hex) ? found.hex.toLowerCase() : undefined
}

interface Entry {
  readonly name: string
  readonly hex: string
}

/** One list may have lines of several algorithms: those of BSD say which. */
const entryOf = (line: string, algorithm: string): readonly Entry[] => {
  const [, named = '', path, digest = ''] = bsd.exec(line) ?? []
  if (path !== undefined)
    return named
      .toLowerCase()
      .replace(/^sha2-/, 'sha')
      .replaceAll('-', '') === algorithm
      ? [{ name: path, hex: digest }]
      : []
  const [, hex = '', name] = gnu.exec(line) ?? []
  return name === undefined ? [] : [{ name, hex }]
}

/** Whether a text is a whole digest: the beginning of one says nothing about a file. */
export const isDigest = (algorithm: string, text: string): boolean =>
  /^[0-9a-f]+$/i.test(text) && text.length === digitsOf[algorithm]
