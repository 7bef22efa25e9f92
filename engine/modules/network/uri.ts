import { posix } from 'node:path'
import type { Json, JsonObject } from '../../core/json.js'
import { all, type Change, defineModule, type Probe, type Read } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { read, text } from '../../core/read.js'
import { pythonJson } from '../../python/json-dump.js'
import { parseJsonText } from '../../python/json-text.js'
import { sh } from '../../shell/quote.js'
import { type Attributes, modeBits } from '../support/attributes.js'
import { type Guard, type Guarded, guardLooks, probeGuard } from '../support/guard.js'
import { mergeResults } from '../support/merge-results.js'
import { shellPath } from '../support/path.js'
import * as schema from '../support/schema.js'
import { putFile } from '../support/write-file.js'
import { urlName } from './download.js'
import { type HttpAnswer, type HttpTool, httpTools, request, withoutSecrets } from './http.js'
import { formEncoded, type HttpParams, httpParams, requestOf } from './http-params.js'

interface Params extends HttpParams, Attributes {
  readonly method: string
  readonly body?: Json
  readonly body_format: 'raw' | 'json' | 'form-urlencoded'
  readonly return_content: boolean
  readonly status_code: readonly number[]
  readonly follow_redirects: 'all' | 'yes' | 'no' | 'none' | 'safe' | 'urllib2'
  readonly creates?: string
  readonly removes?: string
  readonly dest?: string
}

interface Seen {
  readonly guard: Guard
  readonly tool: HttpTool | undefined
  /** Whether the destination is a folder. */
  readonly folder?: boolean
}

type Request = Change & {
  readonly kind: 'request'
  readonly tool: HttpTool
  /** The destination is a folder: the file goes into it. */
  readonly folder?: true
}

/** An HTTP request made by the host. Semantics: Ansible's `uri`. */
export const uri = defineModule<Params, Seen, Request>({
  name: 'uri',
  kind: 'action',
  doc: `Makes an HTTP request from the host: \`status\`, \`json\`, \`content\` and the headers come back.

It fails unless the status is one of \`status_code\`. It never counts as changed, unless \`dest\` is written or \`changed_when\` says so. A dry run
asks nothing. The host needs curl, python3 or, for a plain GET, wget.`,
  params: schema.object(
    {
      ...httpParams,
      method: schema.str('The method.', { default: 'GET', pattern: '^[A-Z]+$' }),
      body: {
        type: ['string', 'number', 'boolean', 'array', 'object'],
        description: 'What is sent. Lists and dicts are written as `body_format` says.',
      },
      body_format: schema.oneOf('How the body is written.', ['raw', 'json', 'form-urlencoded'], 'raw'),
      return_content: schema.bool('Give the body as `content`.', false),
      status_code: schema.list('Statuses that are well.', { items: { type: 'integer' }, default: [200] }),
      follow_redirects: schema.oneOf(
        'Whether to follow redirects; `safe` only those of GET and HEAD.',
        ['all', 'yes', 'no', 'none', 'safe', 'urllib2'],
        'safe',
      ),
      creates: schema.path('Ask nothing where this is there.'),
      removes: schema.path('Ask nothing where this is not there.'),
      dest: schema.pathOrFolder('Write the body to this file of the host.'),
      ...schema.attributes,
      unsafe_writes: schema.inert('a file is put beside the old one, and takes its place'),
    },
    ['url'],
  ),
  examples: `
- name: The API server is well
  uri:
    url: https://127.0.0.1:6443/healthz
    validate_certs: false
    return_content: true
  register: health
  until: health.content == 'ok'
  retries: 30
  delay: 2
`,

  neverChanged: ({ dest }) => dest === undefined,
  changesNothing: ({ method, dest }) => (method === 'GET' || method === 'HEAD') && dest === undefined,

  looks: (params, { guard }) => guardLooks(guardOf(params), guard),
  probe: (params): Probe<Seen> =>
    all<Seen>({
      guard: probeGuard(guardOf(params)),
      tool: httpTools(['curl', 'python3', 'wget']),
      ...(params.dest === undefined ? {} : { folder: isFolder(params.dest) }),
    } as Parameters<typeof all<Seen>>[0]),

  plan({ method, url }, { guard, tool, folder }) {
    if (guard.met !== undefined) return { changes: [] }
    if (tool === undefined) return { needs: 'curl, python3 or wget', remedy: 'install curl on the host' }
    return {
      changes: [
        { kind: 'request', tool, ...(folder === true ? { folder } : {}), summary: `${method} ${withoutSecrets(url)}` },
      ],
    }
  },

  async apply({ tool, folder }, params, host) {
    const started = performance.now()
    const answer = await request(host, tool, requestOf(params, methodOf(params)))
    const result = resultOf(params, answer, Math.floor((performance.now() - started) / 1000))
    if (params.dest === undefined || result['failed'] === true || answer.status === 304) return result
    const { dest, owner, group, mode } = params
    const bits = mode === undefined ? undefined : modeBits(mode, undefined, false)
    const path = folder === true ? posix.join(dest, nameOf(answer)) : dest
    await putFile(host, path, answer.body, omitUndefined({ owner, group, mode: bits }))
    return { ...result, changed: true, path }
  },

  value(params, { guard }, applied) {
    if (guard.met === undefined) return mergeResults(applied)
    const path = guard.met === 'creates' ? params.creates : params.removes
    return {
      changed: false,
      stdout: `skipped, since '${path}' ${guard.met === 'creates' ? 'exists' : 'does not exist'}`,
    }
  },
})

