import { NotObserved } from '../core/failure.js'
import { given } from '../core/given.js'
import { all, type Change, defineModule, type Plan, type Probe, type Read } from '../core/module.js'
import { holds, read, text } from '../core/read.js'
import { sh } from '../shell/quote.js'
import { merged } from './lib/data.js'
import { type FileSeen, textFile } from './lib/file.js'
import { escapeField, type FstabEntry, unescapeField, withEntry, withoutEntry } from './lib/fstab.js'
import * as schema from './lib/schema.js'
import { applyWrite, type WriteFile, writeFile } from './lib/write.js'
import { fileAt, treeAt } from './lib/writes.js'

interface Params {
  readonly path: string
  readonly src?: string
  readonly fstype?: string
  readonly opts: string
  readonly dump: string
  readonly passno: string
  readonly state: 'absent' | 'absent_from_fstab' | 'ephemeral' | 'mounted' | 'present' | 'remounted' | 'unmounted'
  readonly fstab: string
  readonly boot: boolean
  readonly backup: boolean
}

interface Live {
  readonly source: string
  readonly fstype: string
  readonly opts: string
}

interface Seen {
  readonly fstab: FileSeen
  /** What is mounted there, the topmost last; none where nothing is. */
  readonly live: readonly Live[]
  readonly folder: boolean
}

type Mount = WriteFile | (Change & { readonly kind: 'mkdir' | 'rmdir' | 'mount' | 'remount' | 'unmount' })

/** A file system and its place, now and at boot. Semantics: Ansible's `mount` (ansible.posix). Source: fstab(5), mount(8). */
export const mount = defineModule<Params, Seen, Mount>({
  name: 'mount',
  kind: ({ state }) => (state === 'remounted' ? 'action' : 'state'),
  verify: 'strict',
  doc: `Mounts a file system, and has it mounted at boot.

\`mounted\` is both; \`present\` only writes fstab; \`ephemeral\` only mounts. \`unmounted\` leaves fstab alone; \`absent\` takes the entry out,
unmounts, and removes the empty folder.`,
  params: schema.object(
    {
      path: schema.path('The place; `none` for swap.', { aliases: ['name'] }),
      src: schema.str('The device, the share, or the folder to bind.', { examples: ['UUID=…', '/dev/sdb1', 'tmpfs'] }),
      fstype: schema.str('The kind of file system.', { examples: ['ext4', 'tmpfs', 'none'] }),
      opts: schema.str('Options.', { default: 'defaults', examples: ['noatime', 'bind'] }),
      dump: schema.str('The fifth field of fstab.', { default: '0' }),
      passno: schema.str('The order in which file systems are checked at boot.', { default: '0' }),
      state: schema.oneOf('What is to be.', [
        'absent',
        'absent_from_fstab',
        'ephemeral',
        'mounted',
        'present',
        'remounted',
        'unmounted',
      ]),
      fstab: schema.path('The table.', { default: '/etc/fstab' }),
      boot: schema.bool('Mount it at boot.', true),
      backup: schema.backup,
    },
    ['path', 'state'],
    { allOf: [schema.whenever('state', ['mounted', 'present', 'ephemeral'], { required: ['src', 'fstype'] })] },
  ),
  examples: `
- name: A disk for containers
  mount:
    path: /var/lib/containerd
    src: /dev/disk/by-label/containers
    fstype: ext4
    opts: noatime
    state: mounted
`,

  edits: true,
  // `none` is no place.
  writes: ({ path, fstab, state }, seen) => [
    ...fileAt(fstab, seen?.fstab),
    ...(state === 'present' || state === 'absent_from_fstab'
      ? []
      : ['/proc/', ...(path.startsWith('/') ? [treeAt(path)] : [])]),
  ],
  probe: ({ path, fstab }): Probe<Seen> =>
    all<Seen>({ fstab: textFile(fstab), live: liveAt(path), folder: isFolder(path) }),

  plan(params, seen): Plan<Mount> {
    const { path, state } = params
    const mounted = seen.live.length > 0
    const change = (kind: 'mkdir' | 'rmdir' | 'mount' | 'remount' | 'unmount', what: string): Mount => ({
      kind,
      summary: `${path}: ${what}`,
    })
    const written = tableChanges(params, seen.fstab)
    const folder = seen.folder ? [] : [change('mkdir', 'new directory')]
    switch (state) {
      case 'present':
        return { changes: written }
      case 'absent_from_fstab':
        return { changes: written }
      case 'mounted':
        if (!mounted) return { changes: [...written, ...folder, change('mount', 'mounted')] }
        return { changes: written.length === 0 ? [] : [...written, change('remount', 'mounted anew')] }
      case 'ephemeral':
        return { changes: mounted ? [] : [...folder, change('mount', 'mounted')] }
      case 'remounted':
        return mounted ? { changes: [change('remount', 'mounted anew')] } : { needs: `a mount at ${path}` }
      case 'unmounted':
        return { changes: mounted ? [change('unmount', 'unmounted')] : [] }
      case 'absent':
        return {
          changes: [
            ...written,
            ...(mounted ? [change('unmount', 'unmounted')] : []),
            ...(seen.folder ? [change('rmdir', 'directory removed')] : []),
          ],
        }
    }
  },

  async apply(change, params, host) {
    const { path, fstab, state } = params
    switch (change.kind) {
      case 'write': {
        const copy = await applyWrite(host, change)
        return copy === undefined ? undefined : { backup_file: copy }
      }
      case 'mkdir':
        return void (await host.run(['mkdir', '-p', '--', path]))
      case 'rmdir':
        return void (await host.run(['rmdir', '--', path]))
      case 'mount':
        return void (await host.run(state === 'ephemeral' ? byHand(params) : ['mount', ...table(fstab), path]))
      case 'remount':
        return void (await host.run(['mount', ...table(fstab), '-o', 'remount', path]))
      case 'unmount':
        return void (await host.run(['umount', path]))
    }
  },

  value: ({ path, src, fstype, opts, dump, passno, fstab, boot }, _seen, applied) => ({
    name: path,
    ...given({ src, fstype }),
    opts,
    dump,
    passno,
    fstab,
    boot: boot ? 'yes' : 'no',
    ...merged(applied),
  }),
})

