import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import * as schema from '../support/schema.js'
import type { HttpRequest } from './http.js'

/** What all requests have in common, in Ansible's words. */
export interface HttpParams {
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly timeout: number
  readonly validate_certs: boolean
  readonly use_proxy: boolean
  readonly url_username?: string
  readonly url_password?: string
  readonly force_basic_auth: boolean
  readonly ca_path?: string
  readonly client_cert?: string
  readonly client_key?: string
  readonly unix_socket?: string
  readonly http_agent: string
}

export const httpParams: { readonly [name: string]: JsonSchema } = {
  url: schema.str('The address.', {
    pattern: '^(https?|ftp|file)://',
    examples: ['https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key'],
  }),
  headers: { type: 'object', description: 'Headers to send.', additionalProperties: { type: 'string' }, default: {} },
  timeout: schema.int('Seconds for the whole request.', { default: 30, minimum: 1 }),
  validate_certs: schema.bool('Whether the server must prove who it is.', true),
  use_proxy: schema.bool('Go by the proxy that the environment names.', true),
  url_username: schema.str('The user for basic authentication.', { aliases: ['user', 'username'] }),
  url_password: schema.str('The password for basic authentication.', { aliases: ['password'], secret: true }),
  force_basic_auth: schema.bool('Send the password without being asked; it is always sent so.', false),
  ca_path: schema.path('Certificates, in PEM on the host, that the server must be signed by.'),
  client_cert: schema.path('The certificate to show to the server, in PEM on the host; its key may be in it.'),
  client_key: schema.path('The key of that certificate, in PEM on the host.'),
  use_gssapi: schema.inert('Kerberos is not spoken'),
  use_netrc: schema.inert('~/.netrc is not read; `url_username` and `url_password` log in'),
  decompress: schema.inert('no compressed answer is asked for'),
  unix_socket: schema.path('Connect to this socket instead of the address.'),
  http_agent: schema.str('What to name oneself.', { default: 'tkplay' }),
}

export interface RequestParts {
  readonly method: string
  readonly follow: boolean
  readonly body?: string
  readonly contentType?: string
}

export const requestOf = (params: HttpParams, { method, follow, body, contentType }: RequestParts): HttpRequest => {
  const named = new Set(Object.keys(params.headers).map(name => name.toLowerCase()))
  const headers: (readonly [string, string])[] = [
    ...Object.entries(params.headers),
    ...(named.has('user-agent') ? [] : [['User-Agent', params.http_agent] as const]),
    ...(contentType === undefined || named.has('content-type') ? [] : [['Content-Type', contentType] as const]),
  ]
  return {
    method,
    url: params.url,
    headers,
    timeout: params.timeout,
    follow,
    validateCerts: params.validate_certs,
    useProxy: params.use_proxy,
    ...omitUndefined({
      body,
      user: params.url_username,
      password: params.url_password,
      caPath: params.ca_path,
      clientCert: params.client_cert,
      clientKey: params.client_key,
      unixSocket: params.unix_socket,
    }),
  }
}

/** `{a: 1, b: [2, 3]}` → `a=1&b=2&b=3` */
export const formEncoded = (body: Json): string => {
  const pairs = isJsonObject(body) ? Object.entries(body) : Array.isArray(body) ? (body as [string, Json][]) : []
  return new URLSearchParams(
    pairs.flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).map((one): [string, string] => [key, String(one)]),
    ),
  ).toString()
}
