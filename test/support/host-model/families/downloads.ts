import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { JsonObject } from '../../../../engine/core/json.js'
import type { Family, Situation } from '../laws.js'
import { attributes, optionally, tree } from './paths.js'

/** What the server has, by its path; nothing else is there. */
export const served: Readonly<Record<string, string>> = {
  '/tool': 'the tool, é\n',
  '/empty': '',
  '/SHA256SUMS': `${'0'.repeat(64)}  another\n${sum('sha256', 'the tool, é\n')}  tool\n${sum('sha256', '')} *empty\n`,
}

function sum(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex')
}

/** What is fetched nobody knows before: with `force`, or a checksum that is wrong, a dry run cannot say what comes of it. */
const situation = (origin: string): fc.Arbitrary<Situation> =>
  tree.chain(({ world, paths }) =>
    fc
      .tuple(
        fc.constantFrom('/tool', '/empty'),
        fc.constantFrom(...paths),
        fc.constantFrom('', '', '/'),
        fc.constantFrom<'none' | 'digest' | 'md5' | 'list'>('none', 'digest', 'md5', 'list'),
        optionally({ ...attributes, backup: fc.boolean() }),
      )
      .map(([from, path, slash, checked, more]) => {
        const text = served[from] ?? ''
        const checksum = {
          none: {},
          digest: { checksum: `sha256:${sum('sha256', text).toUpperCase()}` },
          md5: { checksum: `md5:${sum('md5', text)}` },
          list: { checksum: `sha256:${origin}/SHA256SUMS` },
        }[checked]
        const params = { url: `${origin}${from}?a=%20b#x`, dest: path + slash, ...checksum, ...more } as JsonObject
        return { world, tasks: [{ module: 'get_url', params }] }
      }),
  )

/** @param origin of a server that has what is `served` */
export const downloads = (origin: string): Family => ({ get_url: situation(origin) })
