import { didYouMean } from '../../config/did-you-mean.js'
import { formatSource, type Source } from '../../core/source.js'
import type { Step } from '../../core/step.js'
import { boundedTest } from '../../python/bounded-regex.js'
import { isTemplate } from '../../template/index.js'
import type { Problems } from './problems.js'

/** A handler's name as a task notifies it. */
interface Notification {
  readonly name: string
  readonly source: Source
  /** Whether the task is certain to be reached, and may change something. */
  readonly certain: boolean
}

/** Who notifies whom in one play, those included as far as they are known. */
export class Notifications {
  readonly #handlers: Step[] = []
  readonly #all: Notification[] = []
  /** Whether more handlers may come that cannot be told before running. */
  #handlersMayCome = false
  /** Handlers that an include among the handlers brings: a task that notifies the include runs them, named or not. */
  readonly #included = new WeakSet<Step>()

  get all(): readonly Notification[] {
    return this.#all
  }

  get handlers(): readonly Step[] {
    return this.#handlers
  }

  get handlersMayCome(): boolean {
    return this.#handlersMayCome
  }

  noteUnknownHandlers(): void {
    this.#handlersMayCome = true
  }

  addHandler(step: Step): void {
    this.#handlers.push(step)
  }

  /** Names with templates are known only when the task runs. */
  add({ notify, module, changedWhen = [] }: Step, isReached: boolean): void {
    const never = unchanging.has(module) || changedWhen.some(({ text }) => /^(?:false|no)$/i.test(text ?? ''))
    for (const { text = '', source } of notify) {
      if (source !== undefined && !isTemplate(text))
        this.#all.push({ name: text, source, certain: isReached && !never })
    }
  }

  /** The handlers from this index on came by an include. */
  markIncluded(from: number): void {
    for (const one of this.#handlers.slice(from)) this.#included.add(one)
  }

  needsName(one: Step): boolean {
    return (
      one.name === undefined &&
      (one.listen ?? []).length === 0 &&
      !one.module.startsWith('include_') &&
      !this.#included.has(one)
    )
  }
}

/** Modules that are never `changed`, and so notify nobody. */
const unchanging = new Set(
  [
    'assert debug fail include_role include_tasks include_vars kube_wait meta pause ping set_fact slurp stat',
    'wait_for wait_for_connection setup gather_facts',
  ].flatMap(line => line.split(' ')),
)

/** Handlers that a task notifies and the play does not have. */
export const checkNotifications = (notifications: Notifications, problems: Problems): void => {
  const names = [...new Set(notifications.handlers.flatMap(namesOf))]
  const templates = notifications.handlers.flatMap(({ name }) =>
    isTemplate(name?.text ?? '') ? [shapeOf(name?.text ?? '')] : [],
  )
  for (const one of notifications.handlers)
    if (notifications.needsName(one))
      problems.warn('a handler without a name', one.source, 'name it, or nobody can notify it')
  const said = new Set<string>()
  for (const { name, source, certain } of notifications.all) {
    if (names.includes(name) || templates.some(shape => boundedTest(shape, name))) continue
    const key = `${formatSource(source)} ${name}`
    if (said.has(key)) continue
    said.add(key)
    const known = names.length === 0 ? "it has none: add it under 'handlers:'" : `the play has: ${names.join(', ')}`
    const isCertain = certain && !notifications.handlersMayCome
    problems.addTaskFailure(
      'handler',
      isCertain,
      `no handler is called '${name}'`,
      source,
      didYouMean(name, names) ?? known,
    )
  }
}

/** The names by which the run looks up a handler: its own, its own behind its role's, and its topics. */
const namesOf = ({ name, origin, listen = [] }: Step): readonly string[] => {
  const { text } = name ?? {}
  if (text === undefined || isTemplate(text)) return listen
  return [text, ...(origin.role === undefined ? [] : [`${origin.role.name} : ${text}`]), ...listen]
}

/** Matches the names that a name with templates may become: any text for each template, and its role's name before it. */
const shapeOf = (text: string): RegExp => {
  const fixed = text.split(/\{\{.*?\}\}|\{%.*%\}|\{#.*?#\}/s)
  return new RegExp(`${fixed.map(one => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 's')
}
