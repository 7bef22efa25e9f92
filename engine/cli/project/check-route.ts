import type { Target } from '../../core/connection.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import { shellWords } from '../../python/shell-words.js'
import { SshFiles } from '../../transport/ssh-config/files.js'
import { route } from '../../transport/ssh-config/route.js'

/** The value of a variable, and where it is written. */
interface Setting {
  readonly text: string
  readonly at: { readonly source?: Source }
}

/**
 * The variables for connecting to a host over ssh; undefined for one that no variable sets, and for one with a
 * template.
 */
export interface SshVariables {
  readonly name: string
  readonly address: Setting | undefined
  readonly user: Setting | undefined
  readonly args: Setting | undefined
  readonly extraArgs: Setting | undefined
}

/** Shared by all hosts, so that each file of ssh is read once. */
let files: SshFiles | undefined

/**
 * What ssh would refuse, or tkplay does not support: names that a shell could misread, options, jump hosts in a circle.
 */
export const routeProblems = (variables: SshVariables): readonly Diagnostic[] => {
  const problems = routed(variables)
  if (problems.length === 0) return []
  // The position of the problem is the variable without which there are fewer problems.
  const culprit = (['user', 'extraArgs', 'args', 'address'] as const).find(
    key =>
      variables[key] !== undefined &&
      routed({ ...variables, [key]: key === 'address' ? harmless : undefined }).length < problems.length,
  )
  const at = culprit === undefined ? {} : variables[culprit]?.at
  return problems.map(problem => ({ ...at, ...problem, message: `${variables.name}: ${problem.message}` }))
}

const harmless: Setting = { text: 'localhost', at: {} }

const routed = ({ name, address, user, args, extraArgs }: SshVariables): readonly Diagnostic[] => {
  files ??= new SshFiles()
  try {
    const target: Target = {
      name,
      kind: 'ssh',
      address: address?.text ?? name,
      ...(user === undefined ? {} : { user: user.text }),
      knownHosts: [],
      sshArgs: [args, extraArgs].flatMap(words => shellWords(words?.text ?? '')),
      connectTimeout: 1000,
    }
    route(target, files)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.all.map(({ kind: _, ...problem }) => problem)
    if (error instanceof RangeError)
      return [{ message: `the arguments for ssh: ${error.message}`, hint: 'close the quote' }]
    throw error
  }
}
