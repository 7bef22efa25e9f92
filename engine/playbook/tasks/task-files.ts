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
import { type Kind, placesIn, searchPath } from '../files/search-path.js'
import type { Call } from './module-call.js'

/** Modules that bring a file of this machine, and the folder in which a role has it. */
const brings: ReadonlyMap<string, Kind> = new Map([
  ['copy', 'files'],
  ['template', 'templates'],
])

/**
 * The file that a task brings, as far as its name is known. That it is not there is a finding, since an earlier task may make it. A mistake of
 * syntax in a template is one of the playbook.
 */
export const judgeFile = (context: Context, { callee, dict, dynamic }: Call, certain: boolean): void => {
  const kind = brings.get(callee.name)
  const src = dict.get('src')
  const remote = dict.get('remote_src') ?? false
  if (kind === undefined || dynamic || typeof src !== 'string' || src === '' || hasTemplate(src)) return
  if (remote !== false) return
  const source = sourceOf(dict, 'src')
  const places = placesIn(searchPath(context.origin), kind, src)
  const file = places.find(place => existsSync(place))
  if (file === undefined && certain)
    context.into.problems.warn(`there is no file '${src}'`, source, lookedFor(src, places, shownPath))
  else if (file !== undefined && callee.name === 'template' && isFile(file)) judgeTemplate(context.into, file, certain)
}

const judgeTemplate = (into: Compilation, file: string, certain: boolean): void => {
  const said = certain ? 'errors' : 'warnings'
  try {
    const { names, problems } = compileFile(
      decodeText(readLocal(file), shownPath(file)),
      shownPath(file),
      {},
      into.load.options.templates,
    )
    for (const name of names) into.load.mentioned.add(name)
    for (const problem of problems) into.problems.take(problem, said, 'template')
  } catch (error) {
    // One that cannot be read is refused by the task, at its turn.
    if (whyUnread(error) !== undefined) return
    into.problems.take(error, said, 'template')
  }
}
