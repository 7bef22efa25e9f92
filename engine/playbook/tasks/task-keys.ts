import { didYouMean } from '../../config/did-you-mean.js'
import type { Source } from '../../core/source.js'
import { type Dict, isDict } from '../../core/value.js'
import { shortName } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import { type Entry, entriesOf } from '../entry.js'
import { isTaskKeyword, keyword, keywordNames } from '../keywords/keywords.js'
import { type Callee, findModule, moduleNames } from './callee.js'
import { splitWords } from './key-value.js'

/** A task's entries told apart: keywords, and the one that names its module. */
export interface TaskKeys {
  readonly keywords: readonly Entry[]
  readonly call:
    | { readonly name: string; readonly callee: Callee | undefined; readonly params: Entry; readonly local: boolean }
    | undefined
}

/** Problems for unknown keywords, for no module, and for more than one. */
export const splitTask = (into: Compilation, dict: Dict, source: Source): TaskKeys => {
  const entries = entriesOf(dict, source)
  const keywords = entries.filter(entry => isTaskKeyword(entry.key))
  const others = entries.filter(entry => !isTaskKeyword(entry.key))
  const called = others.filter(({ key }) => findModule(into.load, key) !== undefined)
  const action = keywords.find(({ key }) => key === 'action' || key === 'local_action')
  for (const entry of others)
    if (!called.includes(entry)) misplaced(into, entry, called.length > 0 || action !== undefined || others.length > 1)
  const [first, second] = called
  if (second !== undefined || (first !== undefined && action !== undefined)) {
    const extra = second ?? (action as Entry)
    into.problems.add(
      `two modules in one task: '${first?.key}' and '${extra.key}'`,
      extra.keySource,
      "make two tasks: each begins with '- '",
    )
  }
  if (first !== undefined)
    return {
      keywords,
      call: { name: first.key, callee: findModule(into.load, first.key), params: first, local: false },
    }
  if (action !== undefined) return { keywords, call: actionCall(into, action) }
  const [only] = others
  if (others.length === 1 && only !== undefined && !looksLikeKeyword(into, only.key)) {
    return { keywords, call: { name: only.key, callee: undefined, params: only, local: false } }
  }
  if (others.length === 0)
    into.problems.add('the task has no module', source, "add one: 'shell: …', 'copy: …', 'include_tasks: …'")
  return { keywords, call: undefined }
}

/** A problem for a key that is neither a keyword nor a module. A lone one that is not near a keyword is taken for an unknown module. */
const misplaced = (into: Compilation, { key, keySource }: Entry, hasModule: boolean): void => {
  if (!hasModule && !looksLikeKeyword(into, key)) return
  const elsewhere = keyword(key)
  if (elsewhere !== undefined) {
    into.problems.add(
      `'${key}' belongs to a ${elsewhere.on.join(', ')}, not to a task`,
      keySource,
      `move it to the ${elsewhere.on[0]}`,
    )
    return
  }
  const near = didYouMean(key, [
    ...keywordNames('task'),
    'with_items',
    'with_dict',
    'with_fileglob',
    'with_first_found',
  ])
  into.problems.add(
    `unknown keyword '${key}'`,
    keySource,
    near ??
      didYouMean(shortName(key), moduleNames(into.load)) ??
      'is it a parameter of the module? Then indent it under the module',
  )
}

const looksLikeKeyword = (into: Compilation, key: string): boolean =>
  keyword(key) !== undefined ||
  (didYouMean(key, keywordNames('task')) !== undefined &&
    didYouMean(shortName(key), moduleNames(into.load)) === undefined)

/** `action: copy src=a dest=b`, `local_action: {module: copy, src: a}`. */
const actionCall = (into: Compilation, entry: Entry): TaskKeys['call'] => {
  const local = entry.key === 'local_action'
  const { value } = entry
  if (isDict(value) && typeof value.get('module') === 'string') {
    const name = String(value.get('module'))
    const params = new Map([...value].filter(([key]) => key !== 'module'))
    return { name, callee: findModule(into.load, name), params: { ...entry, value: params }, local }
  }
  const first = typeof value === 'string' ? splitWords(value)?.[0] : undefined
  if (typeof value !== 'string' || first === undefined) {
    into.problems.add(`'${entry.key}' names no module`, entry.source, `write ${entry.key}: shell uptime`)
    return undefined
  }
  const rest = value.slice(first.end).trim()
  return {
    name: first.text,
    callee: findModule(into.load, first.text),
    params: { ...entry, value: rest === '' ? null : rest },
    local,
  }
}
