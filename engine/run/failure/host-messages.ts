import type { Json } from '../../core/json.js'
import type { Messages } from '../../core/messages.js'
import { noNotesFolder } from '../handlers/journal-scripts.js'

/** Failures that any program may have on a host. These messages come last: a module knows its own programs better. */
export const hostMessages: Messages = {
  diagnose({ stdout, stderr }) {
    const foreign = /^tkplay: foreign path: (.*?): (.*)$/ms.exec(stderr)
    if (foreign !== null)
      return { code: 'foreign-path', data: { user: foreign[1] ?? '', path: (foreign[2] ?? '').trim() } }
    const special = /^tkplay: special file: (.*?): (.*)$/ms.exec(stderr)
    if (special !== null)
      return { code: 'special-file', data: { user: special[1] ?? '', path: (special[2] ?? '').trim() } }
    const changed = /^tkplay: changed meanwhile: (.*)$/ms.exec(stderr)?.[1]
    if (changed !== undefined) return { code: 'changed-meanwhile', data: { path: changed.trim() } }
    const code = patterns.find(([pattern]) => pattern.test(`${stderr}\n${stdout}`))?.[1]
    return code === undefined ? undefined : { code, data: {} }
  },
  codes: {
    'disk-full': () => ({
      what: 'there is no room left on the disk',
      remedy: 'free some (`df -h` and `df -i` show where it is short) and run again',
    }),
    'disk-read-only': () => ({
      what: 'the file system can only be read',
      remedy: 'look into `dmesg` for the reason, make it writable (`mount -o remount,rw`) and run again',
    }),
    'foreign-path': data => ({
      what: `${field(data, 'user')} can change what ${field(data, 'path')} leads to, and it leads away from what is theirs; root does not follow`,
      remedy: `do it as that user: become_user: ${field(data, 'user')}`,
    }),
    'special-file': data => ({
      what: `${field(data, 'path')} is a pipe, a socket or a device, in a folder of ${field(data, 'user')}; root copies none from there`,
      remedy: `remove it, or copy as that user: become_user: ${field(data, 'user')}`,
    }),
    'changed-meanwhile': data => ({
      what: `${field(data, 'path')} is another file than the one that was read; it stays as it is`,
      remedy: 'run again; if it happens again, do it as the user who owns the folder (become_user)',
    }),
    'no-notes': () => ({
      what: 'the notified handlers cannot be recorded on the host, so an interrupted run would lose them',
      remedy: 'give the user a home folder to write to, or let the task become root',
    }),
  },
}

const field = (data: Json, name: string): string => {
  const value = (data as { readonly [name: string]: Json })[name]
  return typeof value === 'string' ? value : ''
}

const patterns = [
  [/No space left on device|Disk quota exceeded/, 'disk-full'],
  [/Read-only file system/, 'disk-read-only'],
  [new RegExp(noNotesFolder), 'no-notes'],
] as const
