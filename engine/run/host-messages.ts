import type { Messages } from '../core/messages.js'
import { noPlace } from './hello.js'

/** What any program may meet on a host, whatever it was to do. Asked last: a module knows its own programs better. */
export const hostMessages: Messages = {
  diagnose({ stdout, stderr }) {
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
      remedy: 'see in `dmesg` why, make it writable (`mount -o remount,rw`) and run again',
    }),
    'no-notes': () => ({
      what: 'which handlers it notifies cannot be written down on the host, so that a killed run would lose them',
      remedy: 'give the user a home folder to write to, or let the task become root',
    }),
  },
}

const patterns = [
  [/No space left on device|Disk quota exceeded/, 'disk-full'],
  [/Read-only file system/, 'disk-read-only'],
  [new RegExp(noPlace), 'no-notes'],
] as const
