/** One line of a file of sources: `deb [options] uri suite components`. */
export interface Line {
  readonly type: string
  readonly options: { readonly [name: string]: string }
  readonly uri: string
  readonly suite: string
  readonly components: string
}

/** undefined for comments, blank lines and what apt would not understand. */
export const parseLine = (text: string): Line | undefined => {
  const [, type, options = '', uri, suite, components = ''] =
    /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)([^#]*)/.exec(text) ?? []
  if (type === undefined || uri === undefined || suite === undefined) return undefined
  return {
    type,
    options: Object.fromEntries(
      options
        .split(/\s+/)
        .filter(option => option.includes('='))
        .map(option => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]),
    ),
    uri,
    suite,
    components: components.trim().split(/\s+/).join(' '),
  }
}

/** Slashes at its end make no difference. */
export const bareUri = ({ uri }: Line): string => uri.replace(/\/+$/, '')

export const written = ({ type, options, uri, suite, components }: Line): string => {
  const inBrackets = Object.entries(options).map(([name, value]) => `${name}=${value}`)
  const words = [type, ...(inBrackets.length === 0 ? [] : [`[${inBrackets.join(' ')}]`]), uri, suite, components]
  return words.filter(word => word !== '').join(' ')
}

/** Equal for lines that say the same; undefined for lines that say nothing. */
export const comparable = (text: string): string | undefined => {
  const line = parseLine(text)
  if (line === undefined) return undefined
  const options = Object.fromEntries(Object.entries(line.options).sort(([a], [b]) => (a < b ? -1 : 1)))
  return written({ ...line, uri: bareUri(line), options })
}

/** As Ansible names it: of the URI without scheme, user and password. */
export const fileNameFor = (repo: string): string =>
  (parseLine(repo)?.uri ?? repo)
    .replace(/^[a-z+]+:\/*/, '')
    .replace(/^[^/@]*@/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(word => word !== '')
    .join('_')
