import t from 'tap'
import { checkParams, nowhere, whereIn } from '../../../../engine/config/schema/check-params.js'
import { parseYaml } from '../../../../engine/config/yaml/yaml.js'
import type { Json, JsonSchema } from '../../../../engine/core/json.js'
import { toJson } from '../../../../engine/python/to-json.js'
import { saidBy } from '../errors.js'

const schema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { type: 'string', aliases: ['dest', 'name'], examples: ['/etc/hosts'] },
    state: { type: 'string', enum: ['present', 'absent'], default: 'present' },
    force: { type: 'boolean' },
    retries: { type: 'integer', minimum: 0 },
    mode: { type: 'string', format: 'mode' },
    version: { type: 'string', format: 'version' },
    value: { type: 'string' },
    ratio: { type: 'number' },
    packages: { type: 'array', items: { type: 'string' } },
    ports: { type: 'array', items: { type: 'integer' } },
    env: { type: 'object', additionalProperties: { type: 'string' } },
    hosts: { type: 'object', propertyNames: { pattern: '^[a-z.]+$', title: 'host', examples: ['a.example.com'] } },
    network: { type: 'string', format: 'cidr' },
    key: { type: 'string', pattern: '^\\w+$', title: 'key name', description: 'letters and digits', secret: true },
    any: {},
    either: { anyOf: [{ type: 'string', enum: ['all'] }, { type: 'integer' }] },
  },
}

const check = (yaml: string): Json => {
  const tree = parseYaml(yaml, 'f.yml')
  return checkParams(schema, toJson(tree), whereIn(tree), { of: 'file' }).value
}

const value = (yaml: string): Json => {
  const { path: _, state: __, ...rest } = check(`{path: /x, ${yaml}}`) as { readonly [name: string]: Json }
  return rest
}

t.test('what can mean only one thing is typed', async t => {
  t.same(check('dest: /x'), { path: '/x', state: 'present' }, 'aliases come out under the name, defaults are filled in')
  t.same(value("force: 'yes'"), { force: true })
  t.same(value('force: 0'), { force: false })
  t.same(value("force: 'T'"), { force: true })
  t.same(value("retries: '5'"), { retries: 5 })
  t.same(value("ratio: '.5'"), { ratio: 0.5 })
  t.same(value('value: 5'), { value: '5' })
  t.same(value('value: 0.5'), { value: '0.5' })
  t.same(value('value:'), {}, 'null is not given')
  t.same(value("mode: '', version: '', network: '', key: ''"), {}, 'nor is empty text where none is allowed')
  t.same(value("value: ''"), { value: '' })
  t.same(value("packages: 'a, b,'"), { packages: ['a', 'b'] })
  t.same(value('packages: 7'), { packages: ['7'] })
  t.same(value("ports: '80,443'"), { ports: [80, 443] })
  t.same(value('env: {A: 1}'), { env: { A: '1' } })
  t.same(value('any: [1, {a: yes}]'), { any: [1, { a: true }] })
  t.same(value("either: '5'"), { either: 5 })
  t.same(value('either: all'), { either: 'all' })
})

t.test('modes', async t => {
  t.same(value('mode: 0644'), { mode: '0644' })
  t.same(value("mode: '644'"), { mode: '644' })
  t.same(value('mode: "u=rw,g-w"'), { mode: 'u=rw,g-w' })
  t.same(value('mode: 01777'), { mode: '01777' })
  const computed = (mode: number) =>
    checkParams(schema, { path: '/x', mode }, nowhere(), { literal: false }).value['mode']
  for (const bits of [0o600, 0o640, 0o644, 0o755, 0o777, 0o1777, 0o400, 0o440, 0o2775, 0o750, 0o700]) {
    t.equal(computed(bits), `0${bits.toString(8)}`, `a template that gave ${bits}`)
  }
  for (const slip of [600, 640, 644, 755, 777, 1777, 400, 440, 750, 700]) {
    t.match(
      saidBy(() => computed(slip)),
      /^mode: the decimal number/,
      `a template that gave ${slip}`,
    )
  }
})

