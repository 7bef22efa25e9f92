import type { PutOptions } from '../../core/module.js'
import { sh } from '../../shell/quote.js'
import { safePath } from '../../shell/safe-path.js'
import { backup, inPlace, ownership, replace, temporary, unchanged } from '../../shell/safe-write.js'

/**
 * Writes standard input to a file atomically: readers see the old text or the new one. A temporary file in the same
 * folder is private until it is complete, then gets owner and mode, is synced, and replaces the target. In a folder
 * that another user can change, all of this happens in a folder of root's. Prints the path of the backup, if one was
 * made.
 */
export const putScript = (path: string, options: PutOptions): string =>
  [
    safePath,
    'set -e; umask 077; make= kept=',
    sh`tk_at ${path} ${options.follow === true ? 'follow' : ''}; p=${path}`,
    temporary,
    ...(options.was === undefined ? [] : [sh`was=${options.was}`, unchanged]),
    'cat >"$t"',
    ownership(options),
    ...(options.validate === undefined ? [] : [`${validateCommand(options.validate)} >&2`]),
    ...(options.backup === true ? [backup, `[ -z "$kept" ] || printf '%s\\n' "$kept"`] : []),
    options.inPlace === true ? inPlace(options) : replace,
  ].join('\n')

/** `visudo -cf %s`: the command is shell text of the user, the path is inserted in quotes. */
const validateCommand = (template: string): string => template.replaceAll('%s', '"$shown"')
