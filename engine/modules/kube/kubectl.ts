import { ShellText, sh } from '../../shell/quote.js'
import { adminConf } from './paths.js'

/**
 * kubectl for reading: without its discovery cache, which it would write into ~/.kube, and bounded in time.
 * A `get --raw` needs no discovery at all.
 */
export const kubectl = (kubeconfig: string = adminConf, seconds = 8): ShellText =>
  new ShellText(sh`kubectl --kubeconfig=${kubeconfig} --cache-dir=/dev/null --request-timeout=${`${seconds}s`}`)

/** The same as an argv, for applying: the cache stays off, since root's home is the user's. */
export const kubectlArgv = (kubeconfig: string, ...words: readonly string[]): readonly string[] => [
  'kubectl',
  `--kubeconfig=${kubeconfig}`,
  '--cache-dir=/dev/null',
  ...words,
]
