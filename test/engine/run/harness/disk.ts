import type { FakeAnswer } from '../../../../engine/transport/fake.js'

/** A host of these tests: settings by name, and what was done to them. */
export interface Disk {
  readonly settings: Map<string, string>
  /** `set` has no effect on these: something else changes them back. */
  readonly stubborn: Set<string>
  readonly log: string[]
  readonly notified: Set<string>
  /** Whose the handlers are that an earlier run notified. */
  owner: string
}

/** What a host answers to a job of the modules of these tests, and to those of the engine itself. */
export const answer = (
  disk: Disk,
  job: string,
  env: { readonly [name: string]: string } = {},
): FakeAnswer | undefined => {
  const [word, key = '', ...rest] = job.split(' ')
  switch (word) {
    case 'get':
      return { stdout: disk.settings.get(key) ?? '' }
    case 'set':
      disk.log.push(job)
      if (!disk.stubborn.has(key)) disk.settings.set(key, rest.join(' '))
      return {}
    case 'act':
      disk.log.push(job)
      if (key === 'fail') return { rc: 3, stderr: 'it does not work' }
      if (key === 'flaky') {
        disk.settings.set('tries', `${Number(disk.settings.get('tries') ?? 0) + 1}`)
        return { rc: Number(disk.settings.get('tries')) < 3 ? 1 : 0 }
      }
      return { stdout: `${key} done ${Object.values(env).join(' ')}`.trim() }
    default:
      return own(disk, job)
  }
}

/** The engine's own jobs: what an earlier run left, and notifications. */
const own = (disk: Disk, job: string): FakeAnswer | undefined => {
  const names = [...job.matchAll(/'\.\/([^'@]+)@[^']+'/g)].map(match => decodeURIComponent(match[1] ?? ''))
  if (job.includes('systemd/transient/tkplay-')) {
    const owed = [...disk.notified].map(
      name => `notified ${encodeURIComponent(name)} ${encodeURIComponent(disk.owner)}\0`,
    )
    return { stdout: ['folder /var/lib/tkplay/notified\0', ...owed].join('') }
  }
  if (job.includes('mkdir -p "$d"')) for (const name of names) disk.notified.add(name)
  else if (job.includes('rm -f')) for (const name of names) disk.notified.delete(name)
  else return undefined
  disk.log.push(`${job.includes('mkdir -p "$d"') ? 'remember' : 'forget'} ${names.join(',')}`)
  return {}
}
