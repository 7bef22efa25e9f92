import { given } from '../core/given.js'
import { all, type Change, defineModule, type Plan, type Probe, type Session } from '../core/module.js'
import { command } from '../shell/quote.js'
import { foldersScript } from '../shell/safe-change.js'
import { field, merged } from './lib/data.js'
import { fileMessages } from './lib/edit.js'
import { type FileSeen, textFile } from './lib/file.js'
import { entryFor, type FstabEntry, isPlaceless, withEntry, withoutEntry } from './lib/fstab.js'
import { mountScript, rmdirScript, unmountScript } from './lib/mount-at.js'
import { type Mounted, mountedAt } from './lib/mounted.js'
import * as schema from './lib/schema.js'
import { orUndo, type Undo, undoOf } from './lib/undo.js'
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

interface Seen {
  readonly fstab: FileSeen
  readonly at: Mounted
}

type Mount =
  | WriteFile
  | (Change & { readonly kind: 'mkdir' | 'rmdir' })
  /** `undo`: the table as it was before this step wrote an entry that may turn out not to work. */
  | (Change & { readonly kind: 'unmount'; readonly layers: number; readonly undo?: Undo })
  | (Change & { readonly kind: 'mount' | 'remount'; readonly undo?: Undo })

/** A file system and its place, now and at boot. Semantics: Ansible's `mount` (ansible.posix). Source: fstab(5), mount(8). */
export const mount = defineModule<Params, Seen, Mount>({
  name: 'mount',
  kind: ({ state }) => (state === 'remounted' ? 'action' : 'state'),
  verify: 'strict',
  doc: `Mounts a file system, and has it mounted at boot.

\`mounted\` is both; \`present\` only writes fstab; \`ephemeral\` only mounts, and refuses a place with another source. \`unmounted\` leaves
fstab alone; \`absent\` unmounts, takes the entry out, and removes the empty folder. All that is mounted one on the other goes. Where mounting fails, fstab is as it was.`,
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
  probe: ({ path, fstab, src }): Probe<Seen> => all<Seen>({ fstab: textFile(fstab), at: mountedAt(path, src) }),

  plan(params, seen): Plan<Mount> {
    const { path, state } = params
    const { at, fstab } = seen
    const written = tableChanges(params, fstab)
    if (isPlaceless(path)) return { changes: written }
    const folder: Mount[] = at.folder || at.file ? [] : [{ kind: 'mkdir', summary: `${path}: new directory` }]
    const undo = written.length === 0 ? {} : { undo: undoOf(fstab.path, fstab.text) }
    const mounted: Mount = { kind: 'mount', summary: `${path}: mounted`, ...undo }
    const remounted: Mount = { kind: 'remount', summary: `${path}: mounted anew`, ...undo }
    const unmounted: Mount[] = at.layers === 0 ? [] : [unmount(path, at.layers)]
    switch (state) {
      case 'present':
      case 'absent_from_fstab':
        return { changes: written }
      case 'mounted': {
        if (at.layers === 0) return { changes: [...folder, ...written, mounted] }
        if (written.length === 0) return { changes: [] }
        // Mounting anew with other options would leave the old source where it is.
        const isOther = at.same === false && entryFor(fstab.text ?? '', params)?.src !== params.src
        return { changes: isOther ? [...written, { ...unmount(path, 1), ...undo }, mounted] : [...written, remounted] }
      }
      case 'ephemeral':
        if (at.same === false) return { refused: 'other-source', data: { path, source: at.source ?? '' } }
        return { changes: at.layers > 0 ? [] : [...folder, mounted] }
      case 'remounted':
        return at.layers > 0 ? { changes: [remounted] } : { needs: `a mount at ${path}` }
      case 'unmounted':
        return { changes: unmounted }
      case 'absent':
        // In this order each failure leaves what still agrees: a busy mount keeps its entry.
        return {
          changes: [
            ...unmounted,
            ...written,
            ...(at.folder ? [{ kind: 'rmdir' as const, summary: `${path}: directory removed` }] : []),
          ],
        }
    }
  },

  async apply(change, params, host) {
    const { path } = params
    const undo = 'undo' in change && change.undo !== undefined ? [change.undo] : []
    switch (change.kind) {
      case 'write': {
        const copy = await applyWrite(host, change)
        return copy === undefined ? undefined : { backup_file: copy }
      }
      case 'mkdir':
        return void (await host.shell(foldersScript(path, {}), { shown: `make the folder ${path}` }))
      case 'rmdir':
        return void (await host.shell(rmdirScript(path), { shown: `rmdir ${path}` }))
      case 'mount':
      case 'remount':
        return orUndo(host, undo, () => (change.kind === 'mount' ? mountThere(params, host) : remount(params, host)))
      case 'unmount':
        return orUndo(host, undo, async () => {
          for (let left = change.layers; left > 0; left--) await unmountThere(path, host)
        })
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

  messages: {
    codes: {
      ...fileMessages.codes,
      'other-source': data => ({
        what: `${field(data, 'path')} has another source mounted: ${field(data, 'source')}`,
        remedy: 'unmount it in an earlier task (`state: unmounted`), or take another place',
      }),
    },
  },
})

const unmount = (path: string, layers: number): Mount => ({
  kind: 'unmount',
  layers,
  summary: `${path}: unmounted${layers > 1 ? ` (${layers} layers)` : ''}`,
})

const table = (fstab: string): readonly string[] => (fstab === '/etc/fstab' ? [] : ['-T', fstab])

const mountThere = async (
  { state, fstab, fstype = '', opts, src = '', path }: Params,
  host: Session,
): Promise<void> => {
  const words = ['-t', fstype, '-o', opts, src]
  const byName = ['mount', ...(state === 'ephemeral' ? words : table(fstab)), path]
  await host.shell(mountScript(path, byName, ['mount', '-c', ...words]), { shown: command(byName) })
}

const unmountThere = async (path: string, host: Session): Promise<void> =>
  void (await host.shell(unmountScript(path), { shown: command(['umount', path]) }))

/** File systems that cannot change their options while they are mounted are unmounted for it, as in Ansible, save where options are told. */
const remount = async (params: Params, host: Session): Promise<void> => {
  const { state, fstab, opts, path } = params
  const told = state === 'remounted' && opts !== 'defaults'
  const byName = ['mount', ...table(fstab), '-o', told ? `remount,${opts}` : 'remount', path]
  const held = ['mount', '-c', '-o', `remount,${opts}`]
  const answer = await host.shell(mountScript(path, byName, held), { ok: told ? [0] : 'any', shown: command(byName) })
  if (answer.rc === 0) return
  await unmountThere(path, host)
  await mountThere(params, host)
}

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
  const isThere = state === 'mounted' || state === 'present'
  const after = isThere ? withEntry(before, entry) : withoutEntry(before, { path, ...given({ src }) })
  return after === before ? [] : [writeFile(fstab, after, { backup, what: `${path} ${isThere ? 'set' : 'removed'}` })]
}

const noAuto = (opts: string): string => (opts.split(',').includes('noauto') ? opts : `${opts},noauto`)
