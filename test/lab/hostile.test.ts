import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Lab, openLab } from '../../lab/lab.js'
import { hostPaths } from '../../lab/state/paths.js'
import { execOn } from '../support/lab-exec.js'
import { finished, start, tkplay } from '../support/tkplay.js'
import { type Told, toldOf } from '../support/told.js'
import { watch } from '../support/watched.js'

/** Hosts that are not as hosts should be: what can be done with them is done, and of the rest is said why not. */
const lab: Lab = await openLab({ name: 'hostile', hosts: 1 })
const home = await mkdtemp(join(tmpdir(), 'tkplay-hostile-'))
t.setTimeout(600_000)
t.teardown(async () => {
  await rm(home, { recursive: true, force: true })
  await lab.down()
})

const must = async (command: string): Promise<string> => (await execOn(lab, 'node1', command)).trim()

/** Makes it happen; what it returns undoes it. */
type Happens = () => Promise<() => Promise<unknown>>

const happens =
  (command: string, undo: string): Happens =>
  async () => {
    await must(command)
    return () => must(undo)
  }

interface Row {
  readonly name: string
  readonly happens: Happens
  /** Who logs in. */
  readonly as?: string
  /** What node1 does. */
  readonly tasks?: string
  /** Without it the run comes to its end. */
  readonly fails?: Told & { readonly code: 1 | 3 }
}

const usual = `    - name: a file
      copy: {dest: "{{ file }}", content: "text\\n"}
    - name: a pipe
      shell: printf abc | tr a-z A-Z
`
const folders = '/etc /srv /var /root /home /usr /opt /tmp'
const readOnly = happens(
  `for d in ${folders}; do mount --bind $d $d && mount -o remount,bind,ro $d; done`,
  `for d in ${folders}; do umount -l $d; done`,
)
const loginShell = (path: string, text?: string): Happens =>
  happens(
    `${text === undefined ? '' : `printf '%s\\n' '${text}' >${path}; chmod 755 ${path}; `}usermod -s ${path} ops`,
    'usermod -s /bin/bash ops',
  )
const sshd = (line: string): Happens =>
  happens(
    `echo '${line}' >/etc/ssh/sshd_config.d/hostile.conf && systemctl reload ssh`,
    'rm /etc/ssh/sshd_config.d/hostile.conf && systemctl reload ssh',
  )
const noHome = happens(
  'mkdir /etc/keys && install -m 644 /home/ops/.ssh/authorized_keys /etc/keys/ops && mv /home/ops /home/away' +
    " && echo 'AuthorizedKeysFile /etc/keys/%u .ssh/authorized_keys' >/etc/ssh/sshd_config.d/hostile.conf && systemctl reload ssh",
  'mv /home/away /home/ops && rm -r /etc/keys /etc/ssh/sshd_config.d/hostile.conf && systemctl reload ssh',
)
const busyboxAsSh: Happens = async () => {
  await copyFile('/bin/busybox', join(hostPaths(lab.name, 'node1').root, 'usr/bin/busybox'))
  await must('cp -a /bin/sh /bin/sh.old && ln -sf busybox /bin/sh')
  return () => must('mv /bin/sh.old /bin/sh')
}
const lecture = happens("echo 'Defaults lecture=always' >/etc/sudoers.d/zz", 'rm /etc/sudoers.d/zz')
const ahead = happens(
  `printf '#!/bin/sh\\nexec /bin/date -d "+1 hour" "$@"\\n' >/usr/local/bin/date; chmod 755 /usr/local/bin/date`,
  'rm /usr/local/bin/date',
)
const ops = 'ansible_user=ops'
const opsBecomes = `${ops} ansible_become=true`
const noShell = /^give the user a login shell that can run commands: ssh ops@10[\d.]+ \/bin\/sh -c true$/

