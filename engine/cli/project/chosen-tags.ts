import { didYouMean } from '../../config/did-you-mean.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { ConfigError } from '../../core/failure.js'
import type { LoadedPlaybooks } from '../../playbook/playbook.js'
import type { Flags } from '../options.js'

/** Words of the flags that mean no tag of a task. */
const words = ['all', 'always', 'never', 'tagged', 'untagged']

/**
 * Tags of the command line that no task has. Of `--tags` it is an error, as what was meant would not run; of `--skip-tags` where a
 * slip is likely, as what was to be left out would run. @returns what may be wrong
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