const refused: readonly (readonly [yaml: string, said: string])[] = [
  [
    'mode: 600',
    "f.yml:1:18: file: mode: the decimal number 600 where a mode belongs (it is 01130 in octal) — write it as octal text: '0600'",
  ],
  [
    'mode: 999',
    "f.yml:1:18: file: mode: the decimal number 999 where a mode belongs (it is 01747 in octal) — write it as octal text: '0644'",
  ],
  ["mode: '888'", "f.yml:1:18: file: mode: '888' is no file mode — octal text as '0644', or symbolic as u=rw,g=r,o=r"],
  [
    'version: 1.30',
    "f.yml:1:21: file: version: the number 1.30 where a version belongs (YAML reads it as 1.3) — quote it: '1.30'",
  ],
  ['version: 1.31', "f.yml:1:21: file: version: the number 1.31 where a version belongs — quote it: '1.31'"],
  ['version: latest', "f.yml:1:21: file: version: 'latest' is no version — digits and points: '1.34' or '1.34.2'"],
  ['value: yes', "f.yml:1:19: file: value: yes, which YAML reads as True, where text belongs — quote it: 'yes'"],
  ['value: 0123', "f.yml:1:19: file: value: 0123, which YAML reads as 83, where text belongs — quote it: '0123'"],
  ['value: [a]', 'f.yml:1:19: file: value: expected a string, not a list — write one value, without brackets'],
  ['stat: absent', "f.yml:1:12: file: unknown parameter 'stat' — did you mean 'state'?"],
  [
    'xyz: 1',
    "f.yml:1:12: file: unknown parameter 'xyz' — parameters are any, either, env, force, hosts, key, mode, network, packages, path, ports, ratio, retries, state, value, version",
  ],
  ['state: absnt', "f.yml:1:19: file: state: 'absnt' is none of present, absent — did you mean 'absent'?"],
  ['state: gone', "f.yml:1:19: file: state: 'gone' is none of present, absent — choose one of present, absent"],
  ['force: maybe', "f.yml:1:19: file: force: expected a boolean, not 'maybe' — write true or false"],
  ['retries: many', "f.yml:1:21: file: retries: expected an integer, not 'many' — write a number without quotes"],
  ['retries: -1', 'f.yml:1:21: file: retries: -1 must be >= 0'],
  [
    'packages: {a: 1}',
    "f.yml:1:22: file: packages: expected a list, not a dict — write packages as a list: each item on a line of its own after '- '",
  ],
  ['ports: [80, x]', "f.yml:1:24: file: ports.1: expected an integer, not 'x' — write a number without quotes"],
  ['env: [a]', "f.yml:1:17: file: env: expected a dict, not a list — write env as a dict: 'key: value' lines under it"],
  [
    'network: 10.0.0.0',
    "f.yml:1:21: file: network: '10.0.0.0' is no network — an address and a prefix length: 10.244.0.0/16",
  ],
  ["hosts: {'https://a': 1}", 'f.yml:1:19: file: hosts: \'https://a\' is no host — for example "a.example.com"'],
  ["key: 'a b'", 'f.yml:1:17: file: key: this value is no key name — letters and digits'],
]

t.test('what is refused', async t => {
  for (const [yaml, said] of refused)
    t.equal(
      saidBy(() => value(yaml)),
      said,
      yaml,
    )
  t.equal(
    saidBy(() => check('{state: absent}')),
    "f.yml:1:1: file: missing parameter 'path' — add path: /etc/hosts",
  )
})

t.test('all findings at once', async t => {
  t.same(saidBy(() => check('state: absnt\nmode: 600\nforse: 1\n')).split('\n').length, 4)
})

t.test('parameters that are not known yet count as given', async t => {
  const later = new Set(['path'])
  t.same(checkParams(schema, { path: '{{ x }}', force: 'no' }, nowhere(), { later }).value, {
    state: 'present',
    force: false,
  })
  t.match(
    saidBy(() => checkParams(schema, { force: 'x' }, nowhere(), { later })),
    /^force: expected a boolean/,
  )
})

t.test('one of several, and several that exclude each other', async t => {
  const strings = { a: { type: 'string' }, b: { type: 'string' } }
  const one: JsonSchema = { type: 'object', properties: strings, oneOf: [{ required: ['a'] }, { required: ['b'] }] }
  const not: JsonSchema = { type: 'object', properties: strings, not: { required: ['a', 'b'] } }
  const with_: JsonSchema = { type: 'object', properties: strings, dependentRequired: { a: ['b'] } }
  const said = (schema: JsonSchema, params: Json, later?: ReadonlySet<string>) =>
    saidBy(() => checkParams(schema, params, nowhere(), later === undefined ? {} : { later }))
  t.equal(said(one, {}), 'one of a, b is needed — add a: …')
  t.equal(said(one, { a: '1', b: '2' }), 'a and b exclude each other — keep one of them')
  t.equal(said(one, {}, new Set(['a'])), 'no error')
  t.equal(said(not, { a: '1', b: '2' }), 'a and b exclude each other — keep one of them')
  t.equal(said(with_, { a: '1' }), 'a needs b beside it — add b: …')
})

t.test('names from other worlds', async t => {
  const open: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } }
  const value = checkParams(open, JSON.parse('{"__proto__": 1}') as Json, nowhere()).value
  t.same(Object.getOwnPropertyNames(value), ['__proto__'])
  t.equal(Object.getPrototypeOf(value), Object.prototype)
})
