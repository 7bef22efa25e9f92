import fc from 'fast-check'
import { type Entry, file } from '../world.js'

/** Names that shells, printf, find and records take for their own, and paths as long as the kernel takes them: a backup's name is 26 longer. */
const oddNames = [
  'a',
  'b c',
  'back\\slash',
  'a\\nb',
  'new\nline',
  '-rf',
  '--',
  'é日',
  'it\'s "$x" `y`',
  '%s%n',
  '*',
  ' lead and trail ',
  'tab\tx',
  '#x',
  '~kim',
  'x'.repeat(225),
  `${`${'d'.repeat(250)}/`.repeat(15)}f`,
] as const

export const texts = [
  '',
  'alpha\n',
  'alpha\nbeta\ngamma\n',
  'no newline at its end',
  'alpha\n# foreign 1\nbeta\n# foreign 2\n',
  '# foreign 1\r\nalpha\r\n',
  'é日\n\n\n# foreign 1\n',
  'back\\slash\\n\n\tindented\n',
] as const

export const text = fc.constantFrom(...texts)

/** Parameters of which each may be left out. */
export const optionally = <T extends { readonly [name: string]: fc.Arbitrary<unknown> }>(
  model: T,
): fc.Arbitrary<{ [K in keyof T]?: T[K] extends fc.Arbitrary<infer V> ? V : never }> =>
  fc.record(model, { requiredKeys: [] }) as never

const mode = fc.constantFrom('0644', '0600', '0755', '4755', '1777', '0', 'u=rwX,go=rX', '+x', 'g-w,o=', 'u+s')
const owner = fc.constantFrom('root', 'kim', '1000')
export const attributes = { mode, owner, group: fc.constantFrom('root', 'kim', '0') }

/** Who is known on the model. */
export const people: readonly Entry[] = [
  file('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nkim:x:1000:1000:Kim:/home/kim:/bin/sh\n'),
  file('/etc/group', 'root:x:0:\nkim:x:1000:\n'),
]

export interface Tree {
  readonly world: readonly Entry[]
  /** Places to speak of: of some there is something, of others nothing. */
  readonly paths: readonly string[]
}

/** Three names in a folder, and what is there of each: nothing, a file, a folder with a file in it, or a link. */
export const tree: fc.Arbitrary<Tree> = fc
  .uniqueArray(fc.constantFrom(...oddNames), { minLength: 3, maxLength: 3 })
  .chain(names => {
    const paths = names.map(name => `/srv/${name}`)
    const below = paths.map(path => `${path}/below`)
    const target = fc.constantFrom(...paths, ...names, 'nowhere', '/srv/nowhere/at all')
    return fc.tuple(...paths.map(path => thing(path, target))).map(found => {
      const world = found.flat()
      return { world: [...people, ...world], paths: [...paths, ...below] }
    })
  })

/** Also what the tree that is copied has: a file where a folder is to be. */
const inside = fc.constantFrom('below', 'below', 'folder', 'one', 'tree', 'sub folder')

const thing = (path: string, target: fc.Arbitrary<string>): fc.Arbitrary<readonly Entry[]> =>
  fc.oneof(
    fc.constant([]),
    fc
      .record({ text, mode: fc.constantFrom(0o644, 0o600, 0o4755), uid: fc.constantFrom(0, 1000) })
      .map(one => [file(path, one.text, one)]),
    fc
      .record({ text, mode: fc.constantFrom(0o755, 0o700), inside })
      .map(one => [
        { kind: 'folder' as const, path, mode: one.mode },
        one.inside === 'folder'
          ? { kind: 'folder' as const, path: `${path}/below` }
          : file(`${path}/${one.inside}`, one.text),
      ]),
    fc.constant([{ kind: 'folder' as const, path }]),
    target.map(to => [{ kind: 'link' as const, path, to }]),
  )
