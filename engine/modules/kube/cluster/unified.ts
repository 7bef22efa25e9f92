/** One file of a recursive unified diff, made whole again. Only true for diffs whose context covers the files. */
export interface WholeDiff {
  readonly name: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/**
 * Reads `diff -rN -U1000000 LIVE MERGED`, as kubectl's diff makes it: with so much context each file is one hunk that holds all of it.
 * A side without lines is a file that is not there.
 */
export const wholeDiffs = (text: string): readonly WholeDiff[] =>
  text
    .split(/^diff (?=-)/m)
    .slice(1)
    .map(part => {
      const lines = part.split('\n')
      const at = lines.findIndex(line => line.startsWith('@@'))
      const body = at === -1 ? [] : lines.slice(at + 1).filter(line => !line.startsWith('\\'))
      return {
        name: lines[0]?.replace(/^.*\//, '').replace(/'$/, '') ?? '',
        before: side(body, '-'),
        after: side(body, '+'),
      }
    })

const side = (body: readonly string[], sign: '-' | '+'): string | undefined => {
  const lines = body.filter(line => line.startsWith(' ') || line.startsWith(sign)).map(line => line.slice(1))
  return lines.length === 0 ? undefined : `${lines.join('\n')}\n`
}

/** kubectl names the files `apps.v1.DaemonSet.kube-system.calico-node`; a cluster's own object has an empty namespace. */
export const objectOfFile = (file: string): string => {
  const match = /^(?:.*\.)?v\d\w*\.([A-Z]\w*)\.([^.]*)\.(.*)$/.exec(file)
  if (match === null) return file
  const [, kind = '', namespace = '', name = ''] = match
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`
}
