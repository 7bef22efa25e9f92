import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { $ } from 'zx'
import { takeDown } from '../../lab/down.js'
import { diffSnapshots, type Lab, openLab } from '../../lab/lab.js'
import { allLabs } from '../../lab/state/state.js'
import { silent } from '../../lab/support/log.js'
import { machineState, sysctlLines } from './machine-state.js'

t.setTimeout(600_000)

/** Two labs of this test's own; a run of it that was killed left them standing. */
const A = 'test-a'
const B = 'test-b'
const OURS = /test-[ab]|test_[ab]/

for (const name of [A, B]) await takeDown(name, silent)
const others = (await allLabs()).map(lab => lab.name)
const alone = others.length === 0
const before = await machineState(alone ? /./ : OURS)
const settings = await sysctlLines()

const ssh = async (lab: Lab, host: string, command: string, user = 'root') => {
  const run = $({ nothrow: true, quiet: true, input: await readFile(lab.identity.opspPassword) })
  const { exitCode, stdout, stderr } = await run`ssh -F ${lab.identity.sshConfig} -l ${user} ${host} ${command}`
  return { rc: exitCode, stdout: stdout.trim(), stderr: stderr.trim() }
}

const a = await openLab({ name: A, hosts: 2 })
const b = await openLab({ name: B, hosts: 1 })
t.teardown(() => Promise.all([a.down(), b.down()]))

t.test('hosts are whole systems, reached by ssh with pinned keys', async t => {
  for (const { name, address } of a.hosts()) {
    t.same(await ssh(a, name, 'hostname; hostname -I; systemctl is-system-running'), {
      rc: 0,
      stdout: `${name}\n${address} \nrunning`,
      stderr: '',
    })
  }
  t.equal((await stat(a.identity.key)).mode & 0o777, 0o600)
})

t.test('sudo without and with a password', async t => {
  t.equal((await ssh(a, 'node1', 'sudo -n id -u', 'ops')).stdout, '0')
  t.not((await ssh(a, 'node1', 'sudo -n id -u', 'opsp')).rc, 0)
  t.equal((await ssh(a, 'node1', "sudo -S -p '' id -u", 'opsp')).stdout, '0')
})

t.test('cgroups are writable and each host has its own', async t => {
  const made = await a.exec('node1', 'cd /sys/fs/cgroup && [ ! -d memory ] || mkdir memory/kubepods')
  t.equal(made.rc, 0, made.stderr)
  const seen = await a.exec('node2', 'test ! -e /sys/fs/cgroup/memory/kubepods')
  t.equal(seen.rc, 0, 'the other host does not see it')
})

t.test('two labs side by side have their own subnets and do not share hosts', async t => {
  t.not(a.subnet, b.subnet)
  t.equal((await ssh(b, 'node1', 'hostname -I')).stdout, b.host('node1').address)
  await b.exec('node1', 'touch /etc/only-in-b')
  t.not((await a.exec('node1', 'cat /etc/only-in-b')).rc, 0)
})

t.test('up again changes nothing, up with more adds hosts', async t => {
  await a.exec('node1', 'touch /etc/kept')
  const again = await openLab({ name: A, hosts: 2 })
  t.equal((await again.exec('node1', 'cat /etc/kept')).rc, 0)
  t.equal(again.subnet, a.subnet)
  t.equal((await a.addHost()).name, 'node3')
  t.equal((await ssh(a, 'node3', 'hostname')).stdout, 'node3')
  t.match(await readFile(join(a.inventoryDir, 'hosts.yml'), 'utf8'), /workers:[\s\S]*node3:/)
})

t.test('a host reboots as a machine does: its disk stays, its network settings do not', async t => {
  await a.exec(
    'node1',
    'echo kept > /etc/kept; sysctl -qw net.ipv4.conf.all.log_martians=1; ip link add dummy9 type dummy || true',
  )
  const bootId = (await a.exec('node1', 'cat /proc/sys/kernel/random/boot_id')).stdout
  await a.reboot('node1')
  const after = await ssh(
    a,
    'node1',
    'cat /etc/kept; sysctl -n net.ipv4.conf.all.log_martians; ip -o link | grep -c dummy9',
  )
  t.equal(after.stdout, 'kept\n0\n0', after.stderr)
  t.not((await a.exec('node1', 'cat /proc/sys/kernel/random/boot_id')).stdout, bootId)
  t.equal(
    (await ssh(a, 'node1', 'cd /sys/fs/cgroup && [ ! -d memory ] || { mkdir memory/again && rmdir memory/again; }')).rc,
    0,
  )
})

