import { defineModule } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { ShellText } from '../../shell/quote.js'
import { diagnoseBy } from '../support/diagnose.js'
import { damaged, notTextMessage } from '../support/edit.js'
import { grepFiles, greppedFiles } from '../support/grep-files.js'
import { ended, linesOf } from '../support/lines.js'
import { bool, int, mode, object, oneOf, path, str } from '../support/schema.js'
import { type KeyWanted, keyProblem, planKey } from './apt/key.js'
import { listsOf, planRefresh, repositoryMessages, repositoryRules } from './apt/repository.js'
import { bareUri, comparable, fileNameFor, type Line, parseLine, written } from './apt/source-line.js'
import { applyRepository, type RepositoryChange, type RepositorySeen, readRepository } from './apt/sources.js'

interface Params {
  readonly repo: string
  readonly state: 'present' | 'absent'
  readonly filename?: string
  readonly mode?: string
  readonly update_cache: boolean
  readonly update_cache_retries: number
  readonly exclusive: boolean
  readonly key_url?: string
  readonly key?: string
  readonly key_path?: string
  readonly key_checksum?: string
}

interface Seen extends RepositorySeen {
  /** One-line files of sources, by path. */
  readonly files: { readonly [path: string]: string }
}

/** Sources of packages in the one-line form. Source: sources.list(5), apt-secure(8). */
export const aptRepository = defineModule<Params, Seen, RepositoryChange>({
  name: 'apt_repository',
  kind: 'state',
  doc: `Adds a repository of packages by a line in /etc/apt/sources.list.d, with the key that signs it.

The key is a parameter here (\`key_url\`, \`key\`), which Ansible does not know: it is fetched on the host by apt's own means, so that a
bare host needs neither curl nor gpg, and stored where \`signed-by\` in the line says, or in \`/etc/apt/keyrings/FILENAME.asc\`, which
is then added to the line. A key by URL is compared with what is there each time, unless \`key_checksum\` tells. The package lists are
fetched after a change, and where a killed run did not get that far; a line with which that fails is taken out again.`,
  params: object(
    {
      repo: str('The line, as in sources.list.', {
        pattern: '^(deb|deb-src)\\s+(\\[[^\\]]*\\]\\s+)?[a-z+]+:\\S+\\s+\\S+',
        title:
          'line of sources (`deb [options] URL suite component…`; a PPA is https://ppa.launchpadcontent.net/OWNER/NAME/ubuntu, with its key)',
        examples: [
          'deb [signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian bookworm stable',
        ],
      }),
      state: oneOf('Whether it is there.', ['present', 'absent'], 'present'),
      filename: str('Name of the file without `.list`; made of the URL by default.', { pattern: '^[\\w.-]+$' }),
      mode: mode('Permissions of a new file.'),
      update_cache: bool('Fetch the package lists after a change.', true, { aliases: ['update-cache'] }),
      update_cache_retries: int('How often a list is tried again.', { minimum: 0, default: 5 }),
      install_python_apt: bool('Ansible’s; no effect: no Python is needed.', true),
      update_cache_retry_max_delay: int('Ansible’s; no effect: apt waits between its tries as it sees fit.', {
        minimum: 0,
      }),
      exclusive: bool('The file holds this line and no other: an older version of the repository goes.', false),
      key_url: str('Where the host fetches the key, armored or not.', { pattern: '^(https?|file)://' }),
      key: str('The armored key itself.', { pattern: '^\\s*-----BEGIN PGP PUBLIC KEY BLOCK-----' }),
      key_path: path(
        'Where the key goes: `.asc` for an armored one, else binary. `signed-by` in the line says so too.',
        {
          pattern: '^/.*\\.(asc|gpg|pgp)$',
        },
      ),
      key_checksum: str('sha256 of the key’s file on the host: for `.asc` that is what an armored URL gives.', {
        pattern: '^(sha256:)?[0-9a-fA-F]{64}$',
      }),
    },
    ['repo'],
  ),
  examples: `- name: where Kubernetes' packages are
  apt_repository:
    repo: deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.asc] https://pkgs.k8s.io/core:/stable:/v1.34/deb/ /
    key_url: https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key
    filename: kubernetes
    exclusive: true
`,

  parts: ({ repo }) => [`apt_repository ${repo}`],
  writes: (p, seen) => [
    ...(p.state === 'present' ? [target(p)] : ['/etc/apt/sources.list', '/etc/apt/sources.list.d/']),
    ...[keyOf(p)?.path].filter(path => path !== undefined),
    ...listsOf(seen && changesOf(p, seen)),
  ],
  probe: p =>
    readRepository(wantedKey(p), {
      sh: grepFiles(new ShellText('/etc/apt/sources.list /etc/apt/sources.list.d/*.list')),
      parse: printed => ({ files: greppedFiles(printed) }),
    }),

  plan(p, seen) {
    const changes = changesOf(p, seen)
    const broken = changes.flatMap(one =>
      (one.kind === 'write' && !p.exclusive) || one.kind === 'remove'
        ? (damaged(one.path, seen.files[one.path]) ?? [])
        : [],
    )
    return keyProblem(wantedKey(p), seen.key) ?? broken[0] ?? { changes }
  },

  apply(change, p, host) {
    const mode = change.diff?.before === undefined ? (p.mode ?? '0644') : undefined
    return applyRepository(change, omitUndefined({ key: keyOf(p), mode, retries: p.update_cache_retries }), host)
  },

  value: p => ({ repo: lineOf(p), state: p.state, sources_file: target(p) }),

  messages: { codes: { ...repositoryMessages, ...notTextMessage }, diagnose: diagnoseBy(repositoryRules) },
})

