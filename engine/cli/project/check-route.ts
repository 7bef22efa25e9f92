import type { Target } from '../../core/connection.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import { shellWords } from '../../python/shell-words.js'
import { SshFiles } from '../../transport/ssh-config/files.js'
import { route } from '../../transport/ssh-config/route.js'

/** What a variable says, and where. */
interface Said {
  readonly text: string
  readonly at: { readonly source?: Source }
}

/** What is known of how a host is reached by ssh; undefined where no variable says it, or a template will. */
export interface SshWay {
  readonly name: string
  readonly address: Said | undefined
  readonly user: Said | undefined
  readonly args: Said | undefined
  readonly extraArgs: Said | undefined
}

/** One for all hosts: the files of ssh are read once. */
let files: SshFiles | undefined

/** What ssh would refuse, or tkplay cannot do: names that a shell could read otherwise, options, jumps that go in circles. */
export const routeProblems = (way: SshWay): readonly Diagnostic[] => {
  const problems = routed(way)
  if (problems.length === 0) return []
  // It stands in the variable without which there is less to say.
  const culprit = (['user', 'extraArgs', 'args', 'address'] as const).find(
    key =>
      way[key] !== undefined &&
      routed({ ...way, [key]: key === 'address' ? nowhere : undefined }).length < problems.length,
  )
  const at = culprit === undefined ? {} : way[culprit]?.at
  return problems.map(problem => ({ ...at, ...problem, message: `${way.name}: ${problem.message}` }))
}

const nowhere: Said = { text: 'localhost', at: {} }

const routed = ({ name, address, user, args, extraArgs }: SshWay): readonly Diagnostic[] => {
  files ??= new SshFiles()
  try {
    const target: Target = {
      name,
      kind: 'ssh',
      address: address?.text ?? name,
      ...(user === undefined ? {} : { user: user.text }),
      knownHosts: [],
      sshArgs: [args, extraArgs].flatMap(said => shellWords(said?.text ?? '')),
      connectTimeout: 1000,
    }
    route(target, files)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.all.map(({ kind: _, ...problem }) => problem)
    if (error instanceof RangeError)
      return [{ message: `the words for ssh: ${error.message}`, hint: 'close the quote' }]
    throw error
  }
}
