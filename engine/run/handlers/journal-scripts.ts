import { createHash } from 'node:crypto'
import type { Read } from '../../core/module.js'
import { read, text } from '../../core/read.js'

/** What an earlier, perhaps killed, run left on the host. */
export interface Leftovers {
  /** Transient units that still run: a long apply whose client was lost. */
  readonly units: readonly string[]
  /** Notifications whose handlers did not run, and the folder in which that is written down. */
  readonly notified: readonly Note[]
  readonly folder: string
}

/** A notification as it is written down on the host. */
export interface Note {
  readonly name: string
  /** Whose handler it means: `role NAME`, or the playbook. Another playbook may have a handler of that name, which was not notified. */
  readonly owner: string
}

/** Root's is machine-wide; a user who may not write there keeps their own. */
const chooseDir = 'd=/var/lib/tkplay/notified; [ -w /var/lib ] || d=$HOME/.local/state/tkplay/notified'

/** Read with the first batch on every host; looks at files only, so it costs no process. Each answer ends with NUL, which no name can hold. */
export const leftovers: Read<Leftovers> = read(
  [
    'for f in /run/systemd/transient/tkplay-*.service; do [ -e "$f" ] && printf "unit %s\\0" "${f##*/}"; done',
    chooseDir,
    'printf "folder %s\\0" "$d"',
    'for f in "$d"/*; do [ -f "$f" ] || continue; n= o=; { read -r n; read -r o; } <"$f"; printf "notified %s %s\\0" "$n" "$o"; done',
    ':',
  ].join('\n'),
  answer => {
    const records = text(answer.stdout).split('\0')
    const of = (word: string): readonly string[] =>
      records.filter(record => record.startsWith(`${word} `)).map(record => record.slice(word.length + 1))
    return { units: of('unit').filter(isUnit), notified: of('notified').flatMap(noteOf), folder: of('folder')[0] ?? '' }
  },
)

/** Of its name paths are made. */
const isUnit = (name: string): boolean => /^tkplay-[\w:.@-]+\.service$/.test(name)

/** What somebody else put there is no note, and no reason to fail. */
const noteOf = (text: string): readonly Note[] => {
  try {
    const [name = '', owner = ''] = text.split(' ').map(decodeURIComponent)
    return name === '' ? [] : [{ name, owner }]
  } catch {
    return []
  }
}

/** Written before the apply that notifies, so that a killed run's handlers run next time. */
export const rememberScript = (notes: readonly Note[]): string =>
  `umask 077; ${chooseDir}; { mkdir -p "$d" && cd "$d"${notes.map(written).join('')}; } || { printf '%s\n' "${noNotesFolder} $d" >&2; exit 1; }`

/** What a user without a home folder is told by. */
export const noNotesFolder = 'no place for the notes of handlers to run:'

export const forgetScript = (notes: readonly Note[]): string =>
  `${chooseDir}; cd "$d" 2>/dev/null || exit 0; rm -f ${notes.map(fileOf).join(' ')}; cd /; rmdir "$d" 2>/dev/null; :`

const written = (note: Note): string =>
  ` && printf '%s\\n' '${encoded(note.name)}' '${encoded(note.owner)}' >${fileOf(note)}`

const fileOf = (note: Note): string => `'./${fileNameOf(note)}'`

/** The file that says of a notification that its handlers are pending: what a name can hold, and is still told from another's. */
export const fileNameOf = ({ name, owner }: Note): string =>
  `${encoded(name).slice(0, 150)}@${createHash('sha256').update(`${name}\0${owner}`).digest('hex').slice(0, 16)}`

/** Only characters that need no quoting; and no leading dot, since `*` does not find such files. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27').replace(/^\./, '%2E')
