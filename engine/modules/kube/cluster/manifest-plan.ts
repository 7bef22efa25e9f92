import type { Change, Plan } from '../../../core/module.js'
import { kubectlMessages } from '../kubectl-output.js'
import { comesFirst, describe, type KubeObject, nameOf } from '../objects.js'
import { objectOfFile, type WholeDiff } from './unified.js'

export type ManifestSeen =
  /** No kubeconfig: there is no cluster here yet. */
  | { readonly api: 'none' }
  | { readonly api: 'silent' }
  | { readonly api: 'answers'; readonly manifest: 'not-downloaded' }
  /** A kind or a namespace that the objects need is not there. */
  | { readonly api: 'answers'; readonly missing: string }
  | { readonly api: 'answers'; readonly rejected: string }
  /** `there`: of state absent, the objects that are there still. */
  | { readonly api: 'answers'; readonly differs: readonly WholeDiff[]; readonly there: readonly string[] }

export type ManifestChange = Change & { readonly kind: 'download' | 'apply' | 'delete' }

/** @param objects undefined where only the host has the manifest */
export const planManifest = (
  state: 'present' | 'absent',
  objects: readonly KubeObject[] | undefined,
  seen: ManifestSeen,
): Plan<ManifestChange> => {
  if (seen.api !== 'answers') return { needs: 'a running API server' }
  const verb = state === 'present' ? 'apply' : 'delete'
  if ('manifest' in seen) {
    return {
      changes: [
        { kind: 'download', summary: 'download the manifest' },
        { kind: verb, summary: `${verb} the objects of the manifest` },
      ],
    }
  }
  if ('missing' in seen) {
    if (state === 'absent') return { changes: [] }
    const own = objects === undefined || objects.some(comesFirst)
    return own ? { changes: [{ kind: 'apply', summary: summaryOf(objects, seen.missing) }] } : { needs: seen.missing }
  }
  if ('rejected' in seen) {
    const diagnosis = kubectlMessages.diagnose?.({ rc: 1, stdout: '', stderr: seen.rejected })
    return { refused: diagnosis?.code ?? 'invalid', data: diagnosis?.data ?? { text: seen.rejected } }
  }
  if (state === 'absent') {
    return { changes: seen.there.length === 0 ? [] : [{ kind: 'delete', summary: `delete ${seen.there.join(', ')}` }] }
  }
  // One apply mends them all; each object that differs is shown as a diff of its own.
  const [first, ...more] = seen.differs
  if (first === undefined) return { changes: [] }
  return {
    changes: [
      { kind: 'apply', summary: `apply ${seen.differs.map(nameOfDiff).join(', ')}`, diff: joined([first, ...more]) },
    ],
  }
}

const nameOfDiff = (diff: WholeDiff): string => objectOfFile(diff.name)

const joined = (diffs: readonly WholeDiff[]): NonNullable<Change['diff']> => ({
  path: diffs.map(nameOfDiff).join(', '),
  before: textOf(diffs, 'before'),
  after: textOf(diffs, 'after'),
})

const textOf = (diffs: readonly WholeDiff[], side: 'before' | 'after'): string | undefined => {
  const texts = diffs.flatMap(diff => (diff[side] === undefined ? [] : [diff[side]]))
  return texts.length === 0 ? undefined : texts.join('---\n')
}

const summaryOf = (objects: readonly KubeObject[] | undefined, missing: string): string =>
  `apply ${objects === undefined ? 'the objects of the manifest' : objects.map(one => describe(nameOf(one))).join(', ')} (${missing} comes with them)`
