import { OperationError } from './kinds.js'

type Part = number | string
/**
 * Negative, 0 or positive where the first version is older than, equal to or newer than the second. @throws
 * OperationError
 */
export type CompareVersions = (a: string, b: string) => number

/** distutils' LooseVersion: runs of digits and of letters are compared one by one. */
const loose: CompareVersions = (a, b) => {
  const [x, y] = [looseParts(a), looseParts(b)]
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const order = comparePart(x[index] ?? 0, y[index] ?? 0, a, b)
    if (order !== 0) return order
  }
  return x.length - y.length
}

/** A cache, since a play compares the same few versions on every host. */
const knownParts = new Map<string, readonly Part[]>()

const looseParts = (version: string): readonly Part[] => {
  const known = knownParts.get(version)
  if (known !== undefined) return known
  if (knownParts.size > 1_000) knownParts.clear()
  const words = version.match(/\d+|[a-z]+|[^\d.a-z]+/g) ?? []
  const parts = words.map(part => (/^\d+$/.test(part) ? Number(part) : part))
  knownParts.set(version, parts)
  return parts
}

const comparePart = (x: Part, y: Part, a: string, b: string): number => {
  if (typeof x === 'number' && typeof y === 'number') return x - y
  if (typeof x === 'string' && typeof y === 'string') return x < y ? -1 : x > y ? 1 : 0
  throw new OperationError(
    `the versions '${a}' and '${b}' cannot be compared: a number meets a word`,
    'type',
    "a leading 'v' must be on both or on neither",
  )
}

/** distutils' StrictVersion: 1.2 or 1.2.3, optionally followed by a1 or b2. */
const strict: CompareVersions = (a, b) => {
  const read = (version: string): readonly number[] => {
    const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(version)
    if (match === null)
      throw new OperationError(
        `'${version}' is not a strict version`,
        'type',
        'it is 1.2 or 1.2.3, perhaps with a1 or b2',
      )
    const [, major, minor, patch = '0', stage, number = '0'] = match
    return [
      Number(major),
      Number(minor),
      Number(patch),
      stage === undefined ? 2 : stage === 'b' ? 1 : 0,
      Number(number),
    ]
  }
  return lexicographic(read(a), read(b))
}

const lexicographic = (x: readonly number[], y: readonly number[]): number => {
  for (const [index, part] of x.entries()) {
    const order = part - (y[index] ?? 0)
    if (order !== 0) return order
  }
  return 0
}

const semanticPattern =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*))?(?:\+[\da-zA-Z.-]+)?$/

/** Semantic Versioning 2.0.0, section 11. */
const semantic: CompareVersions = (a, b) => {
  const read = (version: string): readonly [readonly number[], string | undefined] => {
    const match = semanticPattern.exec(version)
    if (match === null)
      throw new OperationError(`'${version}' is not a semantic version`, 'type', 'it has three numbers: 1.2.3')
    return [[Number(match[1]), Number(match[2]), Number(match[3])], match[4]]
  }
  const [[x, before], [y, after]] = [read(a), read(b)]
  const order = lexicographic(x, y)
  if (order !== 0 || before === after) return order
  if (before === undefined || after === undefined) return before === undefined ? 1 : -1
  const [p, q] = [before.split('.'), after.split('.')]
  for (let index = 0; index < Math.min(p.length, q.length); index++) {
    const one = compareIdentifier(p[index] ?? '', q[index] ?? '')
    if (one !== 0) return one
  }
  return p.length - q.length
}

const compareIdentifier = (a: string, b: string): number => {
  const [x, y] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (x && y) return Number(a) - Number(b)
  if (x !== y) return x ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

const pep440Pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/

const stages: { readonly [name: string]: number } = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 }

/** PEP 440; local versions are not compared. */
const pep440: CompareVersions = (a, b) => {
  const read = (version: string): readonly number[] => {
    const match = pep440Pattern.exec(version.trim().toLowerCase())
    if (match === null) throw new OperationError(`'${version}' is not a PEP 440 version`)
    const [, epoch = '0', release = '', stage, stageNumber, post, postWord, postNumber, dev, devNumber] = match
    const numbers = release.split('.').map(Number)
    const hasPost = post !== undefined || postWord !== undefined
    const bareDev = dev !== undefined && stage === undefined && !hasPost
    const order = stage === undefined ? (bareDev ? -1 : 3) : (stages[stage] ?? 0)
    return [
      Number(epoch),
      ...Array.from({ length: 8 }, (_, index) => numbers[index] ?? 0),
      order,
      Number(stageNumber || 0),
      hasPost ? Number(post ?? (postNumber || 0)) : -1,
      dev === undefined ? Number.MAX_SAFE_INTEGER : Number(devNumber || 0),
    ]
  }
  return lexicographic(read(a), read(b))
}

/** The orders, by Ansible's `version_type`. */
export const versionOrders: ReadonlyMap<string, CompareVersions> = new Map([
  ['loose', loose],
  ['strict', strict],
  ['semver', semantic],
  ['semantic', semantic],
  ['pep440', pep440],
])
