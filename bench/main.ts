/** `npm run bench`: see README.md beside it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePackages } from '../lab/machine/packages.js'
import { requireRoot } from '../lab/machine/prerequisites.js'
import { toStderr } from '../lab/support/log.js'
import { LabProblem } from '../lab/support/problem.js'
import { handOver } from '../lab/terminal/hand-over.js'
import { cluster } from './cluster/item.js'
import { converged } from './converged/item.js'
import { fleet } from './fleet/item.js'
import { type Bench, type Item, TKPLAY } from './item.js'
import { machine } from './machine.js'
import { measureIn } from './measure.js'
import { type ItemName, type Options, readOptions, USAGE, UsageError } from './options.js'
import { reportOn } from './report.js'
import { type ItemResult, runItem } from './rounds.js'
import { endRunning } from './running.js'
import { reportText } from './table.js'
import { undoList } from './undo.js'

const made: { readonly [name in Exclude<ItemName, 'template'>]: (bench: Bench) => Promise<Item> } = {
  converged,
  fleet,
  cluster,
}

const main = async (options: Options): Promise<number> => {
  const { items } = options
  if (items.includes('template')) await handOver([process.execPath, join(import.meta.dirname, 'template.js')])
  const names = items.filter(name => name !== 'template')
  if (names.length === 0) return 0
  requireRoot()
  await ensurePackages(['time'], toStderr)
  const started = new Date()
  const results = await measured(names, options)
  const report = reportOn(results)
  const figures = JSON.stringify({ started, machine: machine(), ...report, items: results }, null, 2)
  if (options.json !== undefined && options.json !== '-') await writeFile(options.json, `${figures}\n`)
  process.stdout.write(options.json === '-' ? `${figures}\n` : reportText(report))
  if (options.json === '-') process.stderr.write(reportText(report))
  return report.rows.some(row => row.program === TKPLAY && row.counted === 0) ? 1 : 0
}

/** Runs the items; everything that they made is removed in any case. */
const measured = async (names: readonly (keyof typeof made)[], options: Options): Promise<readonly ItemResult[]> => {
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (!interrupt.signal.aborted) toStderr(`${signal}: removing what the bench made`)
      interrupt.abort(new Interrupted())
      endRunning()
    })
  const undo = undoList(toStderr)
  try {
    const dir = await mkdtemp(join(tmpdir(), 'tkplay-bench-'))
    undo.push('the temporary folder', () => rm(dir, { recursive: true, force: true }))
    const bench: Bench = { dir, lab: options.lab, undo, log: toStderr, signal: interrupt.signal }
    const results: ItemResult[] = []
    for (const name of names) {
      const item = await made[name](bench)
      const how = { ...bench, measure: measureIn(dir) }
      results.push(await runItem({ ...item, rounds: options.rounds ?? item.rounds }, how))
    }
    return results
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted()
    throw error
  } finally {
    await undo.unwind()
  }
}

class Interrupted extends Error {}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(USAGE)
  else process.exitCode = await main(options)
} catch (error) {
  if (error instanceof Interrupted) process.exitCode = 130
  else if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}`)
    process.exitCode = 2
  } else if (error instanceof LabProblem) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  } else throw error
}
