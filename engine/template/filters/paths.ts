import path from 'node:path'
import type { Value } from '../../core/value.js'
import { isList, OperationError, Tuple } from '../../python/kinds.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { asText } from '../values/convert.js'
import { knownItems } from '../values/sequence.js'

/* Python's os.path on POSIX. Unlike Node's path it resolves nothing, and a trailing slash counts. */
const basename = (file: string): string => file.slice(file.lastIndexOf('/') + 1)

const dirname = (file: string): string => {
  const head = file.slice(0, file.lastIndexOf('/') + 1)
  return /[^/]/.test(head) ? head.replace(/\/+$/, '') : head
}

const join = (parts: readonly string[]): string =>
  parts.reduce((all, part) =>
    part.startsWith('/') || all === '' ? part : all.endsWith('/') ? all + part : `${all}/${part}`,
  )

const splitExtension = (file: string): Value => {
  const name = basename(file)
  const dot = name.lastIndexOf('.')
  const hidden = /^\.*$/.test(name.slice(0, Math.max(0, dot)))
  if (dot <= 0 || hidden) return Tuple.of2(file, '')
  return Tuple.of2(file.slice(0, file.length - name.length + dot), name.slice(dot))
}

const normalize = (file: string): string => {
  if (file === '') return '.'
  const normal = path.posix.normalize(file).replace(/(.)\/+$/, '$1')
  return /^\/\/(?!\/)/.test(file) ? `/${normal}` : normal
}

const commonPath = (paths: readonly string[]): string => {
  if (paths.length === 0) throw new OperationError('commonpath needs at least one path')
  const absolute = paths.map(one => one.startsWith('/'))
  if (new Set(absolute).size > 1) throw new OperationError('commonpath cannot mix absolute and relative paths')
  const split = paths.map(one => one.split('/').filter(part => part !== '' && part !== '.'))
  const [first = []] = split
  const shared = first.findIndex((part, index) => split.some(parts => parts[index] !== part))
  return (absolute[0] === true ? '/' : '') + first.slice(0, shared === -1 ? first.length : shared).join('/')
}

export const paths: FilterTable = {
  basename: filter('', value => basename(asText(value, 'a path'))),
  dirname: filter('', value => dirname(asText(value, 'a path'))),
  splitext: filter('', value => splitExtension(asText(value, 'a path'))),
  path_join: filter('', value => join((isList(value) ? value : [value]).map(one => asText(one, 'a path')))),
  normpath: filter('', value => normalize(asText(value, 'a path'))),
  relpath: filter(
    'start="."',
    (value, [start = '.']) => path.posix.relative(asText(start, 'start'), asText(value, 'a path')) || '.',
  ),
  commonpath: filter('', value => commonPath(knownItems(value).map(one => asText(one, 'a path')))),
  expanduser: filter('', (value, _, { env }) => {
    const home = env.options.home ?? process.env['HOME'] ?? '~'
    return asText(value, 'a path').replace(/^~(?=\/|$)/, () => home)
  }),
}
