import t from 'tap'
import { PartDict, Unknown, type Value } from '../../../engine/core/value.js'
import { compileCondition, templateEnv } from '../../../engine/template/index.js'
import { evaluate, show, shown, variables } from '../../support/evaluate.js'

const u = new Unknown('the token')
const part = new PartDict([['changed', true]], u, ['skipped'])
const scope = variables(
  { yes: true, no: false, n: 5, list: [1, 2], hosts: { a: { ip: 1 } } },
  {
    u,
    part,
    mixed: [1, u, 3],
    holder: new Map<string, Value>([
      ['known', 1],
      ['open', u],
    ]),
  },
)
const UNKNOWN = 'unknown: the token'

const spreads = [
  '{{ u }}',
  'text {{ u }}',
  '{{ u + 1 }}',
  '{{ 1 ~ u }}',
  '{{ -u }}',
  '{{ u.anything.at["all"][0] }}',
  '{{ list[u] }}',
  '{{ list[u:] }}',
  '{{ u() }}',
  '{{ u.method(1) }}',
  '{{ u | upper }}',
  '{{ "a" | replace("a", u) }}',
  '{{ u | default("x") }}',
  '{{ u | mandatory }}',
  '{{ u | ternary(1, 2) }}',
  '{{ u == 1 }}',
  '{{ 1 < u }}',
  '{{ not u }}',
  '{{ yes and u }}',
  '{{ no or u }}',
  '{{ u and yes }}',
  '{{ u or no }}',
  '{{ 1 if u else 2 }}',
  '{{ u in list }}',
  '{{ 1 in u }}',
  '{{ 9 in mixed }}',
  '{{ u is failed }}',
  '{{ u is version("1", ">") }}',
  '{{ mixed | join(",") }}',
  '{{ mixed | sum }}',
  '{{ mixed | sort }}',
  '{{ mixed | max }}',
  '{{ mixed | to_json }}',
  '{{ mixed | select("odd") }}',
  '{{ mixed == [1, 2, 3] }}',
  '{{ holder | to_nice_yaml }}',
  '{{ range(u) }}',
  '{{ u | map("upper") | list | length }}',
  '{{ u | dict2items }}',
  '{{ {} | combine(u) }}',
  '{{ "%s" | format(u) }}',
  '{{ "{}".format(u) }}',
  '{{ 1 < u < 3 }}',
  '{% if u %}a{% endif %}',
  '{% for x in u %}a{% endfor %}',
  '{% for x in list if u %}a{% endfor %}',
  '{% set x = u %}a{{ x }}',
  '{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m(u) }}',
  '{{ lookup("items", u) }}',
  '{{ part.stdout }}',
  '{{ part["rc"] == 0 }}',
  '{{ part is failed }}',
  '{{ part.keys() }}',
  '{{ part | length }}',
  '{{ part | dict2items }}',
  '{{ "rc" in part }}',
  '{{ part.get("rc", 1) }}',
  '{{ part | to_json }}',
  '{% for key in part %}{{ key }}{% endfor %}',
  '{{ [u, "v1"] | unique | length }}',
  '{{ ["v1", u] | unique | length }}',
  '{{ [1, u] | unique }}',
  '{{ [u, u] | unique | length }}',
  '{{ [part, {"changed": yes, "rc": 0}] | unique | length }}',
  '{{ part == {"changed": yes} }}',
  '{{ ["v1"] | union([u]) | length }}',
  '{{ ["v1"] | intersect([u]) }}',
  '{{ ["v1"] | difference([u]) }}',
  '{{ ["v1"].count(u) }}',
  '{{ [u, "v1"].count("v1") }}',
  '{{ ["v1"].index(u) }}',
  '{{ [u, "v1"].index("v1") }}',
  '{{ dict([[u, 1]]) }}',
  '{{ dict([u]) }}',
  '{{ [{"key": u, "value": 1}] | items2dict }}',
  '{{ [u] | items2dict }}',
  '{{ {u: 1} }}',
]
for (const text of spreads) t.equal(shown(text, scope), UNKNOWN, text)

const decided: readonly (readonly [string, string])[] = [
  ['{{ no and u }}', 'False'],
  ['{{ u and no }}', 'False'],
  ['{{ yes or u }}', 'True'],
  ['{{ u or yes }}', 'True'],
  ['{{ (u or 1 == 1) and n == 5 }}', 'True'],
  ['{{ u and missing.attribute }}', UNKNOWN],
  ['{{ u is defined }}', 'True'],
  ['{{ u.x is defined }}', UNKNOWN],
  ['{{ part.rc is defined }}', UNKNOWN],
  ['{{ part.rc is not defined }}', UNKNOWN],
  ['{{ list[u] is defined }}', UNKNOWN],
  ['{{ [part] | selectattr("rc", "defined") }}', UNKNOWN],
  ['{{ [part] | selectattr("changed", "defined") | length }}', '1'],
  ['{{ part.skipped is defined }}', 'False'],
  ['{{ part.skipped | default(3) }}', '3'],
  ['{{ part.get("skipped", 3) }}', '3'],
  ['{{ "skipped" in part }}', 'False'],
  ['{{ part is skipped }}', 'False'],
  ['{{ u is undefined }}', 'False'],
  ['{{ 1 in mixed }}', 'True'],
  ['{{ mixed == [2, 2, 3] }}', 'False'],
  ['{{ mixed | length }}', '3'],
  ['{{ mixed | first }}', '1'],
  ['{{ mixed | last }}', '3'],
  ['{{ mixed[0] }}', '1'],
  ['{{ holder.known }}', '1'],
  ['{{ holder.open }}', UNKNOWN],
  ['{{ holder | combine({"more": 2}) | length }}', '3'],
  ['{{ (holder | combine({"open": 2})).open }}', '2'],
  ['{{ [1, u] | select("defined") | list | length }}', '2'],
  ['{{ [no, u] | select | list }}', UNKNOWN],
  ['{{ [no, u, yes] is any }}', 'True'],
  ['{{ [no, u] is all }}', 'False'],
  ['{{ 3 < 2 < u }}', 'False'],
  ['{{ [u, 1] | map("default", 2) | last }}', '1'],
  ['{{ 1 if yes else u }}', '1'],
  ['{% if yes %}a{% elif u %}b{% endif %}', "'a'"],
  ['{{ part.changed }}', 'True'],
  ['{{ part is changed }}', 'True'],
  ['{{ "changed" in part }}', 'True'],
  ['{{ [u] | unique | length }}', '1'],
  ['{{ ["v1", "v1"] | unique | length }}', '1'],
  ['{{ ["v1", [u]] | unique | length }}', '2'],
  ['{{ ["v1", u].index("v1") }}', '0'],
  ['{{ part == {"changed": no} }}', 'False'],
  ['{{ {} == part }}', 'False'],
]
for (const [text, gives] of decided) t.equal(shown(text, scope), gives, text)

t.test('a condition is true, false or unknown', async t => {
  const env = templateEnv()
  const answer = (text: string) => show(compileCondition(text, undefined, env).evaluate(scope))
  t.equal(answer('u'), UNKNOWN)
  t.equal(answer('u == 1 and n == 5'), UNKNOWN)
  t.equal(answer('u == 1 and n == 6'), 'False')
  t.equal(answer('n == 5 or u'), 'True')
  t.equal(answer('part is not failed'), UNKNOWN)
})

t.test('a result keeps what is known of it', async t => {
  const value = evaluate('{{ part }}', scope)
  t.ok(value instanceof PartDict && value.get('changed') === true && value.rest === u)
  t.strictSame(evaluate('{{ mixed }}', scope), [1, u, 3])
})
