import { createHash, getHashes } from 'node:crypto'
import { Bytes, type Dict, type Value } from '../../core/value.js'
import { isList, OperationError } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { truth } from '../values/compare.js'
import { asText } from '../values/convert.js'
import { knownItems } from '../values/sequence.js'

const bytesOf = (value: Value, encoding = 'utf-8'): Buffer => {
  if (value instanceof Bytes) return Buffer.from(value.bytes)
  return Buffer.from(text(value), nodeEncoding(encoding))
}

const encodings: ReadonlyMap<string, BufferEncoding> = new Map([
  ['utf8', 'utf8'],
  ['ascii', 'latin1'],
  ['latin1', 'latin1'],
  ['iso88591', 'latin1'],
  ['utf16le', 'utf16le'],
  ['utf16', 'utf16le'],
])

const nodeEncoding = (encoding: string): BufferEncoding => {
  const folded = encoding.toLowerCase().replace(/[-_]/g, '')
  const found = encodings.get(folded)
  if (found === undefined) throw new OperationError(`the encoding '${encoding}' is not known`)
  return found
}

const digest = (algorithm: string, value: Value): string => {
  const name =
    algorithm === 'blake2b'
      ? 'blake2b512'
      : algorithm === 'blake2s'
        ? 'blake2s256'
        : algorithm.replace(/^sha3_/, 'sha3-')
  if (!getHashes().includes(name))
    throw new OperationError(`there is no hash '${algorithm}'`, 'type', 'md5, sha1, sha256 and sha512 are common')
  return createHash(name).update(bytesOf(value)).digest('hex')
}

const base64Decoded = (value: Value, encoding: string): Value => {
  const given = text(value).replace(/\s+/g, '')
  if (given.length % 4 !== 0) throw new OperationError('this is not base64: its padding is wrong')
  return Buffer.from(given, 'base64').toString(nodeEncoding(encoding))
}

/** Python's urllib.parse.quote: every byte but the safe characters is written as %XX. */
const percent = (value: string, safe: RegExp): string =>
  [...Buffer.from(value, 'utf8')]
    .map(byte => {
      const char = String.fromCharCode(byte)
      return byte < 128 && safe.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')

const urlEncoded = filter('', value => {
  const query = (one: Value): string => percent(text(one), /[\w.~-]| /).replaceAll(' ', '+')
  if (value instanceof Map) return [...value].map(([key, one]) => `${query(key)}=${query(one)}`).join('&')
  if (isList(value))
    return value
      .map(knownItems)
      .map(([key = null, one = null]) => `${query(key)}=${query(one)}`)
      .join('&')
  return percent(text(value), /[\w.~/-]/)
})

const urlDecoded = (value: string): string =>
  value
    .replaceAll('+', ' ')
    .replace(/(?:%[\da-fA-F]{2})+/g, run => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))

/** RFC 3986, Appendix B; names as Python's urlsplit gives them. */
export const splitUrl = (url: string): Dict => {
  const [, scheme = '', authority, path = '', query = '', fragment = ''] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(url.trim()) ?? []
  const netloc = authority ?? ''
  const at = netloc.lastIndexOf('@')
  const [username = null, password = null] = at === -1 ? [] : splitOnce(netloc.slice(0, at))
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(netloc.slice(at + 1)) ?? []
  const hostname = host.replace(/^\[|\]$/g, '').toLowerCase()
  return new Map<string, Value>([
    ['fragment', fragment],
    ['hostname', hostname === '' ? null : hostname],
    ['netloc', netloc],
    ['password', password],
    ['path', path],
    ['port', port === undefined || port === '' ? null : Number(port)],
    ['query', query],
    ['scheme', scheme.toLowerCase()],
    ['username', username],
  ])
}

const splitOnce = (user: string): readonly (string | null)[] => {
  const colon = user.indexOf(':')
  return colon === -1 ? [user, null] : [user.slice(0, colon), user.slice(colon + 1)]
}

const urlSplit = filter('query="" alias="urlsplit"', (value, [query = '']) => {
  const parts = splitUrl(asText(value, 'the URL'))
  if (query === '') return parts
  const found = parts.get(text(query))
  if (found === undefined)
    throw new OperationError(`urlsplit has no part '${text(query)}'`, 'type', `it has ${[...parts.keys()].join(', ')}`)
  return found
})

const ANSIBLE_NAMESPACE = '361E6D51-FAEC-444A-9079-341386DA8E2E'

/** RFC 9562, version 5: SHA-1 of the namespace and the name. */
const uuid5 = (name: string, namespace: string): string => {
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex')
  if (space.length !== 16) throw new OperationError(`'${namespace}' is not a UUID`)
  const hash = createHash('sha1').update(space).update(name, 'utf8').digest().subarray(0, 16)
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const sha1 = filter('', value => digest('sha1', value))

export const encoding: FilterTable = {
  b64encode: filter('encoding="utf-8" urlsafe=false', (value, [charset = 'utf-8', safe = false]) => {
    const encoded = bytesOf(value, text(charset)).toString('base64')
    return truth(safe) === true ? encoded.replaceAll('+', '-').replaceAll('/', '_') : encoded
  }),
  b64decode: filter('encoding="utf-8" urlsafe=false', (value, [charset = 'utf-8']) =>
    base64Decoded(value, text(charset)),
  ),
  hash: filter('hashtype="sha1"', (value, [algorithm = 'sha1']) => digest(text(algorithm), value)),
  md5: filter('', value => digest('md5', value)),
  sha1,
  checksum: sha1,
  urlencode: urlEncoded,
  urldecode: filter('', value => urlDecoded(text(value))),
  urlsplit: urlSplit,
  to_uuid: filter('namespace=null', (value, [namespace = null]) =>
    uuid5(text(value), namespace === null ? ANSIBLE_NAMESPACE : text(namespace)),
  ),
}
