import { posix } from 'node:path'
import { NotObserved } from '../../core/failure.js'
import { all, type Change, defineModule, type Plan, type Probe, type Read } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { read, text } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import {
  type AttributeBits,
  type Attributes,
  applyAttributes,
  attributeDifference,
  describeAttributes,
  type SetAttributes,
  setAttributes,
} from '../support/attributes.js'
import { fileMessages } from '../support/edit.js'
import { type FileSeen, fileSeen } from '../support/file-seen.js'
import { mergeResults } from '../support/merge-results.js'
import { field } from '../support/message-data.js'
import { needsFolder } from '../support/needs.js'
import { octal, shellPath } from '../support/path.js'
import * as schema from '../support/schema.js'
import { fileAt } from '../support/writes.js'
import { checksumSchema, parseChecksum } from './checksum-param.js'
import { type Digest, digestIn } from './digests.js'
import { download, urlName } from './download.js'
import { curlConfig, type HttpRequest, type HttpTool, httpTools, isPlain, withoutSecrets } from './http.js'
import { type HttpParams, httpParams, requestOf } from './http-params.js'

interface Params extends HttpParams, Attributes {
  readonly dest: string
  readonly checksum?: string
  readonly sha256sum?: string
  readonly force: boolean
  readonly backup: boolean
}

interface Seen {
  readonly file: FileSeen
  readonly tool: HttpTool | undefined
  /** The file's checksum by the algorithm that is asked for. */
  readonly digest?: string
  /** What a checksum file of the server says, or why it cannot be had. */
  readonly published?: string | { readonly missing: string }
}

type GetUrl =
  | (Change & {
      readonly kind: 'download'
      readonly tool: HttpTool
      readonly path: string
      readonly digest?: Digest
      readonly backup?: boolean
    } & AttributeBits)
  | SetAttributes

/** A file from a server, fetched by the host. Semantics: Ansible's `get_url`. */
export const getUrl = defineModule<Params, Seen, GetUrl>({
  name: 'get_url',
  kind: params => (params.force ? 'action' : 'state'),
  verify: 'strict',
  doc: `Downloads a file to the host.

A file that is there is kept, unless its \`checksum\` is another; \`force\` fetches it each time. The host needs curl, python3, wget or apt;
with headers, a user or settings of TLS and proxies curl or python3. A download that fails registers \`status_code\`, \`url\`, \`dest\` and \`response\`.`,
  params: schema.object(
    {
      ...httpParams,
      dest: schema.pathOrFolder("Where it goes; a folder gets a file of the URL's name."),
      checksum: checksumSchema,
      sha256sum: schema.str('The digest alone, as older releases of Ansible had it: `checksum` is more.', {
        pattern: '^[0-9a-fA-F]{64}$',
      }),
      force: schema.bool('Fetch it each time, and replace what is there where it differs.', false),
      backup: schema.backup,
      ...schema.attributes,
      tmp_dest: schema.inert('a file is fetched beside its place'),
      unsafe_writes: schema.inert('a file is put beside the old one, and takes its place'),
    },
    ['url', 'dest'],
  ),
  examples: `
- name: The key that signs the packages
  get_url:
    url: https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key
    dest: /etc/apt/keyrings/kubernetes.asc
    mode: '0644'
`,

  writes: ({ dest }, seen) => fileAt(dest, seen?.file),
  probe: (params): Probe<Seen> => {
    const inFolder = urlName(params.url)
    const { algorithm, digest, address } = parseChecksum(checksumOf(params))
    return all<Seen>({
      file: fileSeen(withName(params), { content: false, inFolder, follow: false }),
      tool: httpTools(isPlain(fetching(params)) ? ['curl', 'python3', 'wget', 'apt-helper'] : ['curl', 'python3']),
      ...(digest === undefined && address === undefined
        ? {}
        : { digest: digestOf(withName(params), inFolder, algorithm) as Read<string> }),
      ...(address === undefined ? {} : { published: publishedAt(address, params) }),
    } as Parameters<typeof all<Seen>>[0])
  },

  plan(params, seen): Plan<GetUrl> {
    const { file, tool } = seen
    if (file.stat?.kind === 'directory') return { refused: 'is-directory', data: { path: file.path } }
    if (file.stat === undefined && !file.parent) return needsFolder(posix.dirname(file.path))
    if (typeof seen.published === 'object')
      return { refused: 'no-digests', data: { address: listOf(params), said: seen.published.missing } }
    const wanted = wantedDigest(params, seen)
    if (wanted === 'unknown')
      return { refused: 'no-digest', data: { address: listOf(params), name: urlName(params.url) } }
    const same = wanted === undefined ? !params.force : seen.digest === wanted.hex
    if (file.stat?.kind === 'link' && same) return { changes: [] }
    if (file.stat !== undefined && same) return { changes: setAttributes(file.path, params, file.stat) }
    if (tool === undefined)
      return {
        needs: isPlain(fetching(params)) ? 'curl, python3, wget or apt' : 'curl or python3',
        remedy: 'install curl on the host',
      }
    // It takes the place of a link, whose mode and owner are no file's.
    const there = file.stat?.kind === 'link' ? undefined : file.stat
    const difference = attributeDifference(params, there) ?? {}
    const words = describeAttributes(difference, there)
    const summary = `${file.path}: ${file.stat === undefined ? 'new' : 'fetched again'}${words === '' ? '' : `, ${words}`}`
    return {
      changes: [
        {
          kind: 'download',
          tool,
          path: file.path,
          ...difference,
          ...omitUndefined({ digest: wanted, backup: params.backup || undefined }),
          summary,
        },
      ],
    }
  },

  async apply(change, params, host) {
    if (change.kind === 'attributes') return applyAttributes(host, change)
    const { tool, path, digest, backup, mode, owner, group } = change
    const request = fetching(params)
    const result = await download(host, {
      request,
      tool,
      path,
      ...omitUndefined({ digest, backup, mode, owner, group }),
    })
    if (result['changed'] === false) await applyAttributes(host, change)
    return result
  },

  value: (params, { file }, applied) => ({
    dest: file.path,
    url: params.url,
    ...omitUndefined({ size: file.stat?.size, owner: file.stat?.owner, group: file.stat?.group }),
    ...omitUndefined({ mode: file.stat === undefined ? undefined : octal(file.stat.mode) }),
    ...mergeResults(applied),
  }),

  messages: {
    codes: {
      ...fileMessages.codes,
      'no-digest': data => ({
        what: `${field(data, 'address')} has no digest for ${field(data, 'name')}`,
        remedy: 'give the digest itself',
      }),
      'no-digests': data => ({
        what: `the file of digests ${field(data, 'address')} cannot be fetched: ${field(data, 'said')}`,
        remedy: 'see that the address is right, or give the digest itself',
      }),
      'no-file': data => {
        const status = field(data, 'status')
        return {
          what:
            status === ''
              ? `${field(data, 'url')} cannot be fetched`
              : `${field(data, 'url')} answered ${`${status} ${field(data, 'reason')}`.trim()}`,
          remedy:
            status === ''
              ? 'see whether the host reaches that server (name, proxy, certificates)'
              : status === '401' || status === '403' || status === '407'
                ? 'give the user and the password that the server wants (url_username, url_password)'
                : 'see that the address is right, and that the server has the file',
        }
      },
      'wrong-checksum': data => ({
        what: `the ${field(data, 'algorithm')} checksum is ${field(data, 'is')}, not ${field(data, 'wanted')}`,
        remedy:
          'compare with what the publisher says: the file may have been replaced, or the checksum is of another version',
      }),
    },
  },
})

