import { boundedTest } from '../../../config/bounded-regex.js'
import { quote } from '../../../shell/quote.js'
import type { DpkgPackage } from '../dpkg.js'

/** One entry of `name`: `kubelet=1.34.4-*`, `libc6:i386`. */
export interface Spec {
  readonly text: string
  readonly name: string
  readonly arch?: string
  /** A version, or a pattern of one. */
  readonly version?: string
}

export const parseSpec = (text: string): Spec => {
  const at = text.indexOf('=')
  const [name = '', arch] = (at === -1 ? text : text.slice(0, at)).split(':')
  return {
    text,
    name,
    ...(arch === undefined ? {} : { arch }),
    ...(at === -1 ? {} : { version: text.slice(at + 1) }),
  }
}

/** As dpkg and apt name it: with the architecture where one was asked for. */
export const qualified = (spec: Spec): string => (spec.arch === undefined ? spec.name : `${spec.name}:${spec.arch}`)

/** fnmatch(3) on a version. */
export const fits = (pattern: string | undefined, version: string): boolean => {
  if (pattern === undefined || pattern === version) return true
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return boundedTest(new RegExp(`^${source}$`), version, pattern)
}

/** The installed package that a spec means, if there is one, of whatever version. */
export const installedFor = (spec: Spec, packages: readonly DpkgPackage[]): DpkgPackage | undefined =>
  packages.find(
    one => one.name === spec.name && one.status === 'installed' && (spec.arch === undefined || one.arch === spec.arch),
  )

/** A `case` pattern of the shell for `name=version=installed`: the same match as `fits`, made on the host. */
export const casePattern = ({ name, arch, version = '*' }: Spec): string =>
  `${quote(name)}=${arch === undefined ? '*' : quote(arch)}=${globbed(version)}=installed`

const globbed = (pattern: string): string =>
  pattern
    .split(/([*?]|\[[^\]]*\])/)
    .map((piece, index) => (index % 2 === 1 || piece === '' ? piece : quote(piece)))
    .join('')
