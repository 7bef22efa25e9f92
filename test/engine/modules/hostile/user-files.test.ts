import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import t, { type Test } from 'tap'
import type { JsonObject } from '../../../../engine/core/json.js'
import { kubeconfigScript } from '../../../../engine/modules/kube/kubeadm/reset-scripts.js'
import { adminConf } from '../../../../engine/modules/kube/paths.js'
import { paramsOf } from '../../../support/cases.js'
import { LocalHost, type Run } from '../../../support/local-host.js'
import { done, named, rejection, settled } from '../../../support/real.js'

/** What root makes in a user's home, where that user has prepared links. The user is nobody, with a home of the test's own. */
const nobody = { uid: 65_534, gid: 65_534 }
const options = { skip: userInfo().uid === 0 ? false : 'only root can give files away' }
const refused = { raw: { rc: 77, stderr: /tkplay: foreign path: nobody: / } }

interface Scene {
  readonly at: string
  readonly home: string
  readonly host: LocalHost
  converge(module: string, params: JsonObject): Promise<Run<unknown, never>>
  /** As nobody: a link in the home folder. */
  link(name: string, to: string): void
  folder(name: string): void
  tell(name: string): string
}

const scene = (t: Test): Scene => {
  const at = mkdtempSync('/var/lib/tkplay-user-files-')
  t.teardown(() => rmSync(at, { recursive: true }))
  chmodSync(at, 0o755)
  const home = `${at}/home`
  for (const folder of ['home', 'root', 'root/cache', 'bin', 'skel']) mkdirSync(`${at}/${folder}`)
  chownSync(home, nobody.uid, nobody.gid)
  writeFileSync(`${at}/root/victim`, 'secret\n', { mode: 0o600 })
  writeFileSync(`${at}/skel/.profile`, '')
  const entry = `nobody:x:65534:65534:nobody:${home}:/bin/sh`
  const getent = `#!/bin/sh\ncase $*' ' in 'passwd nobody '*) echo '${entry}' ;; *) exec /usr/bin/getent "$@" ;; esac\n`
  writeFileSync(`${at}/bin/getent`, getent, { mode: 0o755 })
  const host = new LocalHost(['/bin/sh'], { PATH: `${at}/bin:${process.env['PATH']}` })
  return {
    at,
    home,
    host,
    converge: (name, given) => host.converge(named(name), paramsOf(named(name), given)) as Promise<Run<unknown, never>>,
    link(name, to) {
      symlinkSync(to, `${home}/${name}`)
      lchownSync(`${home}/${name}`, nobody.uid, nobody.gid)
    },
    folder(name) {
      mkdirSync(`${home}/${name}`)
      chownSync(`${home}/${name}`, nobody.uid, nobody.gid)
    },
    tell(name) {
      const { uid, gid, mode } = lstatSync(`${home}/${name}`)
      return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`
    },
  }
}

const untouched = (t: Test, { at, home }: Scene): void => {
  t.equal(readFileSync(`${at}/root/victim`, 'utf8'), 'secret\n')
  t.match(statSync(`${at}/root/victim`), { uid: 0, mode: 0o100600 })
  t.same(readdirSync(`${at}/root`).sort(), ['cache', 'victim'], "nothing new in root's folder")
  t.notOk(
    readdirSync(home).some(name => name.startsWith('.tkplay')),
    'and nothing is left behind',
  )
}

const key = { name: 'nobody', generate_ssh_key: true, create_home: false }

t.test('an SSH key', options, async t => {
  await t.test('in a home folder that has none', async t => {
    const s = scene(t)
    const run = await s.converge('user', key)
    t.equal(done(run), 1)
    t.ok(settled(run))
    t.equal(s.tell('.ssh'), '65534:65534 700')
    t.equal(s.tell('.ssh/id_ed25519'), '65534:65534 600')
    t.equal(s.tell('.ssh/id_ed25519.pub'), '65534:65534 644')
    t.same(readdirSync(`${s.home}/.ssh`).sort(), ['id_ed25519', 'id_ed25519.pub'])
  })
  await t.test("where .ssh is a link to the user's own folder", async t => {
    const s = scene(t)
    s.folder('dotfiles')
    s.link('.ssh', 'dotfiles')
    await s.converge('user', key)
    t.equal(s.tell('dotfiles/id_ed25519'), '65534:65534 600')
  })
  await t.test("where .ssh is a link to root's folder", async t => {
    const s = scene(t)
    s.link('.ssh', `${s.at}/root`)
    t.match(await rejection(s.converge('user', key)), refused)
    untouched(t, s)
  })
  await t.test("where the key is a link to what is not there yet in root's folder", async t => {
    const s = scene(t)
    s.folder('.ssh')
    s.link('.ssh/id_ed25519', `${s.at}/root/new`)
    t.match(await rejection(s.converge('user', key)), refused)
    untouched(t, s)
  })
  await t.test("where the public key is a link to root's file", async t => {
    const s = scene(t)
    s.folder('.ssh')
    s.link('.ssh/id_ed25519.pub', `${s.at}/root/victim`)
    await s.converge('user', key)
    t.equal(s.tell('.ssh/id_ed25519.pub'), '65534:65534 644')
    untouched(t, s)
  })
})

t.test('a home folder', options, async t => {
  const s = scene(t)
  rmSync(s.home, { recursive: true })
  const params = { name: 'nobody', skeleton: `${s.at}/skel` }
  t.ok(settled(await s.converge('user', params)))
  t.equal(s.tell('.'), '65534:65534 750')
  t.equal(s.tell('.profile'), '65534:65534 644')

  rmSync(s.home, { recursive: true })
  chownSync(`${s.at}/skel`, nobody.uid, nobody.gid)
  t.match(await rejection(s.converge('user', params)), refused, 'not from a skeleton that another can change meanwhile')
})

t.test('where a home folder is', options, async t => {
  const s = scene(t)
  const user = named('user')
  writeFileSync(`${s.at}/bin/userdel`, `#!/bin/sh\necho "$@" >${s.at}/ran\n`, { mode: 0o755 })
  const remove = (): Promise<unknown> => {
    const change = { kind: 'remove', argv: ['userdel', '-r', 'nobody'], summary: '' }
    return rejection(Promise.resolve(user.apply(change, paramsOf(user, { name: 'nobody', state: 'absent' }), s.host)))
  }
  t.equal(await remove(), undefined)
  t.equal(readFileSync(`${s.at}/ran`, 'utf8'), '-r nobody\n', "below root's folders, userdel removes it")
  chownSync(s.at, nobody.uid, nobody.gid)
  rmSync(`${s.at}/ran`)
  t.match(await remove(), refused, 'in a folder that another can change, nobody does')
  t.notOk(existsSync(`${s.at}/ran`))
})

t.test('a kubeconfig', options, async t => {
  const conf = (s: Scene, text: string): JsonObject => {
    writeFileSync(`${s.at}/root/victim`, text, { mode: 0o600 })
    return { user: 'nobody', src: `${s.at}/root/victim` }
  }
  await t.test(
    "of one cluster and of another: the user's own stays, and so does each that it took the place of",
    async t => {
      const s = scene(t)
      s.folder('.kube')
      writeFileSync(`${s.home}/.kube/config`, 'their own\n', { mode: 0o640 })
      chownSync(`${s.home}/.kube/config`, nobody.uid, nobody.gid)
      const first = await s.converge('kubectl_config', conf(s, 'first\n'))
      const second = await s.converge('kubectl_config', conf(s, 'second\n'))
      t.ok(settled(first) && settled(second))
      const copies = readdirSync(`${s.home}/.kube`).filter(name => name !== 'config')
      t.same(copies.map(name => readFileSync(`${s.home}/.kube/${name}`, 'utf8')).sort(), ['first\n', 'their own\n'])
      t.equal(readFileSync(`${s.home}/.kube/config`, 'utf8'), 'second\n')
      t.equal(s.tell('.kube/config'), '65534:65534 600')
      t.equal(s.tell('.kube'), '65534:65534 700')
      t.match(second.value, { backup_file: /config\..*~$/ })
    },
  )
  await t.test('where nothing is yet', async t => {
    const s = scene(t)
    const run = await s.converge('kubectl_config', conf(s, 'first\n'))
    t.ok(settled(run))
    t.equal(s.tell('.kube'), '65534:65534 700')
    t.same(readdirSync(`${s.home}/.kube`), ['config'])
  })
  await t.test("where links lead to root's", async t => {
    const s = scene(t)
    const params = conf(s, 'secret\n')
    s.link('.kube', `${s.at}/root`)
    t.match(await rejection(s.converge('kubectl_config', params)), refused)
    untouched(t, s)
    rmSync(`${s.home}/.kube`)
    s.folder('.kube')
    s.link('.kube/config', `${s.at}/root/victim`)
    await s.converge('kubectl_config', params)
    t.equal(s.tell('.kube/config'), '65534:65534 600')
    untouched(t, s)
  })
})

t.test('a kubeconfig goes when its machine is reset, and nothing that a link leads to', options, async t => {
  const s = scene(t)
  writeFileSync(`${s.at}/admin.conf`, '    certificate-authority-data: abc\n')
  const script = kubeconfigScript(['nobody']).replaceAll(adminConf, `${s.at}/admin.conf`)
  writeFileSync(`${s.at}/root/config`, 'abc')
  s.link('.kube', `${s.at}/root`)
  await s.host.shell(script)
  rmSync(`${s.at}/root/config`)
  untouched(t, s)

  rmSync(`${s.home}/.kube`)
  s.folder('.kube')
  s.link('.kube/cache', `${s.at}/root/cache`)
  writeFileSync(`${s.home}/.kube/config`, 'abc')
  await s.host.shell(script)
  t.same(readdirSync(s.home), [])
  untouched(t, s)
})
