import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './project.js'

/** One part of `npm run check`: a command of this project's own, whose output is shown only where it fails. */
export interface Part {
  readonly name: string
  /** Run in order; the first that fails ends the part. */
  readonly commands: readonly (readonly string[])[]
  /** What to do about a failure. */
  readonly cure: string
}

export interface PartResult {
  readonly part: Part
  readonly ok: boolean
  readonly output: string
  readonly ms: number
}

const tool = (name: string): string => join(root, 'node_modules/.bin', name)
const node = (script: string, ...args: readonly string[]): readonly string[] => [
  process.execPath,
  join(root, 'dist/scripts', script),
  ...args,
]

export const parts: readonly Part[] = [
  {
    name: 'types, and generated files current',
    commands: [[tool('tsc'), '-p', root], node('generate-modules.js', '--check'), node('generate-docs.js', '--check')],
    cure: 'mend the types; npm run generate writes what is generated',
  },
  {
    name: 'format and lint',
    commands: [[tool('biome'), 'ci', '--colors=off', '--error-on-warnings', root]],
    cure: 'npx biome check --write',
  },
  {
    name: 'layering',
    commands: [node('check-layers.js')],
    cure: 'move the code, or what it needs, to where it may be used',
  },
  { name: 'dead code', commands: [[tool('knip'), '--no-progress']], cure: 'remove it, or use it' },
]

/** Runs a part to its end or its first failure. */
export const runPart = async (part: Part): Promise<PartResult> => {
  const started = performance.now()
  for (const command of part.commands) {
    const { ok, output } = await execute(command)
    if (!ok) return { part, ok, output, ms: performance.now() - started }
  }
  return { part, ok: true, output: '', ms: performance.now() - started }
}

const execute = ([program = '', ...args]: readonly string[]): Promise<{
  readonly ok: boolean
  readonly output: string
}> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        output += part
      })
    }
    child.on('error', reject)
    child.on('close', code => resolve({ ok: code === 0, output: output.trimEnd() }))
  })