const rows: readonly Row[] = [
  {
    name: 'a read-only disk, where a file is to be written',
    happens: readOnly,
    fails: {
      code: 1,
      head: 'failed: node1 › a file',
      what: /^the file system can only be read$/,
      command: /^write \/var\/tmp\/of-\d+$/,
      output: /^mktemp: .*Read-only file system$/,
      remedy: /^see in `dmesg` why, make it writable/,
    },
  },
  {
    name: 'a read-only disk, where apt is to work',
    happens: readOnly,
    tasks: '    - name: lists\n      apt: {update_cache: true}\n',
    fails: {
      code: 1,
      head: 'failed: node1 › lists',
      what: /^the file system can only be read$/,
      command: /^apt-get .*/,
      output: /^mkdir: cannot create directory ‘\/var\/lib\/tkplay’: Read-only file system$/,
      remedy: /^see in `dmesg` why, make it writable/,
    },
  },
  { name: "busybox's shell and tools before all others", happens: busyboxAsSh },
  { name: "busybox's shell, after sudo", happens: busyboxAsSh, as: opsBecomes },
  {
    name: 'sshd that stands still in the middle of the run',
    happens: async () => () => lab.faults.resumeSshSessions('node1'),
    as: "ansible_ssh_common_args='-o ServerAliveInterval=2'",
    tasks: "    - name: stands still\n      shell: pkill -STOP -f '^sshd.*root(@| .priv)'; echo after\n",
    fails: {
      code: 3,
      head: 'unreachable: node1 › stands still',
      what: /^lost the connection to root@10[\d.]+:22: the host has gone quiet$/,
      remedy: /^see that the host is up, then run again$/,
    },
  },
  { name: 'a full /tmp', happens: () => lab.faults.fillDisk('node1', '/tmp') },
  { name: 'a /tmp that runs nothing', happens: happens('mount -t tmpfs -o noexec tmpfs /tmp', 'umount /tmp') },
  { name: 'no home folder', happens: noHome, as: opsBecomes },
  {
    name: 'no home folder, and a handler to be noted there',
    happens: noHome,
    as: ops,
    tasks: '    - name: a change\n      command: "true"\n      notify: told\n',
    fails: {
      code: 1,
      head: 'failed: node1 › a change',
      what: /^which handlers it notifies cannot be written down on the host, so that a killed run would lose them$/,
      command: /tkplay\/notified/,
      output: /^mkdir: .*‘\/home\/ops’: Permission denied\nno place for the notes of handlers to run: \/home\/ops\//,
      remedy: /^give the user a home folder to write to, or let the task become root$/,
    },
  },
  { name: 'a banner of sshd', happens: sshd('Banner /etc/os-release') },
  {
    name: 'a login shell that talks',
    happens: loginShell('/usr/local/bin/talks', '#!/bin/sh\necho Welcome; echo careful >&2; exec /bin/bash "$@"'),
    as: ops,
  },
  {
    name: 'a login shell that talks, before sudo',
    happens: loginShell('/usr/local/bin/talks', '#!/bin/sh\necho Welcome; echo careful >&2; exec /bin/bash "$@"'),
    as: opsBecomes,
  },
  {
    name: 'a login shell that knows words and quotes and nothing else of sh',
    happens: loginShell(
      '/usr/local/bin/words',
      '#!/usr/bin/python3\nimport os, shlex, sys\nwords = shlex.split(sys.argv[-1])\nif words[0] == "exec": words.pop(0)\nos.execvp(words[0], words)',
    ),
    as: opsBecomes,
  },
  {
    name: 'a login shell that runs nothing',
    happens: loginShell('/bin/false'),
    as: ops,
    fails: {
      code: 3,
      head: 'unreachable: node1 › a file',
      what: /^ops@10[\d.]+:22 gives no shell: its shell ended with 1, without a word$/,
      remedy: noShell,
    },
  },
  {
    name: 'a login shell that says that it runs nothing, before sudo',
    happens: loginShell('/usr/sbin/nologin'),
    as: opsBecomes,
    fails: {
      code: 3,
      head: 'unreachable: node1 › a file',
      what: /^ops@10[\d.]+:22 gives no shell: This account is currently not available\.$/,
      remedy: noShell,
    },
  },
  {
    name: 'a clock that is wrong',
    happens: ahead,
    tasks: `${usual}    - setup:\n    - assert: {that: ansible_facts.clock_offset > 3000}\n`,
  },
  { name: 'a lecture of sudo', happens: lecture, as: opsBecomes },
  {
    name: 'a lecture of sudo, and a wrong password',
    happens: lecture,
    as: 'ansible_user=opsp ansible_become=true ansible_become_password=not-this-one',
    fails: {
      code: 3,
      head: 'unreachable: node1 › a file',
      what: /^sudo on opsp@10[\d.]+:22 does not take the password to become root$/,
      command: /^sudo -H -u root \/bin\/sh$/,
      output: /^Sorry, try again\.$/,
      remedy: /^give the right one by -K, or as ansible_become_password of node1$/,
    },
  },
  { name: 'one session a login, one user', happens: sshd('MaxSessions 1'), as: opsBecomes },
  {
    name: 'one session a login, two users',
    happens: sshd('MaxSessions 1'),
    as: ops,
    tasks: `${usual}    - name: another user\n      command: id\n      become: true\n`,
    fails: {
      code: 3,
      head: 'unreachable: node1 › another user',
      what: /^ops@10[\d.]+:22 opens no session: /,
      remedy: /^see MaxSessions .* in its sshd_config: each user on a host takes one session$/,
    },
  },
]

