import { spawn } from 'node:child_process'
import { INTERRUPTED, letFront } from './interrupt.js'

/** Hands this terminal to a program until it ends. @returns its exit code */
export const handOver = (argv: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const [program = 'false', ...rest] = argv
    const child = spawn(program, rest, { stdio: 'inherit' })
    const takeBack = letFront(child)
    child.once('error', error => {
      takeBack()
      reject(error)
    })
    child.once('close', (code, signal) => {
      takeBack()
      resolve(code ?? (signal === null ? 255 : INTERRUPTED))
    })
  })
