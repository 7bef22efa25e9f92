import { NotObserved } from '../../core/failure.js'
import type { Raw } from '../../core/module.js'
import { text } from '../../core/read.js'

/**
 * Several answers in one: a read that prints a NUL byte between what it looked at costs one subshell instead of one each.
 * Neither text files nor what commands print hold that byte.
 * @throws NotObserved when the shell text failed, or ended before its last part
 */
export const nulSeparated = (raw: Raw, count: number): readonly string[] => {
  if (raw.rc !== 0) throw new NotObserved(raw)
  const all = text(raw.stdout).split('\0')
  if (all.length < count) throw new NotObserved(raw, 'the answer is cut short')
  return all
}

/**
 * The shell text that prints a file after a `=`, or nothing where there is no such file; an unreadable one fails. A NUL byte, which would
 * end the part, shows as one that is no UTF-8.
 */
export const catIfThere = (quotedPath: string): string =>
  `if [ -d ${quotedPath} ]; then printf '%s: Is a directory\\n' ${quotedPath} >&2; exit 1
elif [ -e ${quotedPath} ]; then printf = && tr '\\000' '\\377' <${quotedPath} || exit 1; fi`

/** What `catIfThere` printed. */
export const contents = (part: string | undefined): string | undefined =>
  part?.startsWith('=') === true ? part.slice(1) : undefined

/** Whether bytes were lost when it was read: as what is no UTF-8 is shown. Written back, the file would be another. */
export const isDamaged = (text: string | undefined): boolean => text?.includes('\ufffd') === true
