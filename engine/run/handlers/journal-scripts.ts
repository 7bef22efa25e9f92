import { createHash } from 'node:crypto'
import type { Read } from '../../core/module.js'
import { read, text } from '../../core/read.js'

/** What an earlier run, perhaps a killed one, left on the host. */
export interface Leftovers {
  /** Transient units that are still running: long commands whose client was lost. */
  readonly units: readonly string[]
  /** Notifications whose handlers did not run, and the folder of their notes. */
  readonly notified: readonly Note[]
  readonly folder: string
}

/** A notification as stored on the host. */
export interface Note {
  readonly name: string
  /**
   * The owner of the handler: `role NAME`, or the playbook. A handler of the same name in another playbook was not
   * notified.
   */
  readonly owner: string
}

/** Root's folder is for the whole machine; a user who may not write there has one at home. */
const chooseDir = 'd=/var/lib/tkplay/notified; [ -w /var/lib ] || d=$HOME/.local/state/tkplay/notified'

/**
 * Read with the first batch on every host. The script uses builtins only, so it starts no process. Each record ends
 * with NUL, which no name can contain.
 */
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

/** Checked because paths are made from the name. */
const isUnit = (name: string): boolean => /^tkplay-[\w:.@-]+\.service$/.test(name)

/** Files of other programs are ignored. */
const noteOf = (text: string): readonly Note[] => {
  try {
    const [name = '', owner = ''] = text.split(' ').map(decodeURIComponent)
    return name === '' ? [] : [{ name, owner }]
  } catch {
    return []
  }
}

/**
 * Writes notes. Run before the apply that notifies, so that the handlers of a killed run are run next time. Tried several times: another
 * run, or another name of this machine, removes the folder together with its last note.
 */
export const rememberScript = (notes: readonly Note[]): string =>
  [
    `umask 077; ${chooseDir}`,
    `for try in 1 2 3 4 5; do said=$({ mkdir -p "$d" && cd "$d"${notes.map(written).join('')}; } 2>&1) && exit 0; done`,
    `printf '%s\n' "$said" "${noNotesFolder} $d" >&2; exit 1`,
  ].join('; ')

/** The error where a user has no folder to write to. */
export const noNotesFolder = 'no place for the notes of handlers to run:'

export const forgetScript = (notes: readonly Note[]): string =>
  `${chooseDir}; cd "$d" 2>/dev/null || exit 0; rm -f ${notes.map(fileOf).join(' ')}; cd /; rmdir "$d" 2>/dev/null; :`

const written = (note: Note): string =>
  ` && printf '%s\\n' '${encoded(note.name)}' '${encoded(note.owner)}' >${fileOf(note)}`

const fileOf = (note: Note): string => `'./${fileNameOf(note)}'`

/** The file of a notification: a readable beginning, and a hash that makes it unique. */
export const fileNameOf = ({ name, owner }: Note): string =>
  `${encoded(name).slice(0, 150)}@${createHash('sha256').update(`${name}\0${owner}`).digest('hex').slice(0, 16)}`

/** Only characters that need no quoting, and no leading dot, since `*` does not match such files. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27').replace(/^\./, '%2E')
