import { hostname, userInfo } from 'node:os'
import { $ } from 'zx/core'
import type { Connection, Target } from '../core/connection.js'
import { HostConnection } from './host-connection.js'
import { hasStreams, outOfFiles } from './out-of-files.js'
import type { ShellStreams } from './shell-channel.js'

/** The machine that tkplay runs on, over the same channel as any other. Its user is who runs tkplay; another is reached by become. */
export const connectLocal = (target: Target): Connection => {
  const loginUser = userInfo().username
  const open = async (command: string): Promise<ShellStreams> => spawned(command)
  return new HostConnection({
    target,
    label: `${loginUser}@${hostname()}:local`,
    loginUser,
    open,
    close: () => Promise.resolve(),
  })
}

/** zx keeps what a process prints; this one prints for as long as the run lasts, and the channel reads it. */
class Nothing extends Array<string | Buffer> {
  override push(): number {
    return 0
  }
}

/** Detached: a session of its own, which a Ctrl-C on the terminal does not reach, and in which its jobs are found. */
const spawned = (command: string): ShellStreams => {
  const shell = $({
    shell: '/bin/sh',
    prefix: '',
    postfix: '',
    quote: text => text,
    store: { stdout: new Nothing(), stderr: new Nothing(), stdall: new Nothing() },
    detached: true,
    nothrow: true,
    quiet: true,
    stdio: 'pipe',
  })
  const running = shell`${command}`
  if (!hasStreams(running.child)) throw outOfFiles('/bin/sh')
  let destroyed = false
  return {
    stdin: running.stdin,
    stdout: running.stdout,
    stderr: running.stderr,
    onEnd: listener => {
      // What a job left behind may hold the streams open: the end of the shell counts.
      running.child?.once('exit', (code, signal) => {
        const end = { reason: `its shell ended with ${code ?? signal}`, byItself: code !== null }
        if (!destroyed) setTimeout(listener, 100, end)
      })
    },
    destroy: () => {
      destroyed = true
      running.stdin.end()
      running.child?.kill('SIGHUP')
      // What it left behind may hold the streams open, and they would keep this process alive.
      running.stdout.destroy()
      running.stderr.destroy()
      running.child?.unref()
    },
  }
}