const changesOf = (p: Params, seen: Seen): readonly RepositoryChange[] => {
  const changes: RepositoryChange[] = []
  const key = keyOf(p)
  if (p.state === 'present' && key !== undefined) changes.push(...planKey(key, seen.key))
  changes.push(...(p.state === 'present' ? added(p, seen.files) : removed(p, seen.files)))
  changes.push(...planRefresh(p, changes, seen.lists))
  return changes
}

const target = (p: Params): string => `/etc/apt/sources.list.d/${p.filename ?? fileNameFor(p.repo)}.list`

const keyOf = (p: Params): KeyWanted | undefined => {
  if (p.key_url === undefined && p.key === undefined) return undefined
  const signedBy = parseLine(p.repo)?.options['signed-by']
  const path = p.key_path ?? signedBy ?? `/etc/apt/keyrings/${p.filename ?? fileNameFor(p.repo)}.asc`
  return omitUndefined({ path, url: p.key_url, text: p.key, checksum: p.key_checksum })
}

const wantedKey = (p: Params): KeyWanted | undefined => (p.state === 'absent' ? undefined : keyOf(p))

/** The line as it is wanted: with `signed-by` where the key is ours to place. */
const lineOf = (p: Params): string => {
  const line = parseLine(p.repo)
  const key = keyOf(p)
  if (line === undefined || key === undefined || line.options['signed-by'] !== undefined)
    return p.repo.trim().replace(/\s+/g, ' ')
  return written({ ...line, options: { ...line.options, 'signed-by': key.path } })
}

const added = (p: Params, files: Seen['files']): readonly RepositoryChange[] => {
  const path = target(p)
  const line = lineOf(p)
  const before = files[path]
  const has = (text: string): boolean => text.split('\n').some(one => comparable(one) === comparable(line))
  if (p.exclusive ? before === `${line}\n` : Object.values(files).some(has)) return []
  const text = p.exclusive ? `${line}\n` : withLine(before ?? '', line)
  return [{ kind: 'write', path, text, summary: `${line} in ${path}`, diff: { path, before, after: text } }]
}

/** The same repository with other options is replaced: apt refuses two that disagree about the key. */
const withLine = (text: string, line: string): string => {
  const wanted = parseLine(line)
  const lines = linesOf(text)
  const at = lines.findIndex(one => sameRepository(parseLine(one), wanted))
  return (at === -1 ? [...ended(lines), `${line}\n`] : lines.with(at, `${line}\n`)).join('')
}

const sameRepository = (a: Line | undefined, b: Line | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.type === b.type &&
  bareUri(a) === bareUri(b) &&
  a.suite === b.suite &&
  a.components === b.components

const removed = (p: Params, files: Seen['files']): readonly RepositoryChange[] => {
  const gone = parseLine(p.repo)
  if (gone === undefined) return []
  return Object.entries(files).flatMap(([path, before]): readonly RepositoryChange[] => {
    const after = before
      .split('\n')
      .filter(one => !sameRepository(parseLine(one), gone))
      .join('\n')
    if (after === before) return []
    const summary = `${gone.uri} out of ${path}`
    const keep = after.trim() !== '' || path === '/etc/apt/sources.list'
    if (keep) return [{ kind: 'write', path, text: after, summary, diff: { path, before, after } }]
    return [{ kind: 'remove', path, summary, diff: { path, before, after: undefined } }]
  })
}
