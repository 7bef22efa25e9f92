import { LabProblem } from '../support/problem.js'
import { REPOSITORY_PATH, upstreamVariables } from './variables.js'

/** What a cluster is installed from where the network is open; each answers quickly or counts as out of reach. */
const SOURCES = [
  `https://pkgs.k8s.io/${REPOSITORY_PATH}Release.key`,
  'https://registry.k8s.io/v2/',
  String(upstreamVariables['calico_manifest_url']),
]

/** The sources that cannot be reached from here. */
export async function unreachableSources(
  timeout = 5_000,
  sources: readonly string[] = SOURCES,
): Promise<readonly string[]> {
  const reached = await Promise.all(
    sources.map(url =>
      fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(timeout) }).then(
        // Some registries answer 401 to the anonymous ping: they are there all the same.
        response => response.status < 500,
        () => false,
      ),
    ),
  )
  return sources.filter((_, index) => !reached[index])
}

export async function requireUpstream(): Promise<void> {
  const missing = await unreachableSources()
  if (missing.length === 0) return
  throw new LabProblem(
    `cannot reach ${missing.join(', ')}`,
    "use --source build, which needs Debian's archive and a Go module proxy only",
  )
}
