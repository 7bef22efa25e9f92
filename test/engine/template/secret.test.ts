import t from 'tap'
import { Secret, Unsafe, type Value } from '../../../engine/core/value.js'
import { compileCondition, compileFile, templateEnv } from '../../../engine/template/index.js'
import { evaluate, shown, variables } from '../../support/evaluate.js'

const password = new Secret('hunter2')
const scope = variables(
  { name: 'ann' },
  {
    password,
    user: new Map<string, Value>([
      ['name', 'ann'],
      ['password', password],
    ]),
    keys: new Secret(['a', 'b']),
    raw: new Unsafe('{{ name }}'),
    wrapped: new Map([['text', new Unsafe('{{ name }}')]]),
  },
)

const cases: readonly (readonly [string, string])[] = [
  ['{{ password }}', "secret: 'hunter2'"],
  ['pw={{ password }}', "secret: 'pw=hunter2'"],
  ['{{ "pw=" ~ password }}', "secret: 'pw=hunter2'"],
  ['{{ password + "!" }}', "secret: 'hunter2!'"],
  ['{{ password | upper }}', "secret: 'HUNTER2'"],
  ['{{ password | b64encode }}', "secret: 'aHVudGVyMg=='"],
  ['{{ "x" | replace("x", password) }}', "secret: 'hunter2'"],
  ['{{ password.upper() }}', "secret: 'HUNTER2'"],
  ['{{ password[0] }}', "secret: 'h'"],
  ['{{ password[1:3] }}', "secret: 'un'"],
  ['{{ "%s" % password }}', "secret: 'hunter2'"],
  ['{{ "{}".format(password) }}', "secret: 'hunter2'"],
  ['{{ [password, 1] | to_json }}', `secret: '["hunter2", 1]'`],
  ['{{ user | to_json }}', `secret: '{"name": "ann", "password": "hunter2"}'`],
  ['{{ keys | first }}', "secret: 'a'"],
  ['{{ keys | join("-") }}', "secret: 'a-b'"],
  ['{% for key in keys %}{{ key }}{% endfor %}', "secret: 'ab'"],
  ['{% macro m(p) %}<{{ p }}>{% endmacro %}{{ m(password) }}', "secret: '<hunter2>'"],
  ['{% set x %}{{ password }}!{% endset %}{{ x }}', "secret: 'hunter2!'"],
  ['{{ password if true else 1 }}', "secret: 'hunter2'"],
  ['{{ missing | default(password) }}', "secret: 'hunter2'"],
  // What is not made of the secret is not one.
  ['{{ user.name }}', "'ann'"],
  ['{{ user | length }}', '2'],
  ['{{ [user] | map(attribute="name") | first }}', "'ann'"],
  ['{{ [user] | selectattr("password", "equalto", "hunter2") | map(attribute="name") | list }}', "['ann']"],
  ['{{ password == "hunter2" }}', 'True'],
  ['{{ password != "x" and password is defined }}', 'True'],
  ['{{ password is match("h") }}', 'True'],
  ['{{ "hunter" in password }}', 'True'],
  ['{{ 1 if password else 2 }}', '1'],
  ['{{ not password }}', 'False'],
  // A string that is no template stays as it is.
  ['{{ raw }}', "'{{ name }}'"],
  ['{{ raw | upper }}', "'{{ NAME }}'"],
  ['x{{ raw }}', "'x{{ name }}'"],
  ['{{ wrapped.text }}', "'{{ name }}'"],
  ['{{ wrapped }}', "{'text': '{{ name }}'}"],
  ['{{ wrapped | to_json }}', `'{"text": "{{ name }}"}'`],
  ['{{ raw == "{" ~ "{ name }" ~ "}" }}', 'True'],
]
for (const [text, gives] of cases) t.equal(shown(text, scope), gives, text)

t.test('a secret is shown nowhere', async t => {
  const value = evaluate('pw={{ password }}', scope)
  t.equal(String(value), '***')
  t.equal(JSON.stringify({ value }), '{"value":"***"}')
})

t.test('conditions on secrets are plain', async t => {
  t.equal(compileCondition("password == 'x'", undefined, templateEnv()).evaluate(scope), false)
})

t.test('a file with a secret inside is a secret', async t => {
  const value = compileFile('user={{ name }}\npw={{ password }}\n', 'x.j2', {}, templateEnv()).evaluate(scope)
  t.ok(value instanceof Secret)
  t.equal(value instanceof Secret && value.reveal(), 'user=ann\npw=hunter2\n')
})
