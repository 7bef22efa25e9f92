import type { Scope } from '../engine/core/expr.js'
import { fromJson, type Value } from '../engine/core/value.js'
import { compileCondition, compileTemplate, templateEnv } from '../engine/template/index.js'

/** Prints the processor time of evaluating typical templates, in microseconds. Asserts nothing. */

const variables = new Map<string, Value>(
  Object.entries({
    ansible_facts: fromJson({ os_family: 'Debian', distribution_version: '12', memory: { total: 4096 } }),
    kube_version: '1.31.2',
    foo: fromJson({ rc: 0, stdout: 'active', stdout_lines: ['active'], changed: false, failed: false }),
    groups: fromJson({ control_plane: ['n1'], worker: ['n2', 'n3'] }),
    inventory_hostname: 'n2',
    hosts: fromJson(Array.from({ length: 50 }, (_, index) => ({ name: `n${index}`, address: `10.0.0.${index}` }))),
  }),
)
const scope: Scope = { get: name => variables.get(name), names: () => variables.keys() }

const conditions = [
  'foo.rc == 0',
  "inventory_hostname in groups['worker']",
  "ansible_facts.os_family == 'Debian'",
  "ansible_facts.os_family == 'Debian' and kube_version is version('1.31', '>=')",
  "foo is not failed and foo.stdout != 'inactive'",
  "foo.stdout is search('act') and undefined_thing is not defined",
  "ansible_facts['memory']['total'] | int > 2048",
]

const templates = [
  '{{ inventory_hostname }}',
  '/etc/{{ inventory_hostname }}/{{ kube_version }}.conf',
  "{{ kube_version | regex_replace('^(\\d+\\.\\d+).*', '\\1') }}",
  "{{ hosts | map(attribute='address') | join(',') }}",
  '{% for host in hosts %}{{ host.address }} {{ host.name }}\n{% endfor %}',
]

const measure = (run: () => unknown): number => {
  const times = Array.from({ length: 7 }, () => {
    const count = 20_000
    const start = process.cpuUsage().user
    for (let index = 0; index < count; index++) run()
    return (process.cpuUsage().user - start) / count
  })
  return times.sort((a, b) => a - b)[3] ?? 0
}

const env = templateEnv()
const show = (what: string, text: string, microseconds: number): void =>
  console.log(`${microseconds.toFixed(2).padStart(8)} µs  ${what}  ${text.replaceAll('\n', '\\n')}`)

for (const text of conditions) {
  const compiled = compileCondition(text, undefined, env)
  show(
    'evaluate',
    text,
    measure(() => compiled.evaluate(scope)),
  )
}
for (const text of templates) {
  const compiled = compileTemplate(text, undefined, env)
  show(
    'evaluate',
    text,
    measure(() => compiled.evaluate(scope)),
  )
}
for (const text of conditions.slice(0, 4)) {
  show(
    'compile again (cached)',
    text,
    measure(() => compileCondition(text, undefined, env)),
  )
}
const [first = ''] = conditions.slice(3)
show(
  'compile',
  first,
  measure(() => compileCondition(`${first} `, undefined, { ...env, cache: new Map() })),
)
