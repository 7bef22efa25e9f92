import { ConfigError } from '../core/failure.js'

const strict = new TextDecoder('utf-8', { fatal: true })

/**
 * The text of a file of the user's; a byte order mark is not part of it.
 * @throws ConfigError where it is not UTF-8: read anyhow it would lose characters without a word
 */
export const decodeText = (bytes: Uint8Array, file: string): string => {
  try {
    return strict.decode(bytes)
  } catch {
    const lines = new TextDecoder().decode(bytes).split('�', 1)[0]?.split('\n') ?? []
    throw new ConfigError({
      message: 'not UTF-8',
      source: { file, line: Math.max(1, lines.length), col: (lines.at(-1)?.length ?? 0) + 1 },
      hint: `save it as UTF-8: iconv -f latin1 -t utf-8, where latin1 is what it is now`,
    })
  }
}
