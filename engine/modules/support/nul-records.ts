import { NotObserved } from '../../core/failure.js'
import type { Raw } from '../../core/module.js'

/**
 * Records that a read prints, each ended by NUL: the one byte that no name, no path and no link can hold. A local user chooses
 * names, so a record that ended by newline could be forged by a file whose name holds one.
 */
export interface NulRecord {
  /** Up to the first space. */
  readonly word: string
  /** All behind it, with newlines and backslashes as they are. */
  readonly value: string
}

/**
 * @throws NotObserved for an answer that ends within a record, and for one that is not UTF-8: as text such a name would be another
 * name, and changes would go to that
 */
export const nulRecords = (raw: Raw): readonly NulRecord[] => {
  const parts = utf8(raw, raw.stdout).split('\0')
  if (parts.pop() !== '') throw new NotObserved(raw, 'the answer is cut short')
  return parts.map(part => {
    const space = part.indexOf(' ')
    return space === -1 ? { word: part, value: '' } : { word: part.slice(0, space), value: part.slice(space + 1) }
  })
}

/** The value of the first record of this word. */
export const recordOf = (records: readonly NulRecord[], word: string): string | undefined =>
  records.find(record => record.word === word)?.value

/** @throws NotObserved where the bytes are not UTF-8 */
export const utf8 = (raw: Raw, bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new NotObserved(raw, 'a name there is not UTF-8: rename that file, or leave it out')
  }
}

/**
 * Shell text: sets `$r` to where a path leads in the end, links resolved; empty where that cannot be told. Command substitution
 * alone would cut newlines off the end of a name. A link to a name beneath itself has readlink(1) go on for hours where the kernel says
 * at once that it leads nowhere: the kernel is asked first.
 *
 * @param word a shell word, quoted
 */
export const resolved = (word: string): string =>
  `r=; if [ -e ${word} ] || case $(LC_ALL=C stat -L -- ${word} 2>&1) in *'No such file or directory') ;; *) false ;; esac; then r=$(readlink -f -- ${word} && printf x) && r=\${r%?x} || r=; fi`
