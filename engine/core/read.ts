import { NotObserved } from './failure.js'
import type { Raw, Read } from './module.js'

export type ReadOptions = Omit<Read<never>, 'kind' | 'sh' | 'parse'>

/** Bytes from a host as text. Invalid UTF-8 becomes U+FFFD: text is for people and parsers, bytes stay in Raw. */
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

export const read = <T>(sh: string, parse: (raw: Raw) => T, options: ReadOptions = {}): Read<T> => ({
  kind: 'read',
  sh,
  parse,
  ...options,
})

/** What the command prints, without its last newline. */
export const output = (sh: string, options?: ReadOptions): Read<string> =>
  read(
    sh,
    raw => {
      if (raw.rc !== 0) throw new NotObserved(raw)
      return text(raw.stdout).replace(/\n$/, '')
    },
    options,
  )

/** The command's answer as it is, for parsers that judge the return code themselves. */
export const raw = (sh: string, options?: ReadOptions): Read<Raw> => read(sh, answer => answer, options)

/** A file's text, or undefined where there is no such file; an unreadable one is not observed. */
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

/** Whether the test succeeds: rc 0 is true, 1 is false, anything else did not say. */
export const holds = (sh: string, options?: ReadOptions): Read<boolean> =>
  read(
    sh,
    answer => {
      if (answer.rc > 1) throw new NotObserved(answer)
      return answer.rc === 0
    },
    options,
  )
