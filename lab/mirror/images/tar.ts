/** One member of an archive. Paths are relative, without a leading slash; `body` is content, or the path of a file that has it. */
export type TarEntry =
  | {
      readonly kind: 'file'
      readonly path: string
      readonly mode: number
      readonly uid?: number
      readonly body: Uint8Array | string
    }
  | { readonly kind: 'folder'; readonly path: string; readonly mode?: number; readonly uid?: number }
  | { readonly kind: 'symlink' | 'hardlink'; readonly path: string; readonly target: string }

const BLOCK = 512
const TYPE = { file: '0', hardlink: '1', symlink: '2', folder: '5' } as const

/** The header block of a POSIX ustar member. Times and owners' names are constant: equal content makes an equal archive. */
export function tarHeader(entry: TarEntry, size: number): Uint8Array {
  const block = Buffer.alloc(BLOCK)
  const [prefix, name] = splitPath(entry.kind === 'folder' ? `${entry.path}/` : entry.path)
  const mode = entry.kind === 'file' ? entry.mode : entry.kind === 'folder' ? (entry.mode ?? 0o755) : 0o777
  const uid = 'uid' in entry ? (entry.uid ?? 0) : 0
  const link = 'target' in entry ? entry.target : ''
  if (Buffer.byteLength(link) > 100) throw new RangeError(`link target too long for ustar: ${link}`)
  block.write(name, 0, 100)
  block.write(octal(mode, 8), 100)
  block.write(octal(uid, 8), 108)
  block.write(octal(uid, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.write(' '.repeat(8), 148)
  block.write(TYPE[entry.kind], 156)
  block.write(link, 157, 100)
  block.write('ustar\u000000', 257)
  block.write(prefix, 345, 155)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** The zeros after a body of this size. */
export const tarPadding = (size: number): Uint8Array => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)

/** The zeros that end an archive. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK)

/** The entries in order of path, with the folders that they lie in: what unpacks them may not make folders by itself. */
export function withFolders(entries: readonly TarEntry[]): readonly TarEntry[] {
  const all = new Map<string, TarEntry>()
  for (const { path } of entries) {
    const parts = path.split('/').slice(0, -1)
    for (let i = 1; i <= parts.length; i++) {
      const folder = parts.slice(0, i).join('/')
      all.set(folder, { kind: 'folder', path: folder })
    }
  }
  for (const entry of entries) all.set(entry.path, entry)
  return [...all.values()].sort(byPath)
}

/** A hard link comes after everything else: its target has to exist. */
const byPath = (a: TarEntry, b: TarEntry): number =>
  Number(a.kind === 'hardlink') - Number(b.kind === 'hardlink') || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`

function splitPath(path: string): readonly [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ['', path]
  for (let cut = path.indexOf('/'); cut > 0; cut = path.indexOf('/', cut + 1)) {
    const name = path.slice(cut + 1)
    if (name !== '' && Buffer.byteLength(name) <= 100 && cut <= 155) return [path.slice(0, cut), name]
  }
  throw new RangeError(`path too long for ustar: ${path}`)
}
