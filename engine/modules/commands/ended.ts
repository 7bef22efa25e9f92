import type { Raw } from '../../core/module.js'
import { text } from '../../core/read.js'

/**
 * Shell text around a command that tells apart what `$?` alone does not: 137 as an exit code, and the end by SIGKILL. A shell says
 * «Killed» of the second, on its own standard error, which is kept from the command's; bash says nothing within `$(…)`, and so this is a
 * pipe. No shell says it of SIGINT and SIGPIPE, and bash not of SIGTERM. A command that ends the shell around it leaves no code: 137.
 * @param line a whole command, with all quotes closed
 */
export const tellingSignals = (line: string): string =>
  `{ { ( ${line} ) 1>&3 2>&4 3>&- 4>&-; printf '\\n%s\\n' "$?"; } 2>&1 | {
tk_r= tk_k=
while IFS= read -r tk_l; do case $tk_l in '') ;; *[!0-9]*) tk_k=1 ;; *) tk_r=$tk_l ;; esac; done
[ -z "$tk_k" ] || printf '\\0killed' >&4
exit "\${tk_r:-137}"; }; } 3>&1 4>&2`

/** How it ended, in Python's words: the number of a signal is below zero. */
export const ended = ({ rc, stdout, stderr }: Raw): Raw => {
  const said = text(stderr)
  if (!said.endsWith('\0killed')) return { rc, stdout, stderr }
  const own = stderr.subarray(0, stderr.length - '\0killed'.length)
  return { rc: rc > 128 ? 128 - rc : rc, stdout, stderr: own }
}

/** dash, bash and busybox of what `exec` cannot start; bash says it twice of a folder. */
const unstartable =
  /^[^\n]*?sh: (?:exec: )?(?:line )?\d+: (?:exec: )?([^\n]*?): (?:cannot execute: )?(not found|No such file or directory|required file not found|Permission denied|Is a directory)$/

/** Why the program could not be started at all: its name, and the error's number as Python knows it. Undefined where it did start. */
export const startFailure = (
  { rc, stdout, stderr }: Raw,
  program: string | undefined,
): { readonly program: string; readonly errno: number } | undefined => {
  if ((rc !== 126 && rc !== 127) || stdout.length > 0) return undefined
  const found = text(stderr)
    .trimEnd()
    .split('\n')
    .map(line => unstartable.exec(line))
  const [, name = '', why = ''] = found[0] ?? []
  if (found.includes(null) || (program !== undefined && name !== program)) return undefined
  return { program: name, errno: /denied|directory$/.test(why) && !/^No such/.test(why) ? 13 : 2 }
}

/** A shell's own words for what it cannot start name `exec` where the text had none. */
export const withoutExec = (stderr: string): string =>
  stderr.replace(/^(\S*sh: )(?:exec: )?((?:line )?\d+: )(?:exec: )?/, '$1$2')
