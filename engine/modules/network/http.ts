import type { Read, Session } from '../../core/module.js'
import { read, text } from '../../core/read.js'
import { sh } from '../../shell/quote.js'
import { pythonClient } from './http-python.js'

/** What a host can make requests with, best first. */
export type HttpTool = 'curl' | 'python3' | 'wget' | 'apt-helper'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string
  /** Seconds. */
  readonly timeout: number
  readonly follow: boolean
  readonly validateCerts: boolean
  readonly user?: string
  readonly password?: string
  readonly caPath?: string
  readonly clientCert?: string
  readonly clientKey?: string
  readonly unixSocket?: string
  readonly useProxy: boolean
}

/** Nothing but a URL and one's own name: what wget, of GNU or of busybox, and apt's downloader can do, too. They follow where they are led. */
export const isPlain = (asked: HttpRequest): boolean =>
  asked.method === 'GET' &&
  asked.follow &&
  asked.validateCerts &&
  asked.useProxy &&
  asked.headers.every(([name]) => isAgent(name)) &&
  [asked.body, asked.user, asked.caPath, asked.clientCert, asked.clientKey, asked.unixSocket].every(
    one => one === undefined,
  )

export const agentOf = ({ headers }: HttpRequest): string => headers.find(([name]) => isAgent(name))?.[1] ?? 'tkplay'

const isAgent = (name: string): boolean => name.toLowerCase() === 'user-agent'

export interface HttpAnswer {
  /** -1: there was no answer; `error` says why. */
  readonly status: number
  readonly url: string
  readonly redirected: boolean
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array
  readonly error?: string
}

/** Which tools are there; no forks. */
export const httpTools = (tools: readonly HttpTool[]): Read<HttpTool | undefined> => {
  const programs = tools.map(tool => (tool === 'apt-helper' ? aptHelper : tool))
  return read(
    sh`for t in ${programs}; do if command -v "$t" >/dev/null; then printf '%s\n' "$t"; break; fi; done`,
    raw => {
      const found = text(raw.stdout).trim()
      return tools.find(tool => (tool === 'apt-helper' ? aptHelper : tool) === found)
    },
  )
}

/** apt's own downloader: on every Debian, however small. */
export const aptHelper = '/usr/lib/apt/apt-helper'

/** Makes the request on the host. What may be secret (URL, headers, body, password) goes in by standard input, never as an argument. */
export const request = async (host: Session, tool: HttpTool, asked: HttpRequest): Promise<HttpAnswer> => {
  switch (tool) {
    case 'curl': {
      const { rc, stdout, stderr } = await host.run(['curl', '--config', '-'], {
        stdin: curlConfig(asked),
        ok: 'any',
        secret: true,
      })
      return curlAnswer(asked, rc, stdout, text(stderr))
    }
    case 'python3': {
      const { rc, stdout, stderr } = await host.run(['python3', '-c', pythonClient], {
        stdin: JSON.stringify({ ...asked, headers: Object.fromEntries(asked.headers) }),
        ok: 'any',
        secret: true,
      })
      return rc === 0 ? pythonAnswer(asked, text(stdout)) : noAnswer(asked, text(stderr).trim())
    }
    default:
      return wgetAnswer(asked, host)
  }
}

/** Everything of a URL but its password and its query, which may hold a token. */
export const withoutSecrets = (url: string): string => url.replace(/\/\/[^/@]*@/, '//').replace(/\?.*$/s, '?…')

const noAnswer = ({ url }: HttpRequest, error: string): HttpAnswer => ({
  status: -1,
  url,
  redirected: false,
  headers: new Map(),
  body: new Uint8Array(),
  error,
})

const mark = '\ntkplay-answer '

/**
 * curl's own configuration language: one option a line, values in quotes.
 * @param what `body`: it goes to standard output, and a bad status fails; `file`: it goes where `-o` says, and the headers to standard output
 */
