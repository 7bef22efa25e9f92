import { dirname, resolve } from 'node:path'
import { didYouMean } from '../../config/did-you-mean.js'
import { shownPath } from '../../config/files/shown-path.js'
import { readYaml, sourceOf } from '../../config/yaml/yaml.js'
import type { Source } from '../../core/source.js'
import type { Play } from '../../core/step.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { rank } from '../../core/vars.js'
import { shortName } from '../../template/index.js'
import type { Compiler } from '../compiler.js'
import type { Context } from '../context.js'
import { entriesOf, entryOf } from '../entry.js'
import { applyKeywords } from '../keywords/keywords.js'
import { asText } from '../keywords/scalars.js'
import { kindOf } from '../problems/kind-of.js'
import { staticValue, varsLayer } from '../variables/variables.js'
import { compilePlay } from './play.js'

/** A playbook's plays, with those that it imports. @param chain the playbooks that led here */
export const compilePlaybook = async (
  compiler: Compiler,
  outer: Context,
  path: string,
  chain: readonly string[] = [],
): Promise<readonly Play[]> => {
  const { into } = outer
  const file = shownPath(path)
  const tree = await readYaml(path, file, { pipe: chain.length === 0 })
  const start = sourceOf(tree) ?? { file, line: 1, col: 1 }
  const dir = dirname(resolve(path))
  const context: Context = { ...outer, origin: { playDir: dir, dir } }
  if (!Array.isArray(tree)) {
    const what = tree === null ? 'is empty' : `must be a list of plays, not ${kindOf(tree)}`
    into.problems.add(
      `a playbook ${what}`,
      start,
      isDict(tree) ? "begin the play with '- '" : "write '- hosts: all', and under it 'tasks:'",
    )
    return []
  }
  if (tree.length === 0)
    into.problems.warn('a playbook without plays', start, "write '- hosts: all', and under it 'tasks:'")
  const plays: Play[] = []
  for (const [index, one] of tree.entries())
    plays.push(
      ...(await compileEntry(compiler, context, one, sourceOf(tree, index) ?? start, [...chain, resolve(path)])),
    )
  return plays
}

const compileEntry = async (
  compiler: Compiler,
  context: Context,
  one: Value,
  source: Source,
  chain: readonly string[],
): Promise<readonly Play[]> => {
  if (!isDict(one)) {
    context.into.problems.add(
      `a play must be a dict, not ${kindOf(one)}`,
      source,
      "write '- hosts: all', and under it 'tasks:'",
    )
    return []
  }
  const key = [...one.keys()].find(name => shortName(String(name)) === 'import_playbook')
  if (key !== undefined) return importPlaybook(compiler, context, one, String(key), source, chain)
  if (!playKeys.some(name => one.has(name)) && one.size > 0) {
    context.into.problems.add(
      'a task where a play belongs',
      source,
      "a playbook is a list of plays: write '- hosts: all', and put the tasks under 'tasks:'",
    )
    return []
  }
  return [await compilePlay(compiler, context, one, source)]
}

/** A dict with none of these is no play. */
const playKeys = ['hosts', 'tasks', 'roles', 'pre_tasks', 'post_tasks', 'handlers', 'gather_facts']

const importKeywords = ['import_playbook', 'name', 'vars', 'when', 'tags']

const importPlaybook = async (
  compiler: Compiler,
  context: Context,
  dict: Dict,
  key: string,
  source: Source,
  chain: readonly string[],
): Promise<readonly Play[]> => {
  const { into } = context
  const entries = entriesOf(dict, source)
  for (const { key: name, keySource } of entries) {
    if (name === key || importKeywords.includes(name)) continue
    into.problems.add(
      `unknown keyword '${name}' beside import_playbook`,
      keySource,
      didYouMean(name, importKeywords) ?? 'it takes name, vars, when and tags',
    )
  }
  const imported = entryOf(dict, key, source)
  const name = asText(into, imported)
  if (name === undefined) return []
  const known = staticValue(context, into.template(name, imported.source))
  if (typeof known !== 'string') {
    into.problems.add(
      'import_playbook: its name depends on variables of hosts',
      imported.source,
      'use a variable of the command line, or write it out',
    )
    return []
  }
  const path = resolve(context.origin.dir, known)
  if (chain.includes(path)) {
    into.problems.add(`${known} imports itself`, imported.source, 'take one of the imports out')
    return []
  }
  const inner = applyKeywords(
    context,
    entries.filter(one => one.key === 'when' || one.key === 'tags'),
    'block',
  )
  const vars = dict.has('vars')
    ? [varsLayer(into, entryOf(dict, 'vars', source), rank.playVars, 'vars of import_playbook')]
    : []
  try {
    const under = { ...inner, playVars: [...inner.playVars, ...vars], id: `${inner.id}${source.file}:${source.line}>` }
    return await compilePlaybook(compiler, under, path, chain)
  } catch (error) {
    into.problems.addThrown(error)
    return []
  }
}
