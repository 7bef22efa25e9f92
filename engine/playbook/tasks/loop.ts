import { didYouMean } from '../../config/did-you-mean.js'
import { type Expr, noScope, type Scope } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import type { Loop } from '../../core/step.js'
import { isDict, type Value } from '../../core/value.js'
import { isVariableName, variableNames } from '../../core/vars.js'
import { shortName, withoutUndefined } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import { type Entry, entriesOf, hasTemplate } from '../entry.js'
import { asText, scalarExpr, unknownKeys } from '../keywords/scalars.js'
import { kindOf } from '../problems/kind-of.js'

/** How the items of a `with_…` become a list; all others are lookups of the name after `with_`. */
const native = new Map<string, Loop['kind']>([
  ['items', 'items'],
  ['list', 'list'],
  ['dict', 'dict'],
  ['together', 'together'],
  ['nested', 'nested'],
  ['cartesian', 'nested'],
  ['indexed_items', 'indexed_items'],
])

const own = new Set<Loop['kind']>(['sequence', 'subelements', 'fileglob', 'first_found'])

/** The loop of a task: `loop`, or one `with_…`. */
export const compileLoop = (
  into: Compilation,
  entries: readonly Entry[],
  module: string,
  certain: boolean,
): Loop | undefined => {
  const loops = entries.filter(({ key }) => key === 'loop' || key.startsWith('with_'))
  const control = entries.find(({ key }) => key === 'loop_control')
  const [loop, second] = loops
  if (second !== undefined)
    into.problems.add(
      `'${second.key}' beside '${loop?.key}'`,
      second.keySource,
      'a task has one loop: keep one of them',
    )
  if (loop === undefined) {
    if (control !== undefined)
      into.problems.add("'loop_control' without a loop", control.keySource, "add 'loop:', or remove it")
    return undefined
  }
  const items = itemsOf(into, loop, module)
  checkItems(into, loop, items.kind, certain)
  const controls = control === undefined ? {} : loopControl(into, control)
  const compiled: Loop = { variable: 'item', ...items, ...controls }
  for (const name of [compiled.variable, compiled.indexVariable, 'ansible_loop', 'ansible_loop_var'])
    if (name !== undefined) into.load.names.add(name)
  return compiled
}

/** A problem where a `with_…` has a literal value that can only fail its task. */
const checkItems = (into: Compilation, { key, value, source }: Entry, kind: Loop['kind'], certain: boolean): void => {
  const isText = typeof value === 'string' && hasTemplate(value)
  if (key === 'loop' || value === null || isText) return
  const wrong =
    kind === 'dict'
      ? [value].flat().find(one => !isDict(one) && !hasTemplate(one))
      : (kind === 'together' || kind === 'nested' || kind === 'list') &&
          native.get(key.slice('with_'.length)) === kind &&
          !Array.isArray(value)
        ? value
        : undefined
  if (wrong === undefined) return
  const needs = kind === 'dict' ? 'a dict' : 'a list'
  into.problems.addTaskFailure(
    'parameter',
    certain,
    `'${key}' must be ${needs}, not ${kindOf(wrong)}`,
    source,
    `write ${needs}, or a template that gives one`,
  )
}