const table = (fstab: string): readonly string[] => (fstab === '/etc/fstab' ? [] : ['-T', fstab])

const byHand = ({ fstype, opts, src, path }: Params): readonly string[] => [
  'mount',
  '-t',
  fstype ?? '',
  '-o',
  opts,
  src ?? '',
  path,
]

/** The topmost is the last line. Blanks in paths are written as octal numbers. */
const liveAt = (path: string): Read<readonly Live[]> =>
  read(sh`grep -F -e ${` ${escapeField(path)} `} /proc/self/mountinfo || [ $? = 1 ]`, raw => {
    if (raw.rc !== 0) throw new NotObserved(raw)
    return text(raw.stdout)
      .split('\n')
      .map(line => line.split(' '))
      .filter(fields => unescapeField(fields[4] ?? '') === path)
      .map(fields => {
        const [fstype = '', source = ''] = fields.slice(fields.indexOf('-') + 1)
        return { source: unescapeField(source), fstype, opts: fields[5] ?? '' }
      })
  })

const isFolder = (path: string): Read<boolean> => holds(sh`[ -d ${path} ]`)

const tableChanges = (params: Params, fstab: FileSeen): readonly WriteFile[] => {
  const { path, state, src, fstype, opts, dump, passno, boot, backup } = params
  if (state === 'ephemeral' || state === 'unmounted' || state === 'remounted') return []
  const before = fstab.text ?? ''
  const entry: FstabEntry = {
    src: src ?? '',
    path,
    fstype: fstype ?? '',
    opts: boot ? opts : noAuto(opts),
    dump,
    passno,
  }
  const after =
    state === 'mounted' || state === 'present'
      ? withEntry(before, entry)
      : withoutEntry(before, { path, ...given({ src }) })
  return after === before
    ? []
    : [writeFile(fstab, after, { backup, what: `${path} ${after.length < before.length ? 'removed' : 'set'}` })]
}

const noAuto = (opts: string): string => (opts.split(',').includes('noauto') ? opts : `${opts},noauto`)
