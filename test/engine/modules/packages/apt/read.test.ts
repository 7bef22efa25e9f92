import { Buffer } from 'node:buffer'
import t from 'tap'
import type { Read } from '../../../../../engine/core/module.js'
import type { AptParams } from '../../../../../engine/modules/packages/apt/params.js'
import { readApt } from '../../../../../engine/modules/packages/apt/read.js'
import type { AptSeen } from '../../../../../engine/modules/packages/apt/seen.js'

const params = (more: Partial<AptParams>): AptParams => ({
  state: 'present',
  update_cache: false,
  update_cache_retries: 5,
  upgrade: 'no',
  only_upgrade: false,
  allow_downgrade: false,
  allow_change_held_packages: false,
  allow_unauthenticated: false,
  force: false,
  purge: false,
  autoremove: false,
  fail_on_autoremove: false,
  autoclean: false,
  clean: false,
  dpkg_options: '',
  lock_timeout: 60,
  ...more,
})

const parse = (p: AptParams, stdout: string, rc = 0): AptSeen =>
  (readApt(p) as Read<AptSeen>).parse({ rc, stdout: Buffer.from(stdout), stderr: Buffer.from('') })

const tree = 'amd64\ntree|amd64|install|installed|2.1.0-1\n'

t.test('nothing is missing: only dpkg was asked', async t => {
  t.same(parse(params({ name: ['tree'] }), `${tree}\0`), {
    native: 'amd64',
    packages: [{ name: 'tree', arch: 'amd64', want: 'install', status: 'installed', version: '2.1.0-1' }],
  })
})

t.test('something is missing', async t => {
  const answer = [
    tree.trim(),
    'zsh:\n  Installed: (none)\n  Candidate: 5.9-4\n  Version table:\n     5.9-4 500\n        500 http://deb.debian.org/debian bookworm/main amd64 Packages\n',
    'installed|exim4-daemon-light|mail-transport-agent, default-mta (= 1)\nconfig-files|nullmailer|zsh\n',
    "dpkg's journal\nman-db\n",
    '4711 unattended-upgr\n',
    '1795470685\nany\n1795470000.5 /var/lib/apt/lists\n1795470600.25 /var/lib/apt/periodic/update-success-stamp\n1795468362.25 /etc/apt/sources.list\n1795470590.5 /etc/apt/sources.list.d/a.list\n',
    '',
    '',
    '',
    '',
  ].join('\0')
  t.match(parse(params({ name: ['tree', 'zsh'] }), answer), {
    policy: { zsh: { candidate: '5.9-4', versions: [{ version: '5.9-4', priority: 500 }] } },
    provided: { 'mail-transport-agent': 'exim4-daemon-light', 'default-mta': 'exim4-daemon-light', zsh: undefined },
    broken: ["dpkg's journal", 'man-db'],
    holder: { pid: 4711, program: 'unattended-upgr' },
    lists: { now: 1795470685, any: true, fetched: 1795470600.25, sources: 1795470590.5 },
  })
})

t.test('without the stamp the folder’s time is all there is', async t => {
  const answer = ['', '', '', '', '', '100\n50.5 /var/lib/apt/lists\n', '', '', '', ''].join('\0')
  t.match(parse(params({ update_cache: true }), answer), { lists: { fetched: 50.5, sources: 0, any: false } })
})

t.test('simulations, a file and what was downloaded', async t => {
  const inst = 'Inst curl [7.88-1] (7.88-2 Debian:12 [amd64])\nConf curl (7.88-2 Debian:12 [amd64])\n'
  const answer = [
    '',
    '',
    '',
    '',
    '',
    '100\n',
    inst,
    'Remv libfoo1 [1.0]\n',
    `Package: tkp\nVersion: 1.1\n${tree}`,
    '*\n',
  ].join('\0')
  t.match(parse(params({ upgrade: 'dist', autoremove: true, clean: true, deb: '/x.deb' }), answer), {
    upgrades: { installs: ['curl'], removes: [] },
    unneeded: { installs: [], removes: ['libfoo1'] },
    deb: { name: 'tkp', version: '1.1' },
    packages: [{ name: 'tree' }],
    downloads: ['*'],
  })
})

t.test('what is not an answer is not observed', async t => {
  t.throws(() => parse(params({ name: ['tree'] }), '', 127), { message: 'not observed' })
  t.throws(() => parse(params({ name: ['tree'] }), 'amd64\ntree installed\0'), /dpkg-query answered/)
  t.throws(() => parse(params({ name: ['tree'] }), 'amd64\ntree|amd64|install|installed|1\0zsh:\n'), /cut short/)
  t.throws(() => parse(params({ update_cache: true }), Array(10).fill('').join('\0')), /age of the package lists/)
})

t.test('nothing that it reads is left on the host as a cache', async t => {
  const { sh } = readApt(
    params({ name: ['tree'], upgrade: 'dist', autoremove: true, autoclean: true }),
  ) as Read<AptSeen>
  const lines = sh.split('\n').filter(line => /apt-(get|cache)/.test(line))
  t.equal(lines.length, 4)
  for (const line of lines) {
    t.match(
      line,
      /^setpriv --reuid=65534 .* \|\| apt-(get|cache) -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= /,
    )
  }
})
