import type { Policy } from './seen.js'

/** `apt-cache policy` in the C locale. Names that apt has never heard of are not in it. */
export const parsePolicy = (text: string): { readonly [name: string]: Policy } => {
  const policies: { [name: string]: Policy } = {}
  let name: string | undefined
  for (const line of text.split('\n')) {
    const heading = /^(\S+):$/.exec(line)?.[1]
    if (heading !== undefined) {
      name = heading
      policies[name] = { versions: [] }
      continue
    }
    const policy = name === undefined ? undefined : policies[name]
    if (name === undefined || policy === undefined) continue
    const candidate = /^ {2}Candidate: (\S+)$/.exec(line)?.[1]
    if (candidate !== undefined && candidate !== '(none)') policies[name] = { ...policy, candidate }
    const [, version, priority] = /^ (?:\*{3}| {3}) (\S+) (-?\d+)(?: \(.*\))?$/.exec(line) ?? []
    if (version !== undefined) {
      policies[name] = { ...policy, versions: [...policy.versions, { version, priority: Number(priority) }] }
    }
  }
  return policies
}