t.test('reset makes hosts bare again, and they are still the same hosts', async t => {
  const identity = 'cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub'
  const was = await a.exec('node1', identity)
  await a.exec('node1', 'touch /etc/gone /var/lib/kubelet/gone; rm /etc/fstab')
  await a.exec('node2', 'touch /etc/kept')
  await a.reset(['node1'])
  t.equal((await ssh(a, 'node1', 'ls /etc/gone /var/lib/kubelet/gone 2>/dev/null; ls /etc/fstab')).stdout, '/etc/fstab')
  t.equal((await a.exec('node1', identity)).stdout, was.stdout)
  t.equal((await a.exec('node2', 'cat /etc/kept')).rc, 0, 'the other host was left alone')
})

t.test('a snapshot sees every write, and no login', async t => {
  const first = await a.snapshot('node1')
  await ssh(a, 'node1', 'cat /etc/hostname; systemctl status ssh')
  await ssh(a, 'node1', 'sudo true', 'ops')
  t.same(diffSnapshots(first, await a.snapshot('node1')), [], 'reading over ssh writes nothing')
  await a.exec(
    'node1',
    'echo x >> /etc/motd; chmod 600 /etc/fstab; rm /etc/issue; touch /tmp/left; echo y > /var/lib/kubelet/y',
  )
  const paths = diffSnapshots(first, await a.snapshot('node1')).map(({ path, after }) => `${path} ${after?.type}`)
  for (const expected of [
    '/etc/motd file',
    '/etc/fstab file',
    '/etc/issue deleted',
    '/tmp/left file',
    '/var/lib/kubelet/y file',
  ]) {
    t.ok(paths.includes(expected), expected)
  }
})

t.test('faults', async t => {
  const { faults } = a
  await t.test('a link that is down is silent, and comes back', async t => {
    await faults.linkDown('node2')
    t.equal((await $({ nothrow: true })`ssh -F ${a.identity.sshConfig} -o ConnectTimeout=1 node2 true`).exitCode, 255)
    await faults.linkUp('node2')
    t.equal((await ssh(a, 'node2', 'true')).rc, 0)
  })
  await t.test('sessions are killed', async t => {
    const session = ssh(a, 'node2', 'echo started > /run/started; sleep 60')
    while ((await a.exec('node2', 'cat /run/started')).rc !== 0);
    await faults.killSshSessions('node2')
    t.equal((await session).rc, 255)
    t.equal((await ssh(a, 'node2', 'true')).rc, 0, 'the listener lives')
  })
  await t.test('a session is stopped and resumed', async t => {
    const session = ssh(a, 'node2', 'echo > /run/waiting; while [ ! -e /run/go ]; do sleep 0.1; done; echo went on')
    while ((await a.exec('node2', 'cat /run/waiting')).rc !== 0);
    await faults.stopSshSessions('node2')
    t.match((await a.exec('node2', 'ps -C sshd -o stat=,args= | grep notty')).stdout, /^T/)
    await faults.resumeSshSessions('node2')
    await a.exec('node2', 'touch /run/go')
    t.equal((await session).stdout, 'went on')
  })
  await t.test('a full disk has no free byte, and keeps its files', async t => {
    const undo = await faults.fillDisk('node2', '/etc')
    t.match((await a.exec('node2', 'cp /etc/hostname /etc/new')).stderr, /No space left on device/)
    t.equal((await a.exec('node2', 'cat /etc/hostname')).stdout, 'node2\n')
    const loops = existsSync('/dev/loop-control')
    t.equal((await a.exec('node2', 'findmnt -n -o FSTYPE /etc')).stdout, loops ? 'ext4\n' : 'tmpfs\n')
    await undo()
    // Until no loop device is left.
    while ((await $`losetup --list --noheadings --output BACK-FILE`).stdout.includes(`/${a.name}/`)) await sleep(50)
    t.equal((await a.exec('node2', 'echo x > /etc/new')).rc, 0)
  })
  await t.test('dpkg is locked', async t => {
    const undo = await faults.holdDpkgLock('node2')
    t.match(
      (await a.exec('node2', 'apt-get -y install less')).stderr,
      /Could not get lock .*dpkg.*held by process \d+ \(python3\)/,
    )
    await undo()
    t.equal((await a.exec('node2', 'apt-get -y install less')).rc, 0)
  })
  await t.test('the plug is pulled', async t => {
    await faults.powerOff('node2')
    t.equal((await $({ nothrow: true })`ssh -F ${a.identity.sshConfig} -o ConnectTimeout=1 node2 true`).exitCode, 255)
    await faults.powerOn('node2')
    t.equal((await ssh(a, 'node2', 'cat /etc/new')).stdout, 'x')
  })
})

t.test('down leaves nothing', async t => {
  await b.exec('node1', 'sysctl -w vm.swappiness=37')
  await a.down()
  t.equal((await ssh(b, 'node1', 'hostname')).stdout, 'node1', 'the other lab goes on')
  await b.down()
  t.same(await machineState(alone ? /./ : OURS), before)
  if (alone) t.same(await sysctlLines(), settings)
  await t.resolves(takeDown(A, silent), 'again is no error')
})
