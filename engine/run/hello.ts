import { createHash } from 'node:crypto'
import type { Read } from '../core/module.js'
import { read, text } from '../core/read.js'

/** What an earlier, perhaps killed, run left on the host. */
export interface Left {
  /** Transient units that still run: a long apply whose client was lost. */
  readonly units: readonly string[]
  /** Handlers that were notified and did not run, and the folder in which that is written down. */
  readonly notified: readonly string[]
  readonly folder: string
}

/** Root's is machine-wide; a user who may not write there keeps their own. */
const chooseDir = 'd=/var/lib/tkplay/notified; [ -w /var/lib ] || d=$HOME/.local/state/tkplay/notified'

/** Read with the first batch on every host; looks at files only, so it costs no process. Each answer ends with NUL, which no name can hold. */
export const left: Read<Left> = read(
  [
    'for f in /run/systemd/transient/tkplay-*.service; do [ -e "$f" ] && printf "unit %s\\0" "${f##*/}"; done',
    chooseDir,
    'printf "folder %s\\0" "$d"',
    'for f in "$d"/*; do [ -f "$f" ] || continue; n=; read -r n <"$f"; printf "notified %s\\0" "${n:-${f##*/}}"; done',
    ':',
  ].join('\n'),
  answer => {
    const records = text(answer.stdout).split('\0')
    const of = (word: string): readonly string[] =>
      records.filter(record => record.startsWith(`${word} `)).map(record => record.slice(word.length + 1))
    return { units: of('unit').filter(isUnit), notified: of('notified').flatMap(nameOf), folder: of('folder')[0] ?? '' }
  },
)

/** Of its name paths are made. */
const isUnit = (name: string): boolean => /^tkplay-[\w:.@-]+\.service$/.test(name)

/** What somebody else put there is no name of a handler, and no reason to fail. */
const nameOf = (text: string): readonly string[] => {
  try {
    return [decodeURIComponent(text)]
  } catch {
    return []
  }
}

/** Written before the apply that notifies, so that a killed run's handlers run next time. */
export const rememberScript = (handlers: readonly string[]): string =>
  `umask 077; ${chooseDir}; { mkdir -p "$d" && cd "$d"${handlers.map(written).join('')}; } || { printf '%s\n' "${noPlace} $d" >&2; exit 1; }`

/** What a user without a home folder is told by. */
export const noPlace = 'no place for the notes of handlers to run:'

export const forgetScript = (handlers: readonly string[]): string =>
  `${chooseDir}; cd "$d" 2>/dev/null || exit 0; rm -f ${handlers.map(fileOf).join(' ')}; cd /; rmdir "$d" 2>/dev/null; :`

const written = (handler: string): string =>
  isShort(handler) ? ` && touch ${fileOf(handler)}` : ` && echo '${encoded(handler)}' >${fileOf(handler)}`

const fileOf = (handler: string): string => `'./${fileNameOf(handler)}'`

/** The file that says of a handler that it is owed. */
export const fileNameOf = (handler: string): string => (isShort(handler) ? encoded(handler) : digest(handler))

/** What a file's name can hold; a longer one stands in its file. */
const isShort = (handler: string): boolean => encoded(handler).length <= 250

const digest = (handler: string): string => createHash('sha256').update(handler).digest('hex')

/** Only characters that need no quoting; and no leading dot, since `*` does not find such files. */
const encoded = (handler: string): string => encodeURIComponent(handler).replaceAll("'", '%27').replace(/^\./, '%2E')
