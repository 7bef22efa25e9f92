import { posix } from 'node:path'
import { ApplyFailed } from '../../core/failure.js'
import type { JsonObject } from '../../core/json.js'
import type { Raw, Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { text } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import type { Ownership } from '../../shell/safe-change.js'
import { safePath } from '../../shell/safe-path.js'
import { backup as keepOld, ownership, replace, temporary } from '../../shell/safe-write.js'
import { nulRecords, recordOf } from '../support/nul-records.js'
import type { Digest } from './digests.js'
import { agentOf, aptHelper, curlConfig, type HttpRequest, type HttpTool, withoutSecrets } from './http.js'
import { pythonClient } from './http-python.js'

export interface Download extends Ownership {
  readonly request: HttpRequest
  readonly tool: HttpTool
  readonly path: string
  readonly digest?: Digest
  readonly backup?: boolean
}

/**
 * Fetches a file on the host: beside its place, checked, and then moved there. A file that is the same already stays.
 * @throws ApplyFailed with the codes `no-file` and `wrong-checksum`
 */
export const download = async (
  host: Session,
  { request, tool, path, digest, backup, mode, owner, group }: Download,
): Promise<JsonObject> => {
  const started = performance.now()
  const raw = await host.shell(
    sh`${new ShellText(safePath)}set -e; umask 077; make= kept=
tk_at ${path}; p=${path}
${new ShellText(temporary)}
f=; a=$(${new ShellText(fetchText(request, tool))}) || f=$?
s=$(printf '%s\n' "$a" | sed -n 's|^ *HTTP/[^ ]* \([0-9]*\).*|\1|p' | tail -n 1)
if [ -n "$f" ] || { [ -n "$s" ] && [ "$s" != 200 ]; }; then printf 'no-file %s\0' "$a"; [ -n "$f" ] || f=1; exit "$f"; fi
${new ShellText(digest === undefined ? '' : check(digest))}
printf 'size %s\0sha1 %s\0' "$(wc -c < "$t")" "$(sha1sum < "$t")"
if [ -f "$o" ] && { [ -z "$open" ] || [ ! -L "$o" ]; } && cmp -s -- "$t" "$o"; then printf 'same\0'; exit 0; fi
${new ShellText(ownership(omitUndefined({ mode, owner, group })))}
${new ShellText(backup === true ? keepOld : '')}
[ -z "$kept" ] || printf 'backup %s\0' "$kept"
${new ShellText(replace)}`,
    { stdin: stdinFor(request, tool), ok: 'any' },
  )
  const elapsed = Math.floor((performance.now() - started) / 1000)
  if (raw.rc !== 0) throw failureOf(raw, { request, path, digest, tool, elapsed })
  const told = nulRecords(raw)
  const sha1 = (recordOf(told, 'sha1') ?? '').split(' ')[0] ?? ''
  const size = (recordOf(told, 'size') ?? '0').trim()
  return {
    dest: path,
    url: request.url,
    size: Number(size),
    checksum_dest: sha1,
    checksum_src: sha1,
    status_code: 200,
    elapsed,
    msg: `OK (${size} bytes)`,
    changed: recordOf(told, 'same') === undefined,
    ...omitUndefined({ backup_file: recordOf(told, 'backup') }),
  }
}

interface Failed {
  readonly request: HttpRequest
  readonly path: string
  readonly digest: Digest | undefined
  readonly tool: HttpTool
  readonly elapsed: number
}

/** With Ansible's fields, by which playbooks go on or try again: `status_code`, `url`. */
const failureOf = (raw: Raw, { request, path, digest, tool, elapsed }: Failed): ApplyFailed => {
  const secret = request.password !== undefined || request.headers.length > 1
  const shown = `fetch ${withoutSecrets(request.url)}`
  const silent = { rc: raw.rc, stdout: new Uint8Array(), stderr: raw.stderr }
  const common = { changed: false, url: request.url, dest: path, elapsed }
  const told = new Map(text(raw.stdout).split('\0').map(splitWord))
  const answer = told.get('no-file')
  const is = told.get('digest')
  if (answer !== undefined) {
    const { status, reason } = statusIn(answer, tool)
    const said = text(raw.stderr).trim() || answer.trim() || `${tool} ended with ${raw.rc}`
    const known = status !== undefined && status !== 200
    return new ApplyFailed(shown, known ? { ...silent, stderr: new Uint8Array() } : silent, {
      secret,
      diagnosis: {
        code: 'no-file',
        data: { url: withoutSecrets(request.url), ...(known ? { status, reason } : {}) },
      },
      result: {
        ...common,
        ...(known
          ? {
              msg: 'Request failed',
              status_code: status,
              response: status < 400 ? reason : `HTTP Error ${status}: ${reason}`,
            }
          : { msg: `Request failed${secret ? '' : `: ${said}`}` }),
      },
    })
  }
  if (is !== undefined && digest !== undefined) {
    const data = { algorithm: digest.algorithm, is, wanted: digest.hex }
    return new ApplyFailed(shown, silent, { secret, diagnosis: { code: 'wrong-checksum', data }, result: common })
  }
  return new ApplyFailed(`write ${path}`, silent, { secret, result: common })
}

const splitWord = (record: string): [string, string] => {
  const space = record.indexOf(' ')
  return space === -1 ? [record, ''] : [record.slice(0, space), record.slice(space + 1)]
}

/** The last status line that a server sent; apt tells it in its own way. */
const statusIn = (head: string, tool: HttpTool): { readonly status?: number; readonly reason: string } => {
  const line =
    tool === 'apt-helper' ? /^ +(\d{3}) +(.*?)(?: \[IP: .*\])? *$/gm : /^ *HTTP\/\S+ (\d{3})(?: +(.*?))?\s*$/gm
  const [, status, reason = ''] = [...head.matchAll(line)].at(-1) ?? []
  return { ...(status === undefined ? {} : { status: Number(status) }), reason }
}

const check = ({ algorithm, hex }: Digest): string =>
  sh`c=$(${new ShellText(`${algorithm}sum`)} < "$t" | cut -d ' ' -f 1)
[ "$c" = ${hex} ] || { printf 'digest %s\0' "$c"; exit 1; }`

/** Writes the body to `$t`, and prints what the server said before it. */
const fetchText = (request: HttpRequest, tool: HttpTool): string => {
  switch (tool) {
    case 'curl':
      return 'curl --config - -o "$t"'
    case 'python3':
      return sh`python3 -c ${pythonClient} | python3 -c ${bodyTo} "$t"`
    case 'wget':
      return sh`wget -q -S -T ${request.timeout} -U ${agentOf(request)} -O "$t" -- ${request.url} 2>&1`
    case 'apt-helper':
      return sh`${aptHelper} -q -o ${`Acquire::http::User-Agent=${agentOf(request)}`} download-file ${request.url} "$t"`
  }
}

const bodyTo = `
import base64, json, sys
a = json.load(sys.stdin)
if a['status'] < 0:
    sys.exit(a.get('error'))
if a['url'].startswith('http'):
    print('HTTP/1.1', a['status'], a.get('reason') or '')
with open(sys.argv[1], 'wb') as f:
    f.write(base64.b64decode(a['body']))
`

const stdinFor = (request: HttpRequest, tool: HttpTool): string =>
  tool === 'curl'
    ? curlConfig(request, 'file')
    : tool === 'python3'
      ? JSON.stringify({ ...request, headers: Object.fromEntries(request.headers) })
      : ''

/** The name that a URL's file has. */
export const urlName = (url: string): string =>
  posix.basename(url.replace(/[?#].*$/s, '').replace(/^\w+:\/\/[^/]*/, '')) || 'index.html'
