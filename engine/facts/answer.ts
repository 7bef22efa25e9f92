/** The output of the facts script, by its sections. */
export interface Answer {
  /** The lines of a file; none where the file does not exist or is not readable. */
  lines(path: string): readonly string[]
  /** The first line of a file, trimmed; undefined where it is missing or empty. */
  line(path: string): string | undefined
  /** The paths of the files that were read and begin with the prefix. */
  paths(prefix: string): readonly string[]
  /** The lines of a section other than the files. */
  section(name: string): readonly string[]
  /** The rest of each line of the section «tests» that begins with the word. */
  tests(word: string): readonly string[]
  /** Whether a path exists; only for the paths that the script tests. */
  is(path: string): boolean
  readonly env: string
}

export const parseAnswer = (text: string): Answer => {
  const start = text.indexOf('@env\n')
  const env = start === -1 ? '' : text.slice(start + 5)
  const sections = new Map<string, string[]>()
  let current: string[] = []
  for (const line of (start === -1 ? text : text.slice(0, start)).split('\n')) {
    const name = /^@(\w+)$/.exec(line)?.[1]
    if (name === undefined) current.push(line)
    else {
      current = []
      sections.set(name, current)
    }
  }
  const files = filesOf(sections.get('files') ?? [])
  const section = (name: string): readonly string[] => (sections.get(name) ?? []).filter(line => line !== '')
  const tests = (word: string): readonly string[] =>
    section('tests')
      .filter(line => line.startsWith(`${word} `))
      .map(line => line.slice(word.length + 1))
  return {
    lines: path => files.get(path) ?? [],
    line: path => files.get(path)?.[0]?.trim() || undefined,
    paths: prefix => [...files.keys()].filter(path => path.startsWith(prefix)),
    section,
    tests,
    is: path => tests('is').includes(path),
    env,
  }
}

const filesOf = (lines: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const files = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (!line.startsWith('/') || colon === -1) continue
    const path = line.slice(0, colon)
    const known = files.get(path)
    if (known === undefined) files.set(path, [line.slice(colon + 1)])
    else known.push(line.slice(colon + 1))
  }
  return files
}

/** Variables from lines `NAME=value`, with or without quotes. Format: os-release(5). */
export const assignments = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    lines.flatMap(line => {
      const found = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line)
      return found === null ? [] : [[found[1] ?? '', unquoted((found[2] ?? '').trim())] as const]
    }),
  )

const unquoted = (value: string): string => {
  const inner = /^"(.*)"$/.exec(value)?.[1] ?? /^'(.*)'$/.exec(value)?.[1]
  return inner === undefined ? value : inner.replace(/\\(["'$`\\])/g, '$1')
}

/** Values from lines `name: value`, by name. */
export const fields = (lines: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    lines.flatMap(line => {
      const colon = line.indexOf(':')
      return colon === -1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const]
    }),
  )
