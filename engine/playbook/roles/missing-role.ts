import { join } from 'node:path'
import { didYouMean } from '../../config/did-you-mean.js'
import { readLocal } from '../../config/files/local-file.js'
import { shownPath } from '../../config/files/shown-path.js'
import { constant } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import type { Step } from '../../core/step.js'
import type { Context } from '../context.js'
import { foldersIn } from '../files/find-file.js'
import { isCertain } from '../problems/certainty.js'
import { baseStep, failing } from '../tasks/base-step.js'
import { collectionOf } from './find-role.js'

/**
 * A role that is not found: an error where it is certain to be reached, else a finding, and a step that fails at its turn.
 * @param context with the role's own keywords
 * @param isIncluded by an include, which then fails itself
 */
export const missingRole = (
  context: Context,
  name: string,
  source: Source,
  { looked, isIncluded }: { readonly looked: readonly string[]; readonly isIncluded: boolean },
): readonly Step[] => {
  const { into } = context
  const hint =
    installing(name, context.origin.playDir) ??
    didYouMean(name, looked.flatMap(foldersIn)) ??
    `looked in ${looked.map(shownPath).join(', ')}${into.load.options.rolesHint}`
  const error = new ConfigError({ about: 'role', message: `no such role: ${name}`, source, hint })
  const isRefused = isIncluded || isCertain(context)
  into.mayBring({ handlers: true })
  into.problems.addThrown(error, isRefused ? 'errors' : 'warnings')
  if (isRefused) return []
  const id = `${context.id}${source.file}:${source.line}>${name}`
  const text = `role ${name}`
  return [
    {
      ...baseStep(context, source),
      id,
      name: { ...constant(text), text },
      module: 'import_role',
      params: failing(error, source),
    },
  ]
}

/** The command that installs it, for names as Galaxy has them. */
const installing = (name: string, playDir: string): string | undefined => {
  const collection = collectionOf(name)
  const what = collection ?? (/^\w[\w-]*\.\w[\w-]*$/.test(name) ? name : undefined)
  if (what === undefined) return undefined
  const listed = ['requirements.yml', 'roles/requirements.yml', 'collections/requirements.yml']
    .map(file => join(playDir, file))
    .find(file => lists(file, what))
  if (listed !== undefined) return `install what is listed: ansible-galaxy install -r ${shownPath(listed)}`
  return `install it: ansible-galaxy ${collection === undefined ? 'role' : 'collection'} install ${what}`
}

/** Whether a file names it. A file that cannot be read costs only a hint. */
const lists = (file: string, what: string): boolean => {
  try {
    return readLocal(file).includes(what)
  } catch {
    return false
  }
}
