import type { Told } from '../../support/told.js'
import { ahead, busyboxAsSh, type Happens, happens, lecture, loginShell, noHome, readOnly, sshd } from './happens.js'

export interface Row {
  readonly name: string
  readonly happens: Happens
  /** Who logs in. */
  readonly as?: string
  /** What node1 does. */
  readonly tasks?: string
  /** Without it the run comes to its end. */
  readonly fails?: Told & { readonly code: 1 | 3 }
}

/** Tasks that come through on a host that is only odd. */
export const usual = `    - name: a file
      copy: {dest: "{{ file }}", content: "text\\n"}
    - name: a pipe
      shell: printf abc | tr a-z A-Z
`
const ops = 'ansible_user=ops'
export const opsBecomes = `${ops} ansible_become=true`
const noShell = /^give the user a login shell that can run commands: ssh ops@10[\d.]+ \/bin\/sh -c true$/

export const rows: readonly Row[] = [
  {
    name: 'a read-only disk, where a file is to be written',
    happens: readOnly,
    fails: {
      code: 1,
      head: 'failed: node1 › a file',
      what: /^the file system can only be read$/,
      command: /^write \/var\/tmp\/of-\d+$/,
      output: /^mktemp: .*Read-only file system$/,
      remedy: /^look into `dmesg` for the reason, make it writable/,
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
      remedy: /^look into `dmesg` for the reason, make it writable/,
    },
  },
  { name: "busybox's shell and tools before all others", happens: busyboxAsSh },
  { name: "busybox's shell, after sudo", happens: busyboxAsSh, as: opsBecomes },
  {
    name: 'sshd that stands still in the middle of the run',
    happens: async lab => () => lab.faults.resumeSshSessions('node1'),
    as: "ansible_ssh_common_args='-o ServerAliveInterval=2'",
    tasks: "    - name: stands still\n      shell: pkill -STOP -f '^sshd.*root(@| .priv)'; echo after\n",
    fails: {
      code: 3,
      head: 'unreachable: node1 › stands still',
      what: /^lost the connection to root@10[\d.]+:22: the host has gone quiet$/,
      remedy: /^see that the host is up, then run again$/,
    },
  },
  { name: 'a full /tmp', happens: lab => lab.faults.fillDisk('node1', '/tmp') },
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
      what: /^the notified handlers cannot be recorded on the host, so an interrupted run would lose them$/,
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
