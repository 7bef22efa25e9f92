import type { PutOptions } from '../../core/module.js'
import { sh } from '../../shell/quote.js'
import { safePath } from '../../shell/safe-path.js'
import { backup, inPlace, ownership, replace, temporary, unchanged } from '../../shell/safe-write.js'

/**
 * Writes standard input to a file so that a reader sees the old text or the new one, never half of it: a temporary file in the same folder
 * is root's alone until it is whole, then takes over the owner and mode, is synced, and is moved over the target. In a folder that another
 * user can change, all of that happens out of their reach. Prints the backup's path if one was made.
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

/** `visudo -cf %s`: the words around `%s` are the author's shell text, the path is ours. */
const validateCommand = (template: string): string => template.replaceAll('%s', '"$shown"')
