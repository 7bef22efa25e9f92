import t from 'tap'
import { aptMessages, aptRules } from '../../../../../engine/modules/packages/apt/messages.js'
import { repositoryMessages, repositoryRules } from '../../../../../engine/modules/packages/apt/repository.js'
import { diagnoseBy } from '../../../../../engine/modules/support/diagnose.js'

interface Row {
  readonly stderr: string
  readonly stdout?: string
  readonly code: string
  readonly data?: { readonly [name: string]: string }
}

/** What apt 2.6 and dpkg 1.21 of Debian 12 said. */
const recorded: readonly Row[] = [
  {
    stdout:
      'Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 2838 (python3)...\n',
    stderr: 'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?\n',
    code: 'lock-held',
    data: { lock: '/var/lib/dpkg/lock-frontend', pid: '2838', program: 'python3' },
  },
  {
    stderr:
      'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1429 (apt-get)\nE: Unable to lock directory /var/lib/apt/lists/\n',
    code: 'lock-held',
    data: { lock: '/var/lib/apt/lists/lock', pid: '1429', program: 'apt-get' },
  },
  {
    stderr: 'dpkg: error: dpkg frontend lock was locked by another process with pid 2838\n',
    code: 'lock-held',
    data: { pid: '2838' },
  },
  {
    // It waited, and then something else went wrong.
    stdout:
      'Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 2838 (python3)...\n',
    stderr: 'E: Unable to locate package nonesuch\n',
    code: 'no-package',
    data: { package: 'nonesuch' },
  },
  {
    stderr: "E: Package 'mail-transport-agent' has no installation candidate\n",
    code: 'no-package',
    data: { package: 'mail-transport-agent' },
  },
  {
    stderr: "E: Version '9.9' for 'nginx' was not found\n",
    code: 'no-version',
    data: { version: '9.9', package: 'nginx' },
  },
  {
    stderr: "E: You don't have enough free space in /var/cache/apt/archives/.\n",
    code: 'disk-full',
    data: { path: '/var/cache/apt/archives/' },
  },
  {
    stderr:
      'dpkg: error processing archive x.deb (--unpack):\n cannot copy extracted data: failed to write (No space left on device)\n',
    code: 'disk-full',
  },
  {
    stderr:
      'W: GPG error: http://a.example/deb stable InRelease: The following signatures were invalid: EXPKEYSIG 234654DA9A296436 isv <k@example.com>\nE: The repository is not signed.\n',
    code: 'key-expired',
    data: { repository: 'http://a.example/deb stable', key: '234654DA9A296436' },
  },
  {
    stderr:
      "W: GPG error: http://deb.debian.org/debian bookworm-backports InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 6ED0E7B82643E131\nE: The repository 'http://deb.debian.org/debian bookworm-backports InRelease' is not signed.\n",
    code: 'no-key',
    data: { repository: 'http://deb.debian.org/debian bookworm-backports', key: '6ED0E7B82643E131' },
  },
  {
    stderr:
      'E: Failed to fetch http://127.0.0.1:9/x/./InRelease  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)\nE: Some index files failed to download. They have been ignored, or old ones used instead.\n',
    code: 'unreachable',
    data: { url: 'http://127.0.0.1:9/x/./InRelease' },
  },
  {
    stderr: "E: Failed to fetch http://nonesuch.invalid/x/./InRelease  Could not resolve 'nonesuch.invalid'\n",
    code: 'unreachable',
  },
  {
    stderr:
      "E: Failed to fetch http://deb.debian.org/nonesuch/dists/x/InRelease  400  Bad Request [IP: 203.0.113.80 80]\nE: The repository 'http://deb.debian.org/nonesuch x InRelease' is not signed.\n",
    code: 'no-such-repository',
    data: { url: 'http://deb.debian.org/nonesuch/dists/x/InRelease', reason: '400  Bad Request ' },
  },
  {
    stderr: "E: The repository 'http://a.example x Release' does not have a Release file.\n",
    code: 'no-such-repository',
  },
  { stderr: 'E: Held packages were changed and -y was used without --allow-change-held-packages.\n', code: 'held' },
  { stderr: 'E: Packages were downgraded and -y was used without --allow-downgrades.\n', code: 'downgrade' },
  {
    stderr: 'E: Essential packages were removed and -y was used without --allow-remove-essential.\n',
    code: 'essential',
  },
  {
    stderr: "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n",
    code: 'interrupted',
  },
  {
    stderr:
      'dpkg: error processing package tkslow (--configure):\n installed tkslow package post-installation script subprocess returned error exit status 1\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n',
    code: 'script',
    data: { package: 'tkslow', script: 'post-installation' },
  },
  {
    stdout:
      'The following packages have unmet dependencies:\n nginx : Depends: nginx-common (< 1.22) but 1.22.1 is to be installed\n',
    stderr: 'E: Unable to correct problems, you have held broken packages.\n',
    code: 'unmet',
  },
  {
    stderr:
      'E: Release file for http://a.example/dists/x/InRelease is not valid yet (invalid for another 5h 3min 1s). Updates for this repository will not be applied.\n',
    code: 'not-yet-valid',
  },
  {
    stderr: "E: The package tkp needs to be reinstalled, but I can't find an archive for it.\n",
    code: 'reinstall',
    data: { package: 'tkp' },
  },
  {
    stderr:
      'E: Malformed entry 1 in list file /etc/apt/sources.list.d/x.list (URI parse)\nE: The list of sources could not be read.\n',
    code: 'bad-source',
    data: { file: '/etc/apt/sources.list.d/x.list', reason: 'URI parse' },
  },
  {
    stderr:
      'E: Conflicting values set for option Signed-By regarding source https://pkgs.k8s.io/core:/stable:/v1.34/deb/ /: /a.gpg != /b.gpg\n',
    code: 'conflict',
    data: { repository: 'https://pkgs.k8s.io/core:/stable:/v1.34/deb/ /' },
  },
  {
    stderr:
      'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n',
    code: 'not-root',
  },
]

