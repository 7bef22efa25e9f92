import { parseArgs } from 'node:util'

export const ITEMS = ['converged', 'fleet', 'cluster', 'template'] as const
export type ItemName = (typeof ITEMS)[number]

export const USAGE = `Measures tkplay beside other programs that do the same work. Run as root: the bench boots lab hosts and starts an sshd, and removes them afterwards.

  npm run bench                       the items converged and fleet
  npm run bench -- --only ITEM        only this item (may be repeated): ${ITEMS.join(', ')}
  npm run bench -- --all              every item; cluster takes many minutes

  --rounds N     how often each program is measured (5; cluster: 3)
  --json FILE    write the figures to this file, too; - is standard output
  --name NAME    the lab's name (bench)
`

export interface Options {
  readonly items: readonly ItemName[]
  readonly rounds: number | undefined
  readonly json: string | undefined
  readonly lab: string
  readonly help: boolean
}

export class UsageError extends Error {}

/** @throws UsageError */
export const readOptions = (args: readonly string[]): Options => {
  const { only, all, rounds, json, name, help } = parsed(args)
  const items = ITEMS.filter(item => (all ? true : (only ?? ['converged', 'fleet']).includes(item)))
  const unknown = only?.find(item => !ITEMS.some(known => known === item))
  if (unknown !== undefined) throw new UsageError(`there is no item «${unknown}»: ${ITEMS.join(', ')}`)
  if (rounds !== undefined && !/^[1-9]\d{0,2}$/.test(rounds)) throw new UsageError(`«${rounds}» is no number of rounds`)
  return { items, rounds: rounds === undefined ? undefined : Number(rounds), json, lab: name ?? 'bench', help }
}

const parsed = (args: readonly string[]) => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true },
        all: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        json: { type: 'string' },
        name: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
