import t from 'tap'
import { ConfigError } from '../../../engine/core/failure.js'
import type { Step } from '../../../engine/core/step.js'
import { RefusedPlaybook } from '../../../engine/playbook/problems/problems.js'
import { ownSteps, steps, tasks } from './load.js'

const inside = (name: string) => `- include_tasks: ${name}.yml\n  when: deeper\n`

/** Each include leads to two more files, so that compiling one has to wait for files several times. */
const files = {
  'whole.yml': `${inside('whole-2')}- ping:\n`,
  'whole-2.yml': `${inside('whole-3')}- ping:\n`,
  'whole-3.yml': '- ping:\n- meta: end_play\n',
  'broken.yml': `${inside('broken-2')}- ping:\n  becom: true\n`,
  'broken-2.yml': `${inside('broken-3')}- ping:\n`,
  'broken-3.yml': '- no_such_module:\n- ping:\n  loop: 3\n',
  'roles/own/tasks/main.yml': `${inside('/none')}- ping:\n  notify: own handler\n`,
  'roles/own/handlers/main.yml': '- name: own handler\n  ping:\n',
  'roles/own/defaults/main.yml': 'own_default: 1\n',
}

const told = (result: PromiseSettledResult<unknown>) => {
  if (result.status === 'fulfilled') return undefined
  const error: unknown = result.reason
  if (!(error instanceof ConfigError)) throw error
  const findings = error instanceof RefusedPlaybook ? error.findings : []
  return { errors: error.all.map(({ message }) => message), findings: findings.map(({ message }) => message) }
}

t.test('includes that are compiled at once have their own problems and no others', async t => {
  const loaded = await tasks(t, '- include_tasks: "{{ f }}"\n- include_role: {name: "{{ f }}"}\n', files)
  const { loader } = loaded
  const [include, role] = ownSteps(loaded) as [Step, Step]
  const broken = {
    errors: ["unknown keyword 'becom'"],
    findings: ["'loop' must be a list, not 3", "unknown module 'no_such_module'"],
  }
  const alone = told((await Promise.allSettled([loader.includeTasks(include, 'broken.yml', [])]))[0])
  t.same(alone, broken)
  for (const order of [
    ['broken', 'whole', 'own'],
    ['whole', 'broken', 'own'],
    ['own', 'whole', 'broken'],
  ]) {
    // A layer makes each include be compiled anew, as in a loop.
    const layers = [{ rank: 21, name: 'loop', bindings: new Map([['item', { value: 1, data: true as const }]]) }]
    const results = await Promise.allSettled(
      order.map(name =>
        name === 'own'
          ? loader.includeRole(role, new Map([['name', name]]), layers)
          : loader.includeTasks(include, `${name}.yml`, layers),
      ),
    )
    const by = new Map(order.map((name, index) => [name, results[index] as (typeof results)[number]]))
    for (const [name, result] of by)
      t.same(told(result), name === 'broken' ? alone : undefined, `${order.join(', ')}: ${name}`)
    for (const name of ['whole', 'own']) {
      const nodes = (by.get(name) as PromiseFulfilledResult<Awaited<ReturnType<typeof loader.includeTasks>>>).value
      t.equal(steps(nodes).length, 2)
      t.same(
        loader.handlersOf(nodes).map(one => one.name?.text),
        name === 'own' ? ['own handler'] : [],
        'handlers of the role come with the role',
      )
    }
  }
})
