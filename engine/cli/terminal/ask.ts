import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { ConfigError, TkplayError } from '../../core/failure.js'

/**
 * Asks a question on the terminal. For a secret the answer is not shown. `instead` is the hint where there is no
 * terminal.
 * @throws ConfigError where there is no terminal, or no answer; TkplayError 'interrupted' at Ctrl-C, or when the signal
 *   is aborted
 */
export const ask = async (
  question: string,
  options: { readonly secret: boolean; readonly instead: string; readonly signal?: AbortSignal },
): Promise<string> => {
  if (process.stdin.isTTY !== true) {
    throw new ConfigError({
      message: `there is no terminal to ask for: ${question}`,
      hint: options.instead,
    })
  }
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({
    input: process.stdin,
    output: options.secret ? muted : process.stderr,
    terminal: true,
  })
  // Printed after readline has turned off the terminal's echo, so that a quick answer is not shown either.
  process.stderr.write(`${question}: `)
  try {
    return await new Promise((answered, refused) => {
      const interrupted = (): void => refused(new TkplayError({ kind: 'interrupted' }))
      if (options.signal?.aborted === true) return interrupted()
      lines.once('SIGINT', interrupted)
      options.signal?.addEventListener('abort', interrupted, { once: true })
      lines.once('close', () => refused(new ConfigError({ message: `there was no answer to: ${question}` })))
      lines.question('', answered)
    })
  } finally {
    lines.close()
    if (options.secret) process.stderr.write('\n')
  }
}