const isFolder = (dest: string): Read<boolean> =>
  read(sh`if [ -d ${shellPath(dest)} ]; then printf yes; fi`, raw => text(raw.stdout) === 'yes')

/** The name that the server gives the file, or that of the URL. */
const nameOf = ({ headers, url }: HttpAnswer): string => {
  const given = /filename="?([^";]+)/i.exec(headers.get('content-disposition') ?? '')?.[1]
  const name = posix.basename(given?.trim() ?? '')
  return name === '' || name === '.' || name === '..' ? urlName(url) : name
}

const methodOf = (params: Params) => {
  const { method, follow_redirects: follow } = params
  const safe = method === 'GET' || method === 'HEAD'
  const body = bodyOf(params)
  return {
    method,
    follow: follow === 'all' || follow === 'yes' || (safe && (follow === 'safe' || follow === 'urllib2')),
    ...omitUndefined({ body: body?.text, contentType: body?.type }),
  }
}

const bodyOf = ({ body, body_format }: Params): { readonly text: string; readonly type?: string } | undefined => {
  if (body === undefined || body === null) return undefined
  const text =
    typeof body === 'string' ? body : body_format === 'form-urlencoded' ? formEncoded(body) : pythonJson(body)
  if (body_format === 'json') return { text, type: 'application/json' }
  return body_format === 'raw' ? { text } : { text, type: 'application/x-www-form-urlencoded' }
}

const resultOf = (params: Params, answer: HttpAnswer, elapsed: number): JsonObject => {
  const { status, headers, url, redirected, error } = answer
  const well = params.status_code.includes(status)
  const content = text(answer.body)
  const isJson = /^(application|text)\/([\w.+-]*\+)?(json|javascript)\b/.test(headers.get('content-type') ?? '')
  return {
    ...Object.fromEntries([...headers].map(([name, value]) => [name.replaceAll('-', '_'), value])),
    status,
    url,
    redirected,
    elapsed,
    changed: false,
    ...(params.return_content || !well ? { content } : {}),
    ...(isJson ? jsonOf(content) : {}),
    msg: well ? `OK (${headers.get('content-length') ?? 'unknown'} bytes)` : statusMessage(params, status, error),
    ...(well ? {} : { failed: true }),
  }
}

const statusMessage = ({ status_code }: Params, status: number, error: string | undefined): string =>
  `Status code was ${status} and not [${status_code.join(', ')}]${error === undefined ? '' : `: Request failed: ${error}`}`

const jsonOf = (content: string): JsonObject => {
  try {
    return { json: parseJsonText(content) }
  } catch {
    return {}
  }
}

const guardOf = ({ creates, removes }: Params): Guarded => omitUndefined({ creates, removes })
