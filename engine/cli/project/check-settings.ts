import type { LoadedSettings } from '../../config/settings.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { ConfigError } from '../../core/failure.js'
import { shellWords } from '../../python/shell-words.js'
import { whyNoKey } from './key-file.js'

/**
 * Refuses settings that are invalid for any host, even where no host of this run is connected to over ssh. A missing
 * key file is reported later, for the hosts that need it.
 * @throws ConfigError
 */
export const checkSettings = ({ values, origin }: Pick<LoadedSettings, 'values' | 'origin'>): void => {
  const problems = [...wordProblems(values.ssh_common_args), ...keyProblems(values.private_key)]
  const [first, ...more] = problems.map(({ setting, ...problem }) => ({
    ...problem,
    message: `${origin(setting)}: ${problem.message}`,
  }))
  if (first !== undefined) throw new ConfigError(first, ...more)
}

type SettingDiagnostic = Diagnostic & { readonly setting: keyof LoadedSettings['values'] }

const wordProblems = (words: string | undefined): readonly SettingDiagnostic[] => {
  try {
    shellWords(words ?? '')
    return []
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return [{ setting: 'ssh_common_args', message: `the arguments for ssh: ${error.message}`, hint: 'close the quote' }]
  }
}

const keyProblems = (file: string | undefined): readonly SettingDiagnostic[] => {
  const why = file === undefined ? undefined : whyNoKey(file)
  if (why === undefined) return []
  return [{ setting: 'private_key', message: `the key file ${file} ${why}`, hint: 'name the file of a private key' }]
}
