import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { type Lab, openLab } from '../../lab/lab.js'
import { finished, start, tkplay } from '../support/tkplay.js'
import { type Told, toldOf } from '../support/told.js'

/** What goes wrong on real hosts, and what is said of it: issue «The main job for real», 7.10. One lab for all rows. */
const lab: Lab = await openLab({ name: 'failures', hosts: 3, kubernetes: true, source: 'build' })
const home = await mkdtemp(join(tmpdir(), 'tkplay-failures-'))
t.setTimeout(900_000)
t.teardown(async () => {
  await rm(home, { recursive: true, force: true })
  await lab.down()
})

const otherKey = join(home, 'other_key')
await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', otherKey])
/** Nothing of whoever runs the test: neither an agent nor keys of their own. */
const at = { env: { HOME: home, SSH_AUTH_SOCK: '' } }

const must = async (host: string, command: string): Promise<void> => {
  const { rc, stderr } = await lab.exec(host, command)
  if (rc !== 0) throw new Error(`${host}: ${command}: ${stderr}`)
}

interface Row extends Told {
  readonly name: string
  readonly code: 1 | 3
  /** What node2 has to do before a word; without them it fails at the word. */
  readonly tasks?: string
  /** What all hosts go through before the word. */
  readonly roles?: readonly string[]
  /** Laid over the lab's inventory. */
  readonly inventory?: string
  /** Makes it happen; what it returns undoes it. */
  readonly happens?: () => Promise<() => Promise<void>>
}

const apt = (name: string, more = ''): string => `    - name: a package
      apt: {name: ${name}${more}}
      when: inventory_hostname == 'node2'
`

const toInit = ['common-prep', 'docker', 'kube-packages', 'master-init']

const fullDisk = (folder: string) => () => lab.faults.fillDisk('node2', folder)

