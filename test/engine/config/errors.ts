import { ConfigError } from '../../../engine/core/failure.js'
import { formatSource } from '../../../engine/core/source.js'

/** What a user would read of a ConfigError: `file:line:col: message — hint`, one a line. */
export const saidBy = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return said(error)
  }
  return 'no error'
}

export const saidLater = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    await run()
  } catch (error) {
    return said(error)
  }
  return 'no error'
}

const said = (error: unknown): string => {
  if (!(error instanceof ConfigError)) throw error
  return error.all
    .map(({ source, message, hint }) => {
      const place = source === undefined ? '' : `${formatSource(source)}: `
      return `${place}${message}${hint === undefined ? '' : ` — ${hint}`}`
    })
    .join('\n')
}
