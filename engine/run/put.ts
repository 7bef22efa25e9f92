import type { PutOptions } from '../core/module.js'
import { sh } from '../shell/quote.js'

/**
 * Writes standard input to a file so that a reader sees the old text or the new one, never half of it: a temporary file
 * beside the target takes over its mode and owner, is synced, and is moved over it. Prints the backup's path if one was made.
 */
export const putScript = (path: string, options: PutOptions): string =>
  [
    'set -e; umask 077',
    sh`p=${path}`,
    't=$(mktemp "$p.tkplay.XXXXXX")',
    `trap 'rm -f "$t"' EXIT`,
    'cat >"$t"',
    'if [ -e "$p" ]; then chown --reference="$p" "$t" 2>/dev/null || chown "$(stat -c %u:%g "$p")" "$t"',
    'chmod "$(stat -c %a "$p")" "$t"; else chmod 0644 "$t"; fi',
    ...(options.owner === undefined ? [] : [sh`chown ${options.owner} "$t"`]),
    ...(options.group === undefined ? [] : [sh`chgrp ${options.group} "$t"`]),
    ...(options.mode === undefined ? [] : [`chmod ${options.mode.toString(8).padStart(4, '0')} "$t"`]),
    ...(options.validate === undefined ? [] : [`${validateCommand(options.validate)} >&2`]),
    ...(options.backup === true
      ? ['if [ -e "$p" ]; then b="$p.$(date +%Y-%m-%d@%H:%M:%S)~"; cp -p "$p" "$b"; printf "%s\\n" "$b"; fi']
      : []),
    options.inPlace === true
      ? 'cat "$t" >"$p"; sync "$p" 2>/dev/null || :'
      : 'sync "$t" 2>/dev/null || :; mv -f "$t" "$p"',
  ].join('\n')

/** `visudo -cf %s`: the words around `%s` are the author's shell text, the path is ours. */
const validateCommand = (template: string): string => template.replaceAll('%s', '"$t"')
