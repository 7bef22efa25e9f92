import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Transport } from '../../../engine/core/connection.js'
import { HostConnection } from '../../../engine/transport/host-connection.js'
import type { ShellStreams } from '../../../engine/transport/shell-channel.js'
import { programs } from './programs.js'

/**
 * A small host: a root folder in memory, with this machine's programs, in a namespace of its own for mounts. The modules' shell
 * text runs there as it stands. What no namespace holds (the kernel's settings, swap, units) is files of the model, and programs of the
 * model that change these files. When its process ends, all of it is gone.
 */
export class Model {
  readonly #holder: ChildProcess
  readonly #pid: number

  private constructor(holder: ChildProcess, pid: number) {
    this.#holder = holder
    this.#pid = pid
  }

  static async start(): Promise<Model> {
    const argv = ['--mount', '--propagation', 'private', '/bin/sh', '-c', layOut]
    const holder = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'inherit'] })
    const [pid] = await Promise.race([
      once(holder.stdout as NonNullable<typeof holder.stdout>, 'data') as Promise<[Buffer]>,
      once(holder, 'exit').then(([code]) => {
        throw new Error(`no model of a host: unshare ended with ${code} (it needs root)`)
      }),
    ])
    return new Model(holder, Number(String(pid)))
  }

  /** A path of the model as one of this machine. */
  at(path: string): string {
    return `/proc/${this.#pid}/root${path}`
  }

  /** What is mounted there: a line for each, without the numbers that change with every mount. */
  mounts(): readonly string[] {
    return readFileSync(`/proc/${this.#pid}/mountinfo`, 'utf8')
      .split('\n')
      .map(line => line.split(' ').slice(3).join(' '))
  }

  /** Runs shell text there; for what a case begins with. */
  async shell(text: string): Promise<void> {
    const child = this.#enter(['/bin/sh', '-c', `set -e\n${text}`])
    let said = ''
    child.stderr?.on('data', chunk => {
      said += chunk
    })
    child.stdout?.resume()
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`the model cannot be made so: ${text}: ${said}`)
  }

  /** What the engine reaches it by. */
  get transport(): Transport {
    return {
      connect: async target =>
        new HostConnection({
          target,
          label: 'root@model:local',
          loginUser: 'root',
          open: async command => streams(this.#enter(['/bin/sh', '-c', command])),
          close: async () => {},
        }),
      close: async () => {},
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.#holder, 'exit')
    this.#holder.stdin?.end()
    await ended
  }

  #enter(argv: readonly string[]): ChildProcess {
    const inside = [
      '--target',
      `${this.#pid}`,
      '--mount',
      '--root',
      '--',
      '/bin/sh',
      '-c',
      'cd / && exec "$@"',
      'sh',
      ...argv,
    ]
    return spawn('nsenter', inside, { env: environment, detached: true })
  }
}

const environment = {
  PATH: '/model/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
}

/** Ends with the test: its standard input is a pipe that the test holds. The first line that it prints is its process. */
const layOut = `set -e
mount -t tmpfs -o noatime,mode=0755 model /tmp
cd /tmp
mkdir -p usr proc dev sys etc var/lib var/log var/mail var/spool run srv home root tmp mnt opt model/bin model/state
chmod 1777 tmp; chmod 0700 root
mount --rbind /usr usr
mount -t tmpfs -o noatime,mode=0755 local usr/local
mount -o remount,bind,ro usr
for name in bin sbin lib lib64; do [ ! -e /$name ] || ln -s usr/$name $name; done
mount --rbind /proc proc
mount --rbind /dev dev
for folder in sysctl.d modules-load.d modprobe.d systemd/system selinux apt/sources.list.d apt/keyrings; do mkdir -p etc/$folder; done
: >etc/.pwd.lock
cp -a /etc/alternatives /etc/pam.d /etc/security /etc/login.defs etc/ 2>/dev/null || :
printf '%s: files\\n' passwd group shadow gshadow >etc/nsswitch.conf
mkdir -p model/kernel/kernel sys/module sys/fs
mount --bind model/kernel proc/sys
printf 'model\\n' >model/kernel/kernel/hostname
printf 'Filename\\tType\\tSize\\tUsed\\tPriority\\n' >model/swaps
mount --bind model/swaps proc/swaps
${Object.entries(programs)
  .map(
    ([name, text]) => `cat >model/bin/${name} <<'END_OF_PROGRAM'\n${text}END_OF_PROGRAM\nchmod 0755 model/bin/${name}`,
  )
  .join('\n')}
exec chroot . /bin/sh -c 'echo $$; exec cat'`

const streams = (child: ChildProcess): ShellStreams => {
  const { stdin, stdout, stderr } = child
  if (stdin === null || stdout === null || stderr === null) throw new TypeError('a shell of the model has no streams')
  let destroyed = false
  stdin.on('error', () => {})
  return {
    stdin,
    stdout,
    stderr,
    onEnd: listener => {
      child.once('exit', (code, signal) => {
        const end = { reason: `its shell ended with ${code ?? signal}`, byItself: code !== null }
        if (!destroyed) setTimeout(listener, 100, end)
      })
    },
    destroy: () => {
      destroyed = true
      stdin.end()
      child.kill('SIGHUP')
      stdout.destroy()
      stderr.destroy()
      child.unref()
    },
  }
}