const itemsOf = (
  into: Compilation,
  { key, keySource, value, source }: Entry,
  module: string,
): Pick<Loop, 'items' | 'kind'> => {
  if (value === null) into.problems.add(`'${key}' is empty`, source, 'give a list, or remove it')
  if (key === 'loop') {
    if (!Array.isArray(value) && !(typeof value === 'string' && value.includes('{{')) && value !== null) {
      into.problems.add(
        `'loop' must be a list, not ${kindOf(value)}`,
        source,
        typeof value === 'string'
          ? `write "{{ ${value} }}" for a variable, or a list`
          : isDict(value)
            ? 'write with_dict, or a list of items'
            : 'write a list of items',
      )
    }
    return { items: into.tree(value, source), kind: 'list' }
  }
  const name = key.slice('with_'.length)
  const kind = native.get(name)
  if (kind !== undefined) return { items: into.tree(value, source), kind }
  const { lookups } = into.load.options.templates
  if (!lookups.has(shortName(name))) {
    const words = [...native.keys(), ...lookups.keys()].map(one => `with_${one}`)
    const near = didYouMean(`with_${shortName(name)}`, words)
    into.problems.add(`there is no lookup for '${key}'`, keySource, near ?? "use 'loop:' with a list")
    return { items: into.tree([], source), kind: 'list' }
  }
  if (shortName(name) === 'first_found') return { items: firstFound(into, value, source, module), kind: 'first_found' }
  return {
    items: lookup(into, `query('${name}', *${termsName})`, name, into.tree(value, source), source),
    kind: own.has(name as Loop['kind']) ? (name as Loop['kind']) : 'list',
  }
}

/** `with_sequence: start=1 end=5` asks the lookup `sequence` with these terms. */
const lookup = (into: Compilation, text: string, name: string, terms: Expr, source: Source): Expr => {
  const call = into.expression(text, source)
  const names = [...new Set([...terms.names, ...call.names.filter(one => one !== termsName)])]
  const scopeWith = (scope: Scope, list: Value): Scope => ({
    get: one => (one === termsName ? list : scope.get(one)),
    names: () => scope.names(),
    ahead: scope.ahead === true,
  })
  return {
    source,
    text: `with_${name}`,
    names,
    constant: false,
    evaluate: scope => {
      const value = terms.evaluate(scope)
      return call.evaluate(scopeWith(scope, Array.isArray(value) ? value : [value]))
    },
  }
}

/** The module decides in which of the role's folders files are looked for. An undefined term is passed over. */
const firstFound = (into: Compilation, value: Value, source: Source, module: string): Expr => {
  const kind = module.includes('template') ? 'templates' : module.includes('var') ? 'vars' : 'files'
  const terms = withoutUndefined(value, into.load.options.templates, source)
  return lookup(into, `query('first_found', *${termsName}, subdir='${kind}')`, 'first_found', terms, source)
}

/** No name that a playbook can write. */
const termsName = 'tkplay__terms'

const controlKeys = ['loop_var', 'index_var', 'label', 'pause', 'extended', 'extended_allitems', 'break_when']

const loopControl = (into: Compilation, control: Entry): Partial<Loop> => {
  if (!isDict(control.value)) {
    into.problems.add(
      `'loop_control' must be a dict, not ${kindOf(control.value)}`,
      control.source,
      'write loop_var, label, … under it',
    )
    return {}
  }
  unknownKeys(into, control.value, controlKeys, 'loop_control', control.source)
  let made: Partial<Loop> = {}
  for (const entry of entriesOf(control.value, control.source)) {
    if (entry.key === 'loop_var' || entry.key === 'index_var') {
      const name = asText(into, entry)
      if (name === undefined) continue
      if (!isVariableName(name)) into.problems.add(`'${name}' is no name for a variable`, entry.source, variableNames)
      made = { ...made, [entry.key === 'loop_var' ? 'variable' : 'indexVariable']: name }
    } else if (entry.key === 'label') made = { ...made, label: into.tree(entry.value, entry.source) }
    else if (entry.key === 'pause') {
      const pause = scalarExpr(into, entry, 'number')
      if (pause !== undefined) made = { ...made, pause }
    } else if (entry.key === 'extended') {
      const flag = scalarExpr(into, entry, 'flag')
      if (flag?.constant === false)
        into.problems.warn("'extended' holds a template, and counts as false", entry.source, 'write true')
      made = { ...made, extended: flag?.constant === true && flag.evaluate(noScope) === true }
    } else if (entry.key === 'break_when')
      into.problems.add("'break_when' is not offered", entry.keySource, 'use until with retries, or a shorter list')
  }
  return made
}
