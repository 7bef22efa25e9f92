import { NotObserved } from '../../../core/failure.js'
import type { Raw, Read } from '../../../core/module.js'
import { read, text } from '../../../core/read.js'
import { ShellText, sh } from '../../../shell/quote.js'
import { kubectl } from '../kubectl.js'
import type { ManifestSeen } from './manifest-plan.js'
import { wholeDiffs } from './unified.js'

interface Settings {
  readonly state: 'present' | 'absent'
  readonly kubeconfig: string
  readonly force_conflicts: boolean
  readonly field_manager: string
}

/**
 * What a server-side apply would change. kubectl's diff asks the server for a dry run of each object and hands both sides to diff(1)
 * in two folders; they go to a tmpfs, and Secrets are masked in them.
 */
export const manifestProbe = (
  p: Settings,
  manifest: { readonly text: string } | { readonly path: string },
): Read<ManifestSeen> => {
  const from =
    'text' in manifest
      ? new ShellText(sh`printf %s ${manifest.text} |`)
      : new ShellText(sh`[ -s ${manifest.path} ] || exit 45;`)
  const file = 'text' in manifest ? '-' : manifest.path
  return read(
    sh`command -v kubectl >/dev/null && [ -e ${p.kubeconfig} ] || exit 44
${kubectl(p.kubeconfig)} get --raw /readyz >/dev/null 2>&1 || exit 46
${from} ${p.state === 'present' ? diff(p, file) : list(p, file)}`,
    parseSeen,
    { scope: 'cluster', timeout: 60_000 },
  )
}

const diff = (p: Settings, file: string): ShellText =>
  new ShellText(
    sh`TMPDIR=/run KUBECTL_EXTERNAL_DIFF='diff -rN -U1000000' ${kubectl(p.kubeconfig, 50)} diff --concurrency=4 --server-side --field-manager=${p.field_manager} ${p.force_conflicts ? ['--force-conflicts'] : []} -f ${file}`,
  )

const list = (p: Settings, file: string): ShellText =>
  new ShellText(sh`${kubectl(p.kubeconfig, 50)} get --ignore-not-found -o name -f ${file}`)

const parseSeen = (answer: Raw): ManifestSeen => {
  const output = text(answer.stdout)
  const error = text(answer.stderr)
  if (answer.rc === 44) return { api: 'none' }
  if (answer.rc === 46) return { api: 'silent' }
  if (answer.rc === 45) return { api: 'answers', manifest: 'not-downloaded' }
  if (answer.rc === 0)
    return { api: 'answers', differs: wholeDiffs(output), there: output.split('\n').filter(line => line !== '') }
  if (answer.rc === 1 && output.startsWith('diff ')) return { api: 'answers', differs: wholeDiffs(output), there: [] }
  const kind = /no matches for kind "(\w+)"/.exec(error)?.[1]
  const namespace = /namespaces "([^"]+)" not found/.exec(error)?.[1]
  if (kind !== undefined || namespace !== undefined) {
    return { api: 'answers', missing: kind === undefined ? `Namespace ${namespace ?? ''}` : `kind ${kind}` }
  }
  const refused =
    /(?:Apply failed with \d+ conflict|is invalid: |\(BadRequest\)|strict decoding error|error parsing)[\s\S]*/.exec(
      error,
    )
  if (refused !== null) return { api: 'answers', rejected: error.trim() }
  throw new NotObserved(answer, 'what the API server makes of the manifest')
}
