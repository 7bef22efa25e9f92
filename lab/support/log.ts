/** Where the lab says what it is doing: one line at a time, no trailing newline. */
export type Log = (line: string) => void

export const silent: Log = () => undefined

export const toStderr: Log = line => void process.stderr.write(`${line}\n`)
