import { hostname, userInfo } from 'node:os'
import { $ } from 'zx/core'
import type { Connection, Target } from '../core/connection.js'
import { HostConnection } from './host-connection.js'
import { hasStreams, outOfFiles } from './out-of-files.js'
import type { ShellStreams } from './shell-channel.js'

/**
 * A connection to the machine that tkplay runs on, with the same kind of channels as over ssh. The login user is the
 * user who runs tkplay.
 */
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

/** An array that stays empty: zx would store all output of the shell, which runs until the end of the run. */
class DiscardingArray extends Array<string | Buffer> {
  override push(): number {
    return 0
  }
}

/**
 * Starts the shell in its own session: Ctrl-C on the terminal does not reach it, and its jobs are found by the session.
 */
const spawned = (command: string): ShellStreams => {
  const shell = $({
    shell: '/bin/sh',
    prefix: '',
    postfix: '',
    quote: text => text,
    store: { stdout: new DiscardingArray(), stderr: new DiscardingArray(), stdall: new DiscardingArray() },
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
      // A background process of a job may keep the streams open, so the exit of the shell counts.
      running.child?.once('exit', (code, signal) => {
        const end = { reason: `its shell ended with ${code ?? signal}`, byItself: code !== null }
        if (!destroyed) setTimeout(listener, 100, end)
      })
    },
    destroy: () => {
      destroyed = true
      running.stdin.end()
      running.child?.kill('SIGHUP')
      // A background process may keep the streams open, and open streams would keep this process alive.
      running.stdout.destroy()
      running.stderr.destroy()
      running.child?.unref()
    },
  }
}
