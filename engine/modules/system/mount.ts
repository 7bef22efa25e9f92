import { posix } from 'node:path'
import { all, type Change, defineModule, type Plan, type Probe, type Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { command } from '../../shell/quote.js'
import { foldersScript } from '../../shell/safe-change.js'
import { fileMessages, noTextFile } from '../support/edit.js'
import { type FileSeen, textFile } from '../support/file-seen.js'
import { mergeResults } from '../support/merge-results.js'
import { field } from '../support/message-data.js'
import { needsFile } from '../support/needs.js'
import { barredRefusal } from '../support/path.js'
import * as schema from '../support/schema.js'
import { orUndo, type Undo, undoOf } from '../support/undo.js'
import { applyWrite, type WriteFile, writeFile } from '../support/write-file.js'
import { fileAt, treeAt } from '../support/writes.js'
import { entryFor, type FstabEntry, hasNoMountPoint, withEntry, withoutEntry } from './fstab.js'
import { mountScript, rmdirScript, unmountScript } from './mount-at.js'
import { type Mounted, mountedAt } from './mounted.js'

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
  | (Change & { readonly kind: 'mount'; readonly undo?: Undo })
  /** `table`: it is there to go by; `listed`: and it has an entry, by which what cannot change its options is mounted again. */
  | (Change & { readonly kind: 'remount'; readonly table: boolean; readonly listed: boolean; readonly undo?: Undo })

/** A file system and its mount point, now and at boot. Semantics: Ansible's `mount` (ansible.posix). Source: fstab(5), mount(8). */
export const mount = defineModule<Params, Seen, Mount>({
  name: 'mount',
  kind: ({ state }) => (state === 'remounted' ? 'action' : 'state'),
  verify: 'strict',
  doc: `Mounts a file system, and has it mounted at boot.

\`mounted\` is both; \`present\` only writes fstab; \`ephemeral\` only mounts, and refuses a mount point with another source. \`unmounted\` leaves
fstab alone; \`absent\` unmounts, takes the entry out, and removes the empty folder (a link stays, and so does the folder that it leads to). All that is mounted one on the other goes. Where mounting fails, fstab is as it was.`,
  params: schema.object(
    {
      path: schema.path('The mount point; `none` for swap.', { aliases: ['name'] }),
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

  parts: ({ path }) => [`mount ${path}`],
  // `none` is no mount point. What mount(8) itself remembers is below /run/mount.
  writes: ({ path, fstab, state }, seen) => [
    ...fileAt(fstab, seen?.fstab),
    ...(state === 'present' || state === 'absent_from_fstab'
      ? []
      : ['/proc/', '/run/mount/', ...new Set([path, seen?.at.real ?? path].filter(posix.isAbsolute).map(treeAt))]),
  ],
  probe: ({ path, fstab, src, state }): Probe<Seen> =>
    all<Seen>({ fstab: textFile(fstab), at: mountedAt(path, omitUndefined({ src, asksEmpty: state === 'absent' })) }),

  plan(params, seen): Plan<Mount> {
    const { path, state } = params
    const { at, fstab } = seen
    const written = tableChanges(params, fstab)
    const refusal = written.length > 0 ? noTextFile(fstab) : undefined
    if (refusal !== undefined) return refusal
    if (hasNoMountPoint(path)) return { changes: written }
    const folder: Mount[] = at.folder || at.file ? [] : [{ kind: 'mkdir', summary: `${path}: new directory` }]
    const undo = written.length === 0 ? {} : { undo: undoOf(fstab.path, fstab.text) }
    const mounted: Mount = { kind: 'mount', summary: `${path}: mounted`, ...undo }
    const table = fstab.stat !== undefined || written.length > 0
    const listed =
      written.length > 0 ||
      [path, at.real ?? path].some(name => entryFor(fstab.text ?? '', { path: name }) !== undefined)
    const remounted: Mount = { kind: 'remount', table, listed, summary: `${path}: mounted anew`, ...undo }
    const unmounted: Mount[] = at.layers === 0 ? [] : [unmount(path, at.layers)]
    switch (state) {
      case 'present':
      case 'absent_from_fstab':
        return { changes: written }
      case 'mounted': {
        if (at.layers === 0) return whyNot(params, at) ?? { changes: [...folder, ...written, mounted] }
        if (written.length === 0) return { changes: [] }
        // Mounting anew with other options would leave the old source where it is.
        const isOther = at.same === false && entryFor(fstab.text ?? '', params)?.src !== params.src
        if (!isOther) return { changes: [...written, remounted] }
        return whyNot(params, at) ?? { changes: [...written, { ...unmount(path, 1), ...undo }, mounted] }
      }
      case 'ephemeral':
        if (at.same === false) return { refused: 'other-source', data: { path, source: at.source ?? '' } }
        return at.layers > 0 ? { changes: [] } : (whyNot(params, at) ?? { changes: [...folder, mounted] })
      case 'remounted':
        return at.layers > 0 ? { changes: [remounted] } : { needs: `a mount at ${path}` }
      case 'unmounted':
        return { changes: unmounted }
      case 'absent':
        if (at.full === true && at.link !== true) return { refused: 'not-empty', data: { path } }
        // In this order each failure leaves what still agrees: a busy mount keeps its entry.
        return {
          changes: [
            ...unmounted,
            ...written,
            ...(at.folder && at.link !== true
              ? [{ kind: 'rmdir' as const, summary: `${path}: directory removed` }]
              : []),
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
        return orUndo(host, undo, () => mountThere(params, host))
      case 'remount':
        return orUndo(host, undo, () => remount(change, params, host))
      case 'unmount':
        return orUndo(host, undo, async () => {
          for (let left = change.layers; left > 0; left--) await unmountThere(path, host)
        })
    }
  },

  value: ({ path, src, fstype, opts, dump, passno, fstab, boot }, _seen, applied) => ({
    name: path,
    ...omitUndefined({ src, fstype }),
    opts,
    dump,
    passno,
    fstab,
    boot: boot ? 'yes' : 'no',
    ...mergeResults(applied),
  }),

  messages: {
    codes: {
      ...fileMessages.codes,
      'not-empty': data => ({
        what: `there is something in ${field(data, 'path')}, and only an empty folder is removed`,
        remedy:
          'set state: unmounted, and the folder stays; or remove it in an earlier task (`file` with state: absent)',
      }),
      'wrong-kind': data =>
        field(data, 'is') === 'file'
          ? {
              what: `${field(data, 'path')} is a file: only another file can be mounted there`,
              remedy: 'name a folder, or one that is not there yet',
            }
          : {
              what: `${field(data, 'path')} is a folder: a file cannot be mounted there`,
              remedy: 'name a file, or the folder that the file is in',
            },
      'other-source': data => ({
        what: `${field(data, 'path')} has another source mounted: ${field(data, 'source')}`,
        remedy: 'unmount it in an earlier task (`state: unmounted`), or take another mount point',
      }),
    },
  },
})

/** What mount(8) would fail at, when the folder was made already. */
const whyNot = (
  { path, src = '', fstype = '', opts }: Params,
  at: Mounted,
): Exclude<Plan<Mount>, { readonly changes: unknown }> | undefined => {
  if (at.barred !== undefined) return barredRefusal(at.barred)
  const isBind = opts.split(',').some(word => word === 'bind' || word === 'rbind')
  if (at.sourceKind === 'absent' && (isBind || onDevices.has(fstype)))
    return isBind ? { needs: `file or directory ${src}`, at: [treeAt(src)] } : { needs: `device ${src}`, at: [src] }
  const ofFile = isBind && at.sourceKind === 'other'
  if (ofFile && !at.file) return at.folder ? { refused: 'wrong-kind', data: { path, is: 'folder' } } : needsFile(path)
  return at.file && !ofFile ? { refused: 'wrong-kind', data: { path, is: 'file' } } : undefined
}

/** Kinds of file systems whose source, where it is a path, is a device or an image. */
const onDevices: ReadonlySet<string> = new Set(
  'btrfs erofs exfat ext2 ext3 ext4 f2fs iso9660 ntfs ntfs3 squashfs udf vfat xfs'.split(' '),
)

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

/**
 * File systems that cannot change their options while they are mounted are unmounted for it, as in Ansible, save where options are told, and where no
 * entry says how they are mounted again.
 */
const remount = async (
  { table: hasTable, listed }: { readonly table: boolean; readonly listed: boolean },
  params: Params,
  host: Session,
): Promise<void> => {
  const { state, fstab, opts, path } = params
  const told = state === 'remounted' && opts !== 'defaults'
  const byName = ['mount', ...(hasTable ? table(fstab) : []), '-o', told ? `remount,${opts}` : 'remount', path]
  const held = ['mount', '-c', '-o', `remount,${opts}`]
  const answer = await host.shell(mountScript(path, byName, held), {
    ok: told || !listed ? [0] : 'any',
    shown: command(byName),
  })
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
  const after = isThere ? withEntry(before, entry) : withoutEntry(before, { path, ...omitUndefined({ src }) })
  return after === before ? [] : [writeFile(fstab, after, { backup, what: `${path} ${isThere ? 'set' : 'removed'}` })]
}

const noAuto = (opts: string): string => (opts.split(',').includes('noauto') ? opts : `${opts},noauto`)
