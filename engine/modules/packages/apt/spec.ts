import { boundedTest } from '../../../python/bounded-regex.js'
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

/** Packages as dpkg has them, and the host's own architecture. */
interface Packages {
  readonly packages: readonly DpkgPackage[]
  readonly native?: string
}

/** Whether a spec means the package: without an architecture that of the host's own. One for `all` is the host's, too. */
export const isMeant = ({ name, arch }: Spec, one: DpkgPackage, native: string | undefined): boolean => {
  const wanted = arch ?? native
  return one.name === name && (wanted === undefined || one.arch === wanted || (one.arch === 'all' && wanted === native))
}

/** The installed package that a spec means, if there is one, of whatever version. */
export const installedFor = (spec: Spec, { packages, native }: Packages): DpkgPackage | undefined =>
  packages.find(one => one.status === 'installed' && isMeant(spec, one, native))

/** The one of another architecture: apt takes it where the host's own has none of the name. */
export const foreignFor = ({ name, arch }: Spec, { packages }: Packages): DpkgPackage | undefined =>
  arch === undefined ? packages.find(one => one.status === 'installed' && one.name === name) : undefined

/** A `case` pattern of the shell for `name=arch=version=installed`: the same match as `fits`, made on the host, whose architecture is in `$n`. */
export const casePattern = ({ name, arch, version = '*' }: Spec): string => {
  const of = (architecture: string): string => `${quote(name)}=${architecture}=${globbed(version)}=installed`
  return arch === undefined ? `${of('"$n"')} | ${of('all')}` : of(quote(arch))
}

const globbed = (pattern: string): string =>
  pattern
    .split(/([*?]|\[[^\]]*\])/)
    .map((piece, index) => (index % 2 === 1 || piece === '' ? piece : quote(piece)))
    .join('')