for (const { stderr, stdout = '', code, data } of recorded) {
  t.test(`${code}: ${stderr.split('\n')[0]}`, async t => {
    const found = diagnoseBy(aptRules)({ rc: 100, stdout, stderr })
    t.equal(found?.code, code)
    if (data !== undefined) t.match(found?.data, data)
    const message = aptMessages[code]?.(found?.data ?? null)
    t.ok(message !== undefined && message.what !== '' && message.remedy !== '')
    t.notMatch(message?.what, /undefined/)
  })
}

t.test('every rule has its message', async t => {
  for (const { code } of [...aptRules, ...repositoryRules]) t.ok(code in repositoryMessages, code)
})

t.test('keys', async t => {
  const diagnose = diagnoseBy(repositoryRules)
  t.match(diagnose({ rc: 1, stdout: '', stderr: 'what was fetched is not an OpenPGP key\n<html>\n' }), {
    code: 'not-a-key',
    data: { head: '<html>' },
  })
  t.match(diagnose({ rc: 1, stdout: '', stderr: "the key's checksum is 5a1e, not 0000\n" }), {
    code: 'key-checksum',
    data: { is: '5a1e', wanted: '0000' },
  })
  t.match(diagnose({ rc: 1, stdout: '', stderr: "the key's armor is broken\n" }), { code: 'broken-armor' })
})

t.test('an index that is not there is no matter of a key', async t =>
  t.match(
    diagnoseBy(repositoryRules)({
      rc: 100,
      stdout: '',
      stderr:
        'E: Failed to fetch http://h:8088/rep/./Packages  404  File not found [IP: 10.0.0.1 8088]\nE: Some index files failed to download.\n',
    }),
    { code: 'no-such-repository', data: { url: 'http://h:8088/rep/./Packages' } },
  ),
)

t.test('nothing is guessed', async t =>
  t.equal(diagnoseBy(aptRules)({ rc: 1, stdout: '', stderr: 'E: Something new\n' }), undefined),
)
