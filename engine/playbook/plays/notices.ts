import { didYouMean } from '../../config/did-you-mean.js'
import { formatSource, type Source } from '../../core/source.js'
import type { Step } from '../../core/step.js'
import { boundedTest } from '../../python/bounded-regex.js'
import { isTemplate } from '../../template/index.js'
import type { Problems } from '../problems/problems.js'

/** A handler's name as a task notifies it. */
interface Notice {
  readonly name: string
  readonly source: Source
  /** Whether the task is sure to be reached, and may change something. */
  readonly certain: boolean
}

/** Who notifies whom in one play, those included as far as they are known. */
export class Notices {
  readonly handlers: Step[] = []
  /** Whether more handlers may come that cannot be told before running. */
  hidden = false
  readonly #notices: Notice[] = []
  /** Handlers that an include brings: who notifies it runs them, named or not. */
  readonly #brought = new WeakSet<Step>()

  get all(): readonly Notice[] {
    return this.#notices
  }

  /** Names with templates are known only when the task runs. */
  note({ notify, module, changedWhen = [] }: Step, reached: boolean): void {
    const never = unchanging.has(module) || changedWhen.some(({ text }) => /^(?:false|no)$/i.test(text ?? ''))
    for (const { text = '', source } of notify) {
      if (source !== undefined && !isTemplate(text))
        this.#notices.push({ name: text, source, certain: reached && !never })
    }
  }

  /** The handlers after the first so many came by an include. */
  bring(from: number): void {
    for (const one of this.handlers.slice(from)) this.#brought.add(one)
  }

  needsName(one: Step): boolean {
    return (
      one.name === undefined &&
      (one.listen ?? []).length === 0 &&
      !one.module.startsWith('include_') &&
      !this.#brought.has(one)
    )
  }
}

/** They never say that something changed, and so notify nobody. */
const unchanging = new Set(
  [
    'assert debug fail include_role include_tasks include_vars kube_wait meta pause ping set_fact slurp stat',
    'wait_for wait_for_connection setup gather_facts',
  ].flatMap(line => line.split(' ')),
)

/** Handlers that a task notifies and the play does not have. */
export const judgeNotices = (notices: Notices, problems: Problems): void => {
  const names = [...new Set(notices.handlers.flatMap(namesOf))]
  const templates = notices.handlers.flatMap(({ name }) =>
    isTemplate(name?.text ?? '') ? [shapeOf(name?.text ?? '')] : [],
  )
  for (const one of notices.handlers)
    if (notices.needsName(one))
      problems.warn('a handler without a name', one.source, 'name it, or nobody can notify it')
  const said = new Set<string>()
  for (const { name, source, certain } of notices.all) {
    if (names.includes(name) || templates.some(shape => boundedTest(shape, name))) continue
    const key = `${formatSource(source)} ${name}`
    if (said.has(key)) continue
    said.add(key)
    const known = names.length === 0 ? "it has none: add it under 'handlers:'" : `the play has: ${names.join(', ')}`
    const isSure = certain && !notices.hidden
    problems.find('handler', isSure, `no handler is called '${name}'`, source, didYouMean(name, names) ?? known)
  }
}

/** As the run looks them up: by its name, with its role's before it, and by its topics. */
const namesOf = ({ name, origin, listen = [] }: Step): readonly string[] => {
  const { text } = name ?? {}
  if (text === undefined || isTemplate(text)) return listen
  return [text, ...(origin.role === undefined ? [] : [`${origin.role.name} : ${text}`]), ...listen]
}

/** Any text may stand where the name holds a template, and its role's name before it. */
const shapeOf = (text: string): RegExp => {
  const fixed = text.split(/\{\{.*?\}\}|\{%.*%\}|\{#.*?#\}/s)
  return new RegExp(`${fixed.map(one => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 's')
}
