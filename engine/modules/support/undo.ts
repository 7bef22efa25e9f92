import { ApplyFailed } from '../../core/failure.js'
import type { Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { text } from '../../core/read.js'

/** A file as it was; without a text it was not there. */
export interface Undo {
  readonly path: string
  readonly text?: string
}

/**
 * Does what an earlier change of the step was written for. Where that fails, the files are put back: an entry that cannot be used would
 * be in the way at the next boot, or of who comes after.
 * @throws ApplyFailed, with a word on its stderr for what could not be put back
 */
export const orUndo = async <T>(host: Session, undo: readonly Undo[], work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApplyFailed) || undo.length === 0) throw error
    const left = await putBack(host, undo)
    if (left.length === 0) throw error
    const stderr = `${text(error.raw.stderr).trimEnd()}\nalso, ${left.join(' and ')} could not be put back\n`
    throw new ApplyFailed(error.command, { ...error.raw, stderr: new TextEncoder().encode(stderr) }, moreOf(error))
  }
}

/** What the failure has beside its command and its answer. */
const moreOf = ({ failure }: ApplyFailed): ConstructorParameters<typeof ApplyFailed>[2] => {
  if (failure.kind !== 'apply-failed') return {}
  const { diagnosis, secret, result } = failure
  return omitUndefined({ diagnosis, secret, result })
}

/** @returns the files with which it did not go */
const putBack = async (host: Session, undo: readonly Undo[]): Promise<readonly string[]> => {
  const left: string[] = []
  for (const { path, text } of undo.toReversed()) {
    try {
      await (text === undefined ? host.run(['rm', '-f', '--', path]) : host.put(path, text))
    } catch (error) {
      if (!(error instanceof ApplyFailed)) throw error
      left.push(path)
    }
  }
  return left
}

export const undoOf = (path: string, text: string | undefined): Undo => ({ path, ...omitUndefined({ text }) })
