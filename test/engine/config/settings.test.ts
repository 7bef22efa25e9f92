import t from 'tap'
import { loadSettings } from '../../../engine/config/settings.js'
import { saidLater } from './errors.js'

t.test('flags win over the environment, that over tkplay.yml, that over defaults', async t => {
  const dir = t.testdir({
    'tkplay.yml': 'forks: 3\nuser: file\nprivate_key: keys/id\ninventory: [hosts.yml, "a,b,"]\ndiff: yes\n',
  })
  const { values, origin } = await loadSettings(
    { user: 'flag', forks: undefined },
    { TKPLAY_USER: 'env', TKPLAY_FORKS: '7', TKPLAY_ROLES_PATH: '/a:/b' },
    dir,
  )
  t.match(values, {
    user: 'flag',
    forks: 7,
    diff: true,
    timeout: 10,
    private_key: `${dir}/keys/id`,
    roles_path: ['/a', '/b'],
  })
  t.same(values.inventory, [`${dir}/hosts.yml`, 'a,b,'])
  t.equal(origin('user'), '--user')
  t.equal(origin('forks'), 'TKPLAY_FORKS')
  t.equal(origin('diff'), `${dir}/tkplay.yml:5:7`)
  t.equal(origin('timeout'), 'default')
})

t.test('no file, no environment', async t => {
  const { values } = await loadSettings({}, {}, t.testdir({}))
  t.match(values, { inventory: [], become: false, color: 'auto' })
})

t.test('an environment variable that looks like a setting is said, any other is left alone', async t => {
  const environment = { TKPLAY_FRKS: '5', tkplay_user: 'x', TKPLAY_FORKS: '7', TKPLAY_CACHE: '/tmp', FORKS: '1' }
  const { warnings, values } = await loadSettings({}, environment, t.testdir({}))
  t.strictSame(warnings, [
    { message: 'the environment variable TKPLAY_FRKS is no setting', hint: "did you mean 'TKPLAY_FORKS'?" },
    { message: 'the environment variable tkplay_user is no setting', hint: "did you mean 'TKPLAY_USER'?" },
  ])
  t.equal(values.forks, 7)
})

t.test('what is wrong says where it was given', async t => {
  const dir = t.testdir({ 'tkplay.yml': 'fork: 3\noutput: tre\n' })
  t.equal(
    (await saidLater(() => loadSettings({}, {}, dir))).replaceAll(`${dir}/`, ''),
    "tkplay.yml:1:1: unknown setting 'fork' — did you mean 'forks'?\ntkplay.yml:2:9: output: 'tre' is none of tree, plain, json, junit — did you mean 'tree'?",
  )
  const empty = t.testdir({})
  t.equal(
    await saidLater(() => loadSettings({}, { TKPLAY_FORKS: 'x' }, empty)),
    "TKPLAY_FORKS: forks: expected an integer, not 'x' — write a number without quotes",
  )
  t.equal(
    await saidLater(() => loadSettings({ output: 'xml' }, {}, empty)),
    "--output: output: 'xml' is none of tree, plain, json, junit — choose one of tree, plain, json, junit",
  )
})
