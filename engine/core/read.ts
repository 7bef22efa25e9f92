import { NotObserved } from './failure.js'
import type { Raw, Read } from './module.js'

export type ReadOptions = Omit<Read<never>, 'kind' | 'sh' | 'parse'>

/** UTF-8 bytes from a host as text. Invalid bytes become U+FFFD; who needs them exactly uses the bytes in `Raw`. */
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

export const read = <T>(sh: string, parse: (raw: Raw) => T, options: ReadOptions = {}): Read<T> => ({
  kind: 'read',
  sh,
  parse,
  ...options,
})

/** Reads what a command prints, without the last newline. A return code other than 0 is not observed. */
export const output = (sh: string, options?: ReadOptions): Read<string> =>
  read(
    sh,
    raw => {
      if (raw.rc !== 0) throw new NotObserved(raw)
      return text(raw.stdout).replace(/\n$/, '')
    },
    options,
  )

/** Reads the whole answer of a command, for callers that check the return code themselves. */
export const raw = (sh: string, options?: ReadOptions): Read<Raw> => read(sh, answer => answer, options)

/** Reads the text of a file; undefined where the file does not exist. A file that cannot be read is not observed. */
export const fileText = (quotedPath: string, options?: ReadOptions): Read<string | undefined> =>
  read(
    `if [ -e ${quotedPath} ]; then cat ${quotedPath}; else exit 44; fi`,
    answer => {
      if (answer.rc === 44) return undefined
      if (answer.rc !== 0) throw new NotObserved(answer)
      return text(answer.stdout)
    },
    options,
  )

/** Reads whether a test succeeds: rc 0 is true, 1 is false, any other is not observed. */
export const holds = (sh: string, options?: ReadOptions): Read<boolean> =>
  read(
    sh,
    answer => {
      if (answer.rc > 1) throw new NotObserved(answer)
      return answer.rc === 0
    },
    options,
  )
