import { Worker } from 'node:worker_threads'

/**
 * Node hands a signal to JavaScript between two pieces of work of the main thread. One that is deep in a template, in a parser or in a
 * write to a pipe that nobody reads would never hear of it. So a thread of its own hears signals: it passes each on to the main thread,
 * and where that one has not ended the process some time after the second, it ends it itself.
 *
 * A thread can only hear signals by Node's own binding, which Node deprecates for others and offers no substitute for. Where it is not to
 * be had the main thread hears signals as usual.
 */
export interface SignalWatch {
  /** From here on signals are heard. False where this thread cannot. */
  begin(told: (signal: NodeJS.Signals) => void): Promise<boolean>
  end(): void
  /** Ends the process by a signal, as this thread does of its own accord where the main thread is silent. */
  die(): void
}

/** ms from the second signal to the end of the process by this thread. */
const lastResort = 900

/** Signals go to the main thread; its silence after the second one ends the process, and what it waits for. */
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

/** Starts the thread, which takes some milliseconds while this one goes on. */
export const startSignalWatch = (): SignalWatch => {
  let worker: Worker
  try {
    // Flags of Node that say what its program is are not about this one.
    worker = new Worker(thread, { eval: true, execArgv: [], stdout: false, stderr: false })
  } catch {
    return { begin: () => Promise.resolve(false), end: () => {}, die: () => {} }
  }
  // It holds nobody up.
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
      // Waiting keeps the process alive, as no unref'd thread does.
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
