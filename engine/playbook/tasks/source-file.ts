import { existsSync } from 'node:fs'
import { readLocal, whyUnread } from '../../config/files/local-file.js'
import { lookedFor } from '../../config/files/near-file.js'
import { shownPath } from '../../config/files/shown-path.js'
import { decodeText } from '../../config/files/text.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import { compileFile } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import type { Context } from '../context.js'
import { hasTemplate } from '../entry.js'
import { isFile } from '../files/find-file.js'
import { candidatesIn, type Kind, searchPath } from '../files/search-path.js'
import type { Call } from './module-call.js'

/** Modules that bring a file of this machine, and the folder in which a role has it. */
const brings: ReadonlyMap<string, Kind> = new Map([
  ['copy', 'files'],
  ['template', 'templates'],
])

/**
 * Looks at the file that a task brings, where its name is known. A missing file is a finding, since an earlier task may make it. A mistake
 * of syntax in a template is told as one in the playbook is.
 */
export const checkSourceFile = (context: Context, { callee, dict, dynamic }: Call, certain: boolean): void => {
  const kind = brings.get(callee.name)
  const src = dict.get('src')
  const remote = dict.get('remote_src') ?? false
  if (kind === undefined || dynamic || typeof src !== 'string' || src === '' || hasTemplate(src)) return
  if (remote !== false) return
  const source = sourceOf(dict, 'src')
  const candidates = candidatesIn(searchPath(context.origin), kind, src)
  const file = candidates.find(one => existsSync(one))
  if (file === undefined && certain)
    context.into.problems.warn(`there is no file '${src}'`, source, lookedFor(src, candidates, shownPath))
  else if (file !== undefined && callee.name === 'template' && isFile(file)) checkTemplate(context.into, file, certain)
}

const checkTemplate = (into: Compilation, file: string, certain: boolean): void => {
  const said = certain ? 'errors' : 'warnings'
  try {
    const { names, problems } = compileFile(
      decodeText(readLocal(file), shownPath(file)),
      shownPath(file),
      {},
      into.load.options.templates,
    )
    for (const name of names) into.load.mentioned.add(name)
    for (const problem of problems) into.problems.addThrown(problem, said, 'template')
  } catch (error) {
    // The task itself refuses a file that cannot be read, at its turn.
    if (whyUnread(error) !== undefined) return
    into.problems.addThrown(error, said, 'template')
  }
}
