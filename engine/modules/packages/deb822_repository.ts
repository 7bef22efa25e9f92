import { defineModule } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { quote } from '../../shell/quote.js'
import { diagnoseBy, fieldOr } from '../support/diagnose.js'
import { catIfThere, contents } from '../support/nul-separated.js'
import { object } from '../support/schema.js'
import { type Deb822Params, deb822Properties, sourcesText } from './apt/deb822.js'
import { type KeyWanted, keyProblem, planKey } from './apt/key.js'
import { listsOf, planRefresh, repositoryMessages, repositoryRules } from './apt/repository.js'
import { applyRepository, type RepositoryChange, type RepositorySeen, readRepository } from './apt/sources.js'

interface Seen extends RepositorySeen {
  readonly file?: string
}

/** Sources of packages in the deb822 form. Source: sources.list(5), «DEB822-STYLE FORMAT». */
export const deb822Repository = defineModule<Deb822Params, Seen, RepositoryChange>({
  name: 'deb822_repository',
  kind: 'state',
  doc: `Adds a repository of packages by a file in /etc/apt/sources.list.d, with the key that signs it.

\`signed_by\` is a URL, the armored key itself, or the path of a key that is on the host. A key is fetched by apt's own means: a bare host
needs neither curl nor gpg. \`update_cache\`, which Ansible does not know here, fetches the package lists after a change; where that fails, the file is as it was. A key by URL is compared with
what is there each time, unless \`key_checksum\` tells.`,
  params: object(deb822Properties, ['name']),
  examples: `- name: Docker's packages
  deb822_repository:
    name: docker
    uris: https://download.docker.com/linux/debian
    suites: bookworm
    components: stable
    signed_by: https://download.docker.com/linux/debian/gpg
    update_cache: true
`,

  parts: ({ name }) => [`deb822_repository ${name}`],
  writes: (p, seen) => [
    target(p),
    ...[keyOf(p)?.path].filter(path => path !== undefined),
    ...listsOf(seen && changesOf(p, seen)),
  ],
  probe: p =>
    readRepository(wantedKey(p), {
      sh: catIfThere(quote(target(p))),
      parse: printed => omitUndefined({ file: contents(printed) }),
    }),

  plan(p, seen) {
    if (p.state !== 'absent' && (p.uris === undefined || p.suites === undefined))
      return { refused: 'incomplete', data: { missing: p.uris === undefined ? 'uris' : 'suites' } }
    return keyProblem(wantedKey(p), seen.key) ?? { changes: changesOf(p, seen) }
  },

  apply: (change, p, host) => applyRepository(change, omitUndefined({ key: keyOf(p), mode: p.mode ?? '0644' }), host),

  value: p =>
    omitUndefined({
      dest: target(p),
      key_filename: keyOf(p)?.path,
      repo: p.state === 'absent' ? undefined : sourcesText(p, keyOf(p)?.path ?? p.signed_by),
    }),

  messages: {
    codes: {
      ...repositoryMessages,
      incomplete: data => ({
        what: `a repository needs \`${fieldOr(data, 'missing')}\``,
        remedy: 'add it (`suites: ./` for a repository without suites)',
      }),
    },
    diagnose: diagnoseBy(repositoryRules),
  },
})

const changesOf = (p: Deb822Params, seen: Seen): readonly RepositoryChange[] => {
  const changes = [...(p.state === 'absent' ? removed(p, seen) : added(p, seen))]
  changes.push(...planRefresh(p, changes, seen.lists))
  return changes
}

const added = (p: Deb822Params, seen: Seen): readonly RepositoryChange[] => {
  const [path, key] = [target(p), keyOf(p)]
  const text = sourcesText(p, key?.path ?? p.signed_by)
  const diff = { path, before: seen.file, after: text }
  return [
    ...(key === undefined ? [] : planKey(key, seen.key)),
    ...(text === seen.file ? [] : [{ kind: 'write' as const, path, text, summary: path, diff }]),
  ]
}

const removed = (p: Deb822Params, { file }: Seen): readonly RepositoryChange[] => {
  const path = target(p)
  if (file === undefined) return []
  return [{ kind: 'remove', path, summary: `remove ${path}`, diff: { path, before: file, after: undefined } }]
}

/** As Ansible names it. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')

const target = (p: Deb822Params): string => `/etc/apt/sources.list.d/${slug(p.name)}.sources`

const keyOf = (p: Deb822Params): KeyWanted | undefined => {
  if (p.signed_by === undefined || p.signed_by.startsWith('/')) return undefined
  const path = `/etc/apt/keyrings/${slug(p.name)}.asc`
  if (/^[a-z]+:\/\//.test(p.signed_by)) return omitUndefined({ path, url: p.signed_by, checksum: p.key_checksum })
  return { path, text: p.signed_by }
}

const wantedKey = (p: Deb822Params): KeyWanted | undefined => (p.state === 'absent' ? undefined : keyOf(p))