const rows: readonly Row[] = [
  {
    name: 'a wrong key',
    code: 3,
    inventory: `node2 ansible_ssh_private_key_file=${otherKey}`,
    head: 'unreachable: node2 › a word',
    what: /^10[\d.]+:22 refused the login of root; tried \S+other_key; it takes publickey/,
    remedy: /^give the user and key that node2 knows/,
  },
  {
    name: 'a changed host key',
    code: 3,
    happens: async () => {
      await must(
        'node2',
        'cp -a /etc/ssh /etc/ssh.old && rm /etc/ssh/ssh_host_* && ssh-keygen -A && systemctl restart ssh',
      )
      return () => must('node2', 'rm -r /etc/ssh && mv /etc/ssh.old /etc/ssh && systemctl restart ssh')
    },
    head: 'unreachable: node2 › a word',
    what: /^10[\d.]+ shows another key than before: ssh-ed25519 SHA256:\S+; known is ssh-ed25519 SHA256:\S+ \(\S+known_hosts:\d+\)$/,
    remedy:
      /^only if the host was installed anew: delete line \d+ of \S+known_hosts, then: tkplay trust node2( -i \S+)+$/,
  },
  {
    name: 'a closed port',
    code: 3,
    happens: async () => {
      await must('node2', 'systemctl stop ssh')
      return () => must('node2', 'systemctl start ssh')
    },
    head: 'unreachable: node2 › a word',
    what: /^10[\d.]+:22 refused the connection$/,
    remedy: /^see that sshd runs on 10[\d.]+ and listens on port 22$/,
  },
  {
    name: 'a wrong sudo password',
    code: 3,
    inventory: 'node2 ansible_user=opsp ansible_become_password=not-this-one',
    head: 'unreachable: node2 › a word',
    what: /^sudo on opsp@10[\d.]+:22 does not take the password to become root$/,
    command: /^sudo -H -u root \/bin\/sh$/,
    output: /^Sorry, try again\.$/,
    remedy: /^give the right one by -K, or as ansible_become_password of node2$/,
  },
  {
    name: 'a package that does not exist, asked of apt',
    code: 1,
    tasks: apt('no-such-package', ', update_cache: true'),
    head: 'failed: node2 › a package',
    what: /^no repository of this host has the package no-such-package$/,
    command: /^apt-get .* install no-such-package$/,
    output: /^E: Unable to locate package no-such-package$/,
    remedy: /^correct its name, or add its repository in an earlier task/,
  },
  {
    name: 'a package that does not exist, known before apt is asked',
    code: 1,
    tasks: apt('no-such-package', ', update_cache: true, cache_valid_time: 3600'),
    head: 'failed: node2 › a package',
    what: /^a repository that has package no-such-package is needed, and no earlier step brings it$/,
    remedy: /^correct the name, or add its repository in an earlier task \(`apt_repository`\)$/,
  },
  {
    name: 'a full disk, where a file is to be written',
    code: 1,
    tasks: `    - name: a file
      copy: {dest: /srv/big, content: "{{ 'x' * 200000 }}"}
      when: inventory_hostname == 'node2'
`,
    happens: fullDisk('/srv'),
    head: 'failed: node2 › a file',
    what: /^there is no room left on the disk$/,
    command: /^write \/srv\/big$/,
    output: /^cat: write error: No space left on device$/,
    remedy: /^free some \(`df -h` and `df -i` show where it is short\) and run again$/,
  },
  {
    name: 'a full disk, where a package is to be installed',
    code: 1,
    tasks: apt('tree'),
    happens: fullDisk('/var/cache/apt/archives'),
    head: 'failed: node2 › a package',
    what: /^there is no room in \/var\/cache\/apt\/archives\/$/,
    command: /^apt-get .* install tree$/,
    output: /^E: You don't have enough free space in \/var\/cache\/apt\/archives\/\.$/,
    remedy: /^free some \(`df -h`, `apt-get clean`/,
  },
  {
    name: 'a held dpkg lock',
    code: 1,
    tasks: apt('tree', ', lock_timeout: 1'),
    happens: () => lab.faults.holdDpkgLock('node2'),
    head: 'failed: node2 › a package',
    what: /^python3 \(process \d+\) still holds \/var\/lib\/dpkg\/lock-frontend$/,
    command: /^apt-get .* install tree$/,
    output:
      /^E: Unable to acquire the dpkg frontend lock \(\/var\/lib\/dpkg\/lock-frontend\), is another process using it\?$/,
    remedy: /^let it finish \(`ps \d+` shows what it does\) and run again, or wait longer by `lock_timeout`$/,
  },
  {
    name: 'a port that a control plane needs, found before the machine is changed',
    code: 1,
    roles: toInit,
    happens: async () => {
      const listen = 'import socket, time; server = socket.create_server(("", 6443)); time.sleep(100000)'
      await must(
        'node1',
        `systemd-run --quiet --collect --unit=squatter python3 -c '${listen}'; until ss -ltn | grep -q :6443; do sleep 0.1; done`,
      )
      return () => must('node1', 'systemctl stop squatter')
    },
    head: 'failed: node1 › common-prep : free to become a node',
    what: /^Kubernetes needs ports that are taken here: 6443 by python3 \(process \d+\)$/,
    remedy: /^end what listens there/,
  },
  {
    name: "a failing preflight of kubeadm's",
    code: 1,
    roles: toInit,
    happens: async () => {
      await must('node1', 'mkdir -p /var/lib/etcd/left')
      return () => must('node1', 'rm -r /var/lib/etcd')
    },
    head: 'failed: node1 › master-init : kubeadm init',
    what: /^kubeadm's preflight check DirAvailable--var-lib-etcd failed: \/var\/lib\/etcd is not empty$/,
    command: /^sh -c 'kubeadm init --config /,
    output: /\[ERROR DirAvailable--var-lib-etcd\]: \/var\/lib\/etcd is not empty/,
    remedy: /^something of an older cluster is left: run playbooks\/reset\.yml for this host alone/,
  },
]

const playbook = async ({ tasks = '', roles = [] }: Pick<Row, 'tasks' | 'roles'>): Promise<string> => {
  const path = join(home, 'play.yml')
  await writeFile(
    path,
    `- hosts: all
  gather_facts: ${roles.length > 0}
  become: true
  strategy: free
  roles: [${roles.join(', ')}]
  tasks:
${tasks}    - name: a word
      command: echo {{ inventory_hostname }} is well
`,
  )
  return path
}

for (const row of rows) {
  t.test(row.name, async t => {
    const over = join(home, 'over.ini')
    await writeFile(over, `${row.inventory ?? ''}\n`)
    const undo = await row.happens?.()
    const ran = await tkplay(['run', await playbook(row), '-i', lab.inventoryDir, '-i', over, '-v'], at)
    await undo?.()
    t.equal(ran.code, row.code, `exit code ${row.code}`)
    const told = toldOf(`${ran.stdout}${ran.stderr}`, row.head)
    t.match(told.what, row.what, 'host, step, and what happened')
    t.match(told.commands, row.command === undefined ? [] : [row.command], 'the command that ran, if one did')
    t.equal(told.commands.length, row.command === undefined ? 0 : 1)
    t.match(told.output, row.output ?? /^$/, 'what it said')
    t.ok(told.output === told.output.trim() && told.output.split('\n').length <= 13, 'in few lines')
    t.match(told.remedies, [row.remedy], 'the remedy')
    t.equal(told.remedies.length, 1, 'and no other')
    const others = lab.hosts().filter(({ name }) => !row.head.includes(` ${name} `))
    t.equal(others.length, 2)
    for (const { name } of others)
      t.match(ran.stdout, new RegExp(`^changed: ${name} › a word — ${name} is well$`, 'm'), `${name} came through`)
    if (t.passing()) return
    t.comment(`${ran.stdout}${ran.stderr}`)
  })
}

t.test("a held dpkg lock is waited for by its holder's name", async t => {
  const letGo = await lab.faults.holdDpkgLock('node2')
  const pid = (await lab.exec('node2', ['pgrep', '-x', 'python3'])).stdout.trim()
  const child = start(['run', await playbook({ tasks: apt('tree') }), '-i', lab.inventoryDir], at)
  const waiting = `now: node2 › a package: waiting for python3 (process ${pid}) to let go of dpkg's lock`
  let seen = ''
  child.stdout?.on('data', chunk => {
    const before = seen.includes(waiting)
    seen += String(chunk)
    if (!before && seen.includes(waiting)) void letGo()
  })
  const ran = await finished(child)
  await letGo()
  t.match(ran.stdout, waiting)
  t.equal(ran.code, 0, ran.stdout)
  t.equal((await lab.exec('node2', ['tree', '--version'])).rc, 0, 'and then it goes on')
})
