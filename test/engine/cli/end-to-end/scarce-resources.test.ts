import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { program, tkplay } from '../../../support/tkplay.js'
import { startSshd } from '../../transport/ssh/sshd.js'

t.setTimeout(600_000)

const sshd = await startSshd(['MaxStartups 200'])
t.teardown(() => sshd.close())

const vars = {
  ansible_host: '127.0.0.1',
  ansible_port: sshd.port,
  ansible_ssh_private_key_file: `${sshd.dir}/key`,
  ansible_ssh_common_args: `-F /dev/null -o IdentityAgent=none -o UserKnownHostsFile=${sshd.dir}/known_hosts`,
}
const named = (prefix: string, count: number, of: object = {}): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, of]))
const hosts = (all: object): string => JSON.stringify({ all: { vars, hosts: all } })
const marks = (cwd: string): string => `- hosts: all
  gather_facts: false
  tasks:
    - name: first
      shell: echo {{ inventory_hostname }} >> ${cwd}/marks
    - name: second
      shell: echo {{ inventory_hostname }} >> ${cwd}/marks
`
const folder = (t: Pick<typeof import('tap').t, 'testdir'>, all: object): string => {
  const cwd = t.testdir({ 'hosts.yml': hosts(all) })
  writeFileSync(join(cwd, 'play.yml'), marks(cwd))
  return cwd
}
const run = ['run', 'play.yml', '-i', 'hosts.yml']

/** Through a shell, for what only a shell sets up. */
const shell = async (script: string, cwd: string) => {
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, program], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const hear = (chunk: Buffer): void => {
    said += String(chunk)
  }
  for (const stream of [child.stdout, child.stderr]) stream.on('data', hear)
  const [code] = await once(child, 'close')
  return { code, said }
}

t.test('no more files may be opened: the hosts that this leaves out say so, with a way out', async t => {
  const cwd = folder(t, named('n', 100))
  const { code, said } = await shell('ulimit -n 60; exec "$1" "$2" run play.yml -i hosts.yml -f 100', cwd)
  t.equal(code, 3, said)
  t.match(
    said,
    /unreachable: .* › first: no connection to 127\.0\.0\.1:\d+: this machine lets tkplay open no more files/,
  )
  t.match(said, /→ let it open more \(ulimit -n 4096\), or run for a part of the hosts at a time: --limit/)
  t.notMatch(said, /\.js:\d+/, 'no stack')
  const fewer = await shell('ulimit -n 60; exec "$1" "$2" run play.yml -i hosts.yml -l "all[0:29]"', cwd)
  t.equal(fewer.code, 0, `the way out works: ${fewer.said}`)
})

t.test('who reads the output has seen enough: the run goes on to its end', async t => {
  const cwd = folder(t, named('n', 5))
  const { code, said } = await shell('{ "$1" "$2" run play.yml -i hosts.yml; echo "exit $?" >&2; } | head -n 1', cwd)
  t.equal(code, 0)
  t.match(said, /exit 0/)
  t.notMatch(said, /EPIPE|\.js:\d+/)
  t.equal(readFileSync(join(cwd, 'marks'), 'utf8').trim().split('\n').length, 10, 'all was done')
})

t.test('no home: not set, not there, not a folder, and one whose disk is full', async t => {
  const cwd = folder(t, named('n', 1))
  for (const home of ['unset HOME', 'export HOME=/nonexistent', 'export HOME=/dev/null']) {
    const { code, said } = await shell(`${home}; exec "$1" "$2" run play.yml -i hosts.yml`, cwd)
    t.equal(code, 0, `${home}: ${said}`)
  }
  mkdirSync(join(cwd, 'home'))
  // The mount ends with the shell's own name space.
  const full = await shell(
    `exec unshare -m sh -c 'mount -t tmpfs -o size=64k none home; head -c 1M /dev/zero > home/full 2>/dev/null; HOME=$PWD/home TMPDIR=$PWD/home exec "$1" "$2" run play.yml -i hosts.yml' sh "$1" "$2"`,
    cwd,
  )
  t.equal(full.code, 0, full.said)
})

t.test('twenty of two hundred hosts are dead: each is tried twice at most, and the others finish', async t => {
  const tries = new Map<string, number>()
  const silent = createServer(socket => {
    socket.on('error', () => {})
    const { localAddress = '' } = socket
    tries.set(localAddress, (tries.get(localAddress) ?? 0) + 1)
  })
  await new Promise<void>(resolve => silent.listen(0, '0.0.0.0', resolve))
  t.teardown(() => silent.close())
  const { port } = silent.address() as { readonly port: number }
  const dead = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [
      `d${index}`,
      { ansible_host: `127.0.1.${index + 1}`, ansible_port: port },
    ]),
  )
  const cwd = folder(t, { ...named('n', 180), ...dead })
  const ran = await tkplay([...run, '--timeout', '3', '-f', '50'], { cwd })
  t.equal(ran.code, 3)
  t.equal(tries.size, 20)
  t.ok(Math.max(...tries.values()) <= 2, `${[...tries.values()]}`)
  t.equal(readFileSync(join(cwd, 'marks'), 'utf8').trim().split('\n').length, 360, 'the live ones did all')
})