const playbook = async (tasks: string): Promise<string> => {
  const path = join(home, 'play.yml')
  const handler = '  handlers:\n    - name: told\n      command: echo told\n'
  await writeFile(path, `- hosts: node1\n  gather_facts: false\n  strategy: free\n  tasks:\n${tasks}${handler}`)
  return path
}
const inventory = async (ofHost = ''): Promise<readonly string[]> => {
  const over = join(home, 'over.ini')
  await writeFile(over, `node1 ${ofHost}\n`)
  return ['-i', lab.inventoryDir, '-i', over]
}

for (const [number, row] of rows.entries()) {
  t.test(row.name, async t => {
    const undo = await row.happens()
    const ran = await tkplay([
      'run',
      await playbook(row.tasks ?? usual),
      ...(await inventory(row.as)),
      '-e',
      `file=/var/tmp/of-${number}`,
    ])
    await undo()
    const { fails } = row
    t.equal(ran.code, fails?.code ?? 0, 'the exit code')
    if (fails === undefined) {
      t.match(ran.stdout, /^changed: node1 › a file — \/var\/tmp\/of-\d+: new$/m)
      t.match(ran.stdout, /^changed: node1 › a pipe$/m)
    } else {
      const told = toldOf(`${ran.stdout}${ran.stderr}`, fails.head)
      t.match(told.what, fails.what, 'host, step, and what happened')
      t.match(told.commands, fails.command === undefined ? [] : [fails.command], 'the command that ran, if one did')
      t.equal(told.commands.length, fails.command === undefined ? 0 : 1)
      t.match(told.output, fails.output ?? /^$/, 'what it said')
      t.match(told.remedies, [fails.remedy], 'the remedy')
      t.equal(told.remedies.length, 1, 'and no other')
    }
    if (!t.passing()) t.comment(`${ran.stdout}${ran.stderr}`)
  })
}

const processesOf = async (text: string): Promise<string> =>
  (await lab.exec('node1', `pgrep -f '^${text}$' | wc -l`)).stdout.trim()

const hasPty = 'echo "Defaults use_pty" >/etc/sudoers.d/zz'

for (const [how, as, prepare] of [
  ['as the user of the login', '', 'true'],
  ['after sudo', opsBecomes, 'true'],
  ['after sudo with a terminal of its own', opsBecomes, hasPty],
] as const) {
  t.test(`what a killed tkplay was running is ended, ${how}`, async t => {
    await must(prepare)
    const tasks = '    - name: long\n      shell: (setsid sleep 98701 &); sleep 98702 & sleep 98702\n'
    const run = watch(['run', await playbook(tasks), ...(await inventory(as)), '-o', 'json'])
    await run.said(event => event.kind === 'step-started')
    // Until all of it runs.
    while ((await processesOf('sleep 98702')) !== '2' || (await processesOf('sleep 98701')) !== '1') await sleep(100)
    await run.kill()
    while ((await processesOf('sleep 98702')) !== '0') await sleep(100)
    t.equal(await processesOf('sleep 98701'), '1', 'a daemon lives on')
    await must("pkill -f '^sleep 98701$'; rm -f /etc/sudoers.d/zz")
  })
}

t.test('ended at once, apt goes on in its unit: that is said, and the next run waits for it', async t => {
  const hook = 'APT::Update::Pre-Invoke {"while [ ! -e /run/go ]; do sleep 0.1; done; exit 1";};'
  await must(`echo '${hook}' >/etc/apt/apt.conf.d/hostile`)
  const args = async (tasks: string) => ['run', await playbook(tasks), ...(await inventory()), '-o', 'plain']
  const child = start(await args('    - name: lists\n      apt: {update_cache: true}\n'))
  const ran = finished(child)
  while ((await lab.exec('node1', 'systemctl is-active tkplay-apt')).rc !== 0) await sleep(100)
  const again = new Promise(seen =>
    child.stdout?.on('data', text => /^SIGINT: /m.test(String(text)) && seen(undefined)),
  )
  child.kill('SIGINT')
  await again
  child.kill('SIGINT')
  const { code, stdout } = await ran
  t.equal(code, 130)
  t.match(stdout, "node1: stopped; 'lists' may still run on the host: the next run waits for it\n")
  t.match(stdout, /^→ start the same command again: it goes on where this one stopped$/m)
  const next = start(await args('    - name: a word\n      command: echo well\n'))
  const waited = finished(next)
  next.stdout?.on('data', text => void (/waiting for it/.test(String(text)) && lab.exec('node1', 'touch /run/go')))
  const { code: after, stdout: said } = await waited
  t.equal(after, 0)
  t.match(said, /^warning: node1: tkplay-apt\.service of an earlier run is still at work: waiting for it$/m)
  t.match(said, /^warning: node1: tkplay-apt\.service has ended: exit code 100/m)
  t.match(said, /^changed: node1 › a word/m)
  t.equal((await lab.exec('node1', 'ls /var/lib/tkplay/long')).rc, 2, 'and nothing of it is left')
})
