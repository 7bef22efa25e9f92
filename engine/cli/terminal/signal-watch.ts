import { Worker } from 'node:worker_threads'

/**
 * Hears signals in a thread of its own.
 *
 * Node delivers a signal to JavaScript when the main thread is idle. While the main thread renders a template, parses,
 * or writes to a pipe that nobody reads, no signal would arrive. So the thread receives signals and passes them on to
 * the main thread. If the main thread has not ended the process some time after the second signal, the thread ends it.
 *
 * A thread can receive signals only through an internal binding of Node, which is deprecated without a substitute.
 * Where the binding is missing, the main thread receives signals as usual.
 */
export interface SignalWatch {
  /** Starts to receive signals. False where the thread cannot. */
  begin(told: (signal: NodeJS.Signals) => void): Promise<boolean>
  end(): void
  /** Ends the process by a signal, as the thread itself does when the main thread does not react. */
  die(): void
}

/** ms from the second signal until the thread ends the process. */
const lastResort = 900

/**
 * The thread: passes signals to the main thread; some time after the second one it ends the process and its children.
 */
const thread = `
process.noDeprecation = true
const { parentPort } = require('node:worker_threads')
const { constants: { signals } } = require('node:os')
const fs = require('node:fs')
let handles = []
const listen = () => {
  const { Signal } = process.binding('signal_wrap')
  let count = 0
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    const handle = new Signal()
    handle.onsignal = () => {
      count++
      parentPort.postMessage(name)
      if (count === 2) setTimeout(end, ${lastResort})
    }
    const refused = handle.start(signals[name])
    if (refused !== 0) throw new Error('no signals here')
    handles.push(handle)
  }
}
const forget = () => {
  for (const handle of handles) handle.close()
  handles = []
}
const end = () => {
  // The cursor, which live rows hide. Not waited for: a terminal may be stopped.
  if (require('node:tty').isatty(2)) fs.write(2, '\\x1b[?25h', () => {})
  const children = descendantsOf(process.pid)
  // With no handle left the signal does what it does to every program. Where somebody else holds one, the other cannot be held.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 60)
  forget()
  // A program that a template asks (lookup 'pipe') would go on.
  for (const child of children) try { process.kill(child, 'SIGTERM') } catch {}
  process.kill(process.pid, 'SIGINT')
}
// A shell in a session of its own ends what it runs by itself.
const descendantsOf = pid => childrenOf(pid).flatMap(child => [child, ...(sessionOf(child) === sessionOf(pid) ? descendantsOf(child) : [])])
const childrenOf = pid => {
  try {
    return fs.readdirSync('/proc/' + pid + '/task').flatMap(task =>
      fs.readFileSync('/proc/' + pid + '/task/' + task + '/children', 'utf8').split(' ').map(Number).filter(child => child > 0))
  } catch {
    return []
  }
}
const sessionOf = pid => {
  try {
    return fs.readFileSync('/proc/' + pid + '/stat', 'utf8').split(') ').pop().split(' ')[3]
  } catch {
    return undefined
  }
}
parentPort.on('message', asked => {
  if (asked === 'end') return forget()
  if (asked === 'die') return end()
  try {
    listen()
    parentPort.postMessage('begun')
  } catch {
    forget()
    parentPort.postMessage('refused')
  }
})
`

/** Starts the thread; this takes some milliseconds, in parallel with the main thread. */
export const startSignalWatch = (): SignalWatch => {
  let worker: Worker
  try {
    // Node's own flags (such as --eval) would be applied to the thread too.
    worker = new Worker(thread, { eval: true, execArgv: [], stdout: false, stderr: false })
  } catch {
    return { begin: () => Promise.resolve(false), end: () => {}, die: () => {} }
  }
  // The thread must not keep the process alive.
  worker.unref()
  const broken = new Promise<false>(done => worker.once('error', () => done(false)))
  return {
    begin: async told => {
      const begun = new Promise<boolean>(done => {
        worker.on('message', (word: string) => {
          if (word === 'begun' || word === 'refused') done(word === 'begun')
          else told(word as NodeJS.Signals)
        })
      })
      worker.postMessage('begin')
      // An unref'd worker does not keep the process alive while it is awaited.
      worker.ref()
      const answer = await Promise.race([begun, broken])
      worker.unref()
      return answer
    },
    end: () => {
      worker.postMessage('end')
      void worker.terminate()
    },
    die: () => worker.postMessage('die'),
  }
}