export const curlConfig = (asked: HttpRequest, what: 'answer' | 'body' | 'file' = 'answer'): string => {
  const { method, url, headers, body, timeout, follow, validateCerts, user, password, useProxy } = asked
  const { caPath, clientCert, clientKey, unixSocket } = asked
  const options: (readonly [string, string?])[] = [
    ['url', url],
    ['silent'],
    ['show-error'],
    ...optionsFor[what](timeout),
    method === 'HEAD' ? ['head'] : ['request', method],
    ...(follow ? ([['location'], ['max-redirs', '10']] as const) : []),
    ...(validateCerts ? [] : ([['insecure']] as const)),
    ...(user === undefined ? [] : ([['user', `${user}:${password ?? ''}`]] as const)),
    ...(caPath === undefined ? [] : ([['cacert', caPath]] as const)),
    ...(clientCert === undefined ? [] : ([['cert', curlCertificate(clientCert)]] as const)),
    ...(clientKey === undefined ? [] : ([['key', clientKey]] as const)),
    ...(unixSocket === undefined ? [] : ([['unix-socket', unixSocket]] as const)),
    ...(useProxy ? [] : ([['noproxy', '*']] as const)),
    ...headers.map(([name, value]) => ['header', value === '' ? `${name};` : `${name}: ${value}`] as const),
    ...(body === undefined ? [] : ([['data-raw', body]] as const)),
    ...(body === undefined || headers.some(([name]) => name.toLowerCase() === 'content-type')
      ? []
      : ([['header', 'Content-Type:']] as const)),
  ]
  return options
    .map(([name, value]) => (value === undefined ? `${name}\n` : `${name} = ${curlQuoted(value)}\n`))
    .join('')
}

/** curl takes what follows a colon for a passphrase. */
const curlCertificate = (path: string): string => path.replace(/[\\:]/g, '\\$&')

const optionsFor: {
  readonly [W in 'answer' | 'body' | 'file']: (timeout: number) => readonly (readonly [string, string?])[]
} = {
  answer: timeout => [
    ['include'],
    ['max-time', String(timeout)],
    ['write-out', `${mark}%{http_code} %{size_header} %{num_redirects} %{url_effective}`],
  ],
  body: timeout => [['fail'], ['max-time', String(timeout)]],
  file: timeout => [['fail'], ['dump-header', '-'], ['connect-timeout', String(timeout)]],
}

const curlQuoted = (value: string): string =>
  `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`

const curlAnswer = (asked: HttpRequest, rc: number, stdout: Uint8Array, stderr: string): HttpAnswer => {
  const at = Buffer.from(stdout).lastIndexOf(mark)
  const [, status, size, redirects, url] =
    /^(\d+) (\d+) (\d+) (.*)$/s.exec(text(stdout.subarray(at + mark.length))) ?? []
  if (rc !== 0 || at === -1 || status === undefined) return noAnswer(asked, stderr.trim() || `curl ended with ${rc}`)
  const head = text(stdout.subarray(0, Number(size)))
  return {
    status: Number(status),
    url: url ?? asked.url,
    redirected: Number(redirects) > 0,
    headers: headersOf(lastBlock(head)),
    body: stdout.subarray(Number(size), at),
  }
}

/** Of several answers (redirects, proxies, 100 Continue) the last one's headers. */
const lastBlock = (head: string): string =>
  head
    .trimEnd()
    .split(/\r?\n\r?\n/)
    .at(-1) ?? ''

const headersOf = (block: string): ReadonlyMap<string, string> => {
  const headers = new Map<string, string>()
  for (const line of block.split(/\r?\n/).slice(1)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value)
  }
  return headers
}

const pythonAnswer = (asked: HttpRequest, stdout: string): HttpAnswer => {
  const said = JSON.parse(stdout) as {
    status: number
    url: string
    headers: [string, string][]
    body: string
    error?: string
  }
  return {
    status: said.status,
    url: said.url,
    redirected: said.url !== asked.url,
    headers: headersOf(`\n${said.headers.map(([name, value]) => `${name}: ${value}`).join('\n')}`),
    body: Buffer.from(said.body, 'base64'),
    ...(said.error === undefined ? {} : { error: said.error }),
  }
}

const wgetAnswer = async (asked: HttpRequest, host: Session): Promise<HttpAnswer> => {
  if (!isPlain(asked))
    return noAnswer(
      asked,
      'wget can only GET, without headers and settings of TLS and proxies: install curl on the host',
    )
  const flags = ['-q', '-S', '-T', String(asked.timeout), '-U', agentOf(asked)]
  const { rc, stdout, stderr } = await host.run(['wget', ...flags, '-O', '-', '--', asked.url], { ok: 'any' })
  const head = text(stderr).replace(/^ {2}/gm, '')
  const blocks = head.split(/(?=^HTTP\/)/m).filter(block => block.startsWith('HTTP/'))
  const status = /^HTTP\/\S+ (\d+)/.exec(blocks.at(-1) ?? '')?.[1]
  if (status === undefined) return noAnswer(asked, head.trim() || `wget ended with ${rc}`)
  return {
    status: Number(status),
    url: asked.url,
    redirected: blocks.length > 1,
    headers: headersOf(blocks.at(-1) ?? ''),
    body: stdout,
  }
}
