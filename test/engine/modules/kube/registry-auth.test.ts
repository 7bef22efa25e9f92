import t from 'tap'
import type { JsonObject } from '../../../../engine/core/json.js'
import { containerdConfig } from '../../../../engine/modules/kube/host/containerd.js'
import { containerdConfigModule } from '../../../../engine/modules/kube/host/containerd_config.js'
import { refusesLogin } from '../../../../engine/modules/kube/registry-auth.js'
import { expandSeen, paramsOf } from '../../../support/cases.js'

const version = { major: 1, minor: 7 }
const withPassword = (password: string, more: JsonObject = {}) =>
  paramsOf(containerdConfigModule, {
    credentials: { 'registry.example.com': { username: 'ci', password } },
    ...more,
  }) as unknown as Parameters<typeof containerdConfigModule.plan>[0]
const written = (password: string) => containerdConfig(version, withPassword(password))

const planned = (wanted: ReturnType<typeof withPassword>, text: string, mode = '0600') => {
  const file = expandSeen({ path: '/etc/containerd/config.toml', parent: true, stat: `file ${mode} root:root 9`, text })
  const seen = { version, file } as Parameters<typeof containerdConfigModule.plan>[1]
  const plan = containerdConfigModule.plan(wanted, seen, {})
  if (!('changes' in plan)) throw new Error(JSON.stringify(plan))
  return plan.changes
}

t.test('the same login again is no change; one that others may read is drift', async t => {
  t.strictSame(planned(withPassword('hunter2'), written('hunter2')), [])
  const [change, ...more] = planned(withPassword('hunter2'), written('hunter2'), '0644')
  t.match(change, { mode: 0o600, summary: /mode 0644 → 0600/ })
  t.equal(more.length, 0)
})

t.test('neither password shows when it is another, and that it is one does', async t => {
  const [change] = planned(withPassword('hunter3'), written('hunter2'))
  t.notMatch(JSON.stringify(change), /hunter/)
  t.match(change?.diff, { before: /password = "\*\*\*"$/m, after: /password = "\*\*\* \(another\)"$/m })
  t.notOk(change?.backup, 'the old one does not stay in a backup')
})

t.test("a login among the user's own settings is hidden too", async t => {
  const registry = { configs: { 'registry.example.com': { auth: { identitytoken: 'hunter4' } } } }
  const settings = { plugins: { 'io.containerd.grpc.v1.cri': { registry } } }
  const [change] = planned(withPassword('hunter2', { settings }), 'version = 2\n', '0644')
  t.match(change, { mode: 0o600, text: /identitytoken = "\*\*\*"/, backup: true })
  t.notMatch(JSON.stringify(change), /hunter/)
})

const registry = 'plugins."io.containerd.grpc.v1.cri".registry'
const hidden: readonly string[] = [
  `[${registry}]\nconfigs."r".auth.password = "hunter2"\n`,
  `[${registry}]\nconfigs."r" = { auth = { username = "ci", password = "hunter2" } }\n`,
  `[${registry}.configs."r".auth]\n"password" = "hunter2"\n`,
  `[${registry}.configs."r".auth]\npassword = """\nhunter2\nhunter3"""\n`,
  `[${registry}.configs."r".auth]\npassword = '''\nhunter2'''\n`,
  `[${registry}.configs."r".auth]\npassword = "hunter2" # "hunter3"\n`,
  `[${registry}.configs."r".auth]\n# password = "hunter2"\n`,
  `[${registry}]\nheaders.Authorization = ["Basic hunter2"]\n`,
  '[client]\nsecret = "hunter2"\n',
]
const masked: readonly string[] = [
  `[${registry}.configs."r".auth]\n  password = "hunter2"\n  auth = 'hunter3'\n`,
  `[${registry}.configs."r".auth]\npassword = "hunter2 \\"hunter3\\""\n`,
]

t.test('what stands in a file that may hold a login is not shown, and the file is not kept', async t => {
  for (const text of [...hidden, ...masked]) {
    const [change] = planned(withPassword('tulip'), text, '0644')
    t.notMatch(JSON.stringify(change), /hunter/, text)
    t.notOk(change?.backup, text)
    const before = hidden.includes(text) ? /^\(.*not shown, a login may stand in it\)\n$/ : /"\*\*\*"/
    t.match(change?.diff, { before, after: /^version = 2$/m }, text)
  }
})

t.test("a file without logins is shown and kept, the table of containerd's own default too", async t => {
  const text = `version = 2\n[${registry}.auths]\n[${registry}.configs]\n`
  const [change] = planned(withPassword('tulip'), text, '0644')
  t.match(change, { backup: true, diff: { before: text } })
})

t.test("a login among the user's own settings, in a form of theirs, is told to be another", async t => {
  const settings = (token: string): JsonObject => ({ settings: { registry: { 'auth.token': token } } })
  const before = containerdConfig(version, withPassword('tulip', settings('hunter2')))
  const [change] = planned(withPassword('tulip', settings('hunter3')), before)
  t.notMatch(JSON.stringify(change), /hunter/)
  t.not(change?.diff?.before, change?.diff?.after)
  t.match(change?.diff?.after, /another/)
})

t.test('what is written has the password', async t => {
  const wanted = withPassword('hunter2')
  const [change] = planned(wanted, 'version = 2\n')
  const put: unknown[] = []
  const host = { put: async (...args: readonly unknown[]) => void put.push(args) }
  await containerdConfigModule.apply(change as never, wanted, host as never)
  t.match(String((put[0] as readonly unknown[])[1]), /password = "hunter2"/)
})

t.test('a refused login is told from a registry that cannot be reached', async t => {
  for (const said of [
    'failed to resolve reference "r/a:1": unexpected status from HEAD request to https://r/v2/a/manifests/1: 401 Unauthorized',
    'failed to resolve reference "r/a:1": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    'failed to authorize: failed to fetch oauth token: unexpected status from POST request: 403 Forbidden',
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ]) {
    t.ok(refusesLogin(said), said)
  }
  for (const said of ['dial tcp 192.0.2.1:443: i/o timeout', 'r/a:1401: not found', 'no such host']) {
    t.notOk(refusesLogin(said), said)
  }
})
