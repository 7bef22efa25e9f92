import { parseArgs } from 'node:util'

export const OPTIONS = {
  name: { type: 'string' },
  subnet: { type: 'string' },
  inventory: { type: 'string' },
  source: { type: 'string' },
  kubernetes: { type: 'boolean' },
  all: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export type Flags = ReturnType<typeof flagsOf>['values']
const flagsOf = (args: string[]) => parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true })

export interface CommandLine {
  readonly flags: Flags
  readonly command: string | undefined
  readonly rest: readonly string[]
  /** ssh, exec: what runs on the host, its flags included. */
  readonly remote: readonly string[]
}

/** @throws TypeError of parseArgs for a flag that there is not */
export const parseCommandLine = (args: readonly string[]): CommandLine => {
  const at = remoteAt(args)
  const { values, positionals } = flagsOf(args.slice(0, at))
  const [command, ...rest] = positionals
  return { flags: values, command, rest, remote: args.slice(at) }
}

/** `ssh node1 kubectl get pods -A`: from the word after the host on, flags are no longer the lab's. */
const remoteAt = (args: readonly string[]): number => {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const [command, , first] = tokens.filter(token => token.kind === 'positional')
  const isRemote = command?.value === 'ssh' || command?.value === 'exec'
  return isRemote && first !== undefined ? first.index : args.length
}
