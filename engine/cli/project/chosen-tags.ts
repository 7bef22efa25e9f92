import { didYouMean } from '../../config/did-you-mean.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { ConfigError } from '../../core/failure.js'
import type { LoadedPlaybooks } from '../../playbook/playbook.js'
import type { Flags } from '../options.js'

/** Special values of --tags and --skip-tags. */
const words = ['all', 'always', 'never', 'tagged', 'untagged']

/**
 * Tags of the command line that no task has. For `--tags` this is an error, since the wanted task would not run. For
 * `--skip-tags` it is an error where a typo is likely, since a task would run that should not. @returns warnings
 * @throws ConfigError
 */
export const checkTags = (
  { names, hidden }: LoadedPlaybooks['tags'],
  { tags = [], skipTags = [] }: Flags,
): readonly Diagnostic[] => {
  const known = [...names].sort()
  const missing = (flag: string, given: readonly string[]) =>
    given
      .filter(tag => !names.has(tag) && !words.includes(tag))
      .map(tag => {
        const near = didYouMean(tag, known)
        const others = known.length === 0 ? 'no task has tags' : `tags are ${known.join(', ')}`
        return { message: `${flag}: no task has the tag '${tag}'`, hint: near ?? others, isSlip: near !== undefined }
      })
  const chosen = missing('--tags', tags)
  const skipped = missing('--skip-tags', skipTags)
  const errors = [...(tags.includes('all') ? [] : chosen), ...skipped.filter(({ isSlip }) => isSlip)]
  const [first, ...more] = hidden ? [] : errors.map(asProblem)
  if (first !== undefined) throw new ConfigError(first, ...more)
  return [...chosen, ...skipped].map(asProblem)
}

const asProblem = ({ message, hint }: Diagnostic): Diagnostic => ({ message, ...(hint === undefined ? {} : { hint }) })
