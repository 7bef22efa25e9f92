import { posix } from 'node:path'
import { given } from '../../core/given.js'
import type { JsonObject } from '../../core/json.js'
import type { Session } from '../../core/module.js'
import { text } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import type { Ownership } from '../../shell/safe-change.js'
import { safePath } from '../../shell/safe-path.js'
import { backup as keepOld, ownership, replace, temporary } from '../../shell/safe-write.js'
import { aptHelper, curlConfig, type HttpRequest, type HttpTool } from './http.js'
import { pythonClient } from './http-python.js'

export interface Digest {
  readonly algorithm: string
  readonly hex: string
}

export interface Download extends Ownership {
  readonly request: HttpRequest
  readonly tool: HttpTool
  readonly path: string
  readonly digest?: Digest
  readonly backup?: boolean
}

/**
 * Fetches a file on the host: beside its place, checked, and then moved there. A file that is the same already stays.
 * @throws ApplyFailed; a wrong checksum says so on its stderr
 */
export const download = async (
  host: Session,
  { request, tool, path, digest, backup, mode, owner, group }: Download,
): Promise<JsonObject> => {
  const { stdout } = await host.shell(
    sh`${new ShellText(safePath)}set -e; umask 077; make= kept=
tk_at ${path}; p=${path}
${new ShellText(temporary)}
${new ShellText(fetchText(request, tool))}
${new ShellText(digest === undefined ? '' : check(digest))}
printf 'size %s\n' "$(wc -c < "$t")"
printf 'sha1 %s\n' "$(sha1sum < "$t")"
if [ -f "$o" ] && { [ -z "$open" ] || [ ! -L "$o" ]; } && cmp -s -- "$t" "$o"; then echo same; exit 0; fi
${new ShellText(ownership(given({ mode, owner, group })))}
${new ShellText(backup === true ? keepOld : '')}
[ -z "$kept" ] || printf 'backup %s\n' "$kept"
${new ShellText(replace)}`,
    { stdin: stdinFor(request, tool), secret: request.password !== undefined || request.headers.length > 1 },
  )
  const told = new Map(
    text(stdout)
      .trimEnd()
      .split('\n')
      .map(line => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
  )
  return {
    dest: path,
    url: request.url,
    size: Number(told.get('size') ?? 0),
    checksum_dest: told.get('sha1') ?? '',
    checksum_src: told.get('sha1') ?? '',
    status_code: 200,
    msg: `OK (${told.get('size') ?? 'unknown'} bytes)`,
    changed: !told.has('same'),
    ...(told.has('backup') ? { backup_file: told.get('backup') ?? '' } : {}),
  }
}

const check = ({ algorithm, hex }: Digest): string =>
  sh`c=$(${new ShellText(`${algorithm}sum`)} < "$t")
case $c in ${hex}*) ;; *) printf '%s %s, %s\n' ${`the ${algorithm} checksum is`} "$c" ${`not ${hex}`} >&2; exit 1 ;; esac`

const fetchText = (request: HttpRequest, tool: HttpTool): string => {
  switch (tool) {
    case 'curl':
      return 'curl --config - > "$t"'
    case 'python3':
      return sh`python3 -c ${pythonClient} | python3 -c ${bodyOnly} > "$t"`
    case 'wget':
      return sh`wget -q -T ${request.timeout} -O "$t" -- ${request.url}`
    case 'apt-helper':
      return sh`${aptHelper} -q download-file ${request.url} "$t" >&2`
  }
}

const bodyOnly = `
import base64, json, sys
a = json.load(sys.stdin)
if not 200 <= a['status'] < 300:
    sys.exit(a.get('error') or 'the server answered ' + str(a['status']))
sys.stdout.buffer.write(base64.b64decode(a['body']))
`

const stdinFor = (request: HttpRequest, tool: HttpTool): string =>
  tool === 'curl'
    ? curlConfig(request, 'body')
    : tool === 'python3'
      ? JSON.stringify({ ...request, headers: Object.fromEntries(request.headers) })
      : ''

/** The name that a URL's file has. */
export const urlName = (url: string): string =>
  posix.basename(url.replace(/[?#].*$/s, '').replace(/^\w+:\/\/[^/]*/, '')) || 'index.html'