const fetching = (params: Params): HttpRequest => requestOf(params, { method: 'GET', follow: true })

const withName = ({ dest, url }: Params): string => (dest.endsWith('/') ? dest + urlName(url) : dest)

const checksumOf = ({ checksum, sha256sum }: Params): string | undefined =>
  checksum ?? (sha256sum === undefined ? undefined : `sha256:${sha256sum}`)

const listOf = (params: Params): string => withoutSecrets(parseChecksum(checksumOf(params)).address ?? '')

const digestOf = (path: string, inFolder: string, algorithm: string): Read<string | undefined> =>
  read(
    sh`f=${shellPath(path)}; if [ -d "$f" ]; then f=$f/${inFolder}; fi
if [ -f "$f" ]; then ${new ShellText(`${algorithm}sum`)} < "$f"; fi`,
    raw => {
      if (raw.rc !== 0) throw new NotObserved(raw)
      return text(raw.stdout).split(' ')[0] || undefined
    },
    { timeout: 60_000 },
  )

/** What the server has at the address; reading it changes nothing on the host. */
const publishedAt = (address: string, params: Params): Read<Seen['published']> =>
  read(
    sh`if command -v curl >/dev/null; then printf '%s' ${curlConfig({ ...fetching(params), url: address }, 'body')} | curl --config -; else wget -q -T ${params.timeout} -O - -- ${address}; fi`,
    raw => (raw.rc === 0 ? text(raw.stdout) : { missing: text(raw.stderr).trim() || `exit code ${raw.rc}` }),
    { timeout: (params.timeout + 5) * 1000 },
  )

const wantedDigest = (params: Params, { published }: Seen): Digest | undefined | 'unknown' => {
  const { algorithm, digest, address } = parseChecksum(checksumOf(params))
  if (digest !== undefined) return digest
  if (address === undefined) return undefined
  const hex = typeof published === 'string' ? digestIn(published, algorithm, urlName(params.url)) : undefined
  return hex === undefined ? 'unknown' : { algorithm, hex }
}
