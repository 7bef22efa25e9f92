import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './project.js'

/** One part of `npm run check`. Its output is shown only where it fails. */
export interface Part {
  readonly name: string
  /** Run in order; the part ends with the first one that fails. */
  readonly commands: readonly (readonly string[])[]
  /** What to do about a failure. */
  readonly remedy: string
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
    remedy: 'correct the types; npm run generate writes generated files',
  },
  {
    name: 'format and lint',
    commands: [[tool('biome'), 'ci', '--colors=off', '--error-on-warnings', root]],
    remedy: 'npx biome check --write',
  },
  {
    name: 'layering',
    commands: [node('check-layers.js')],
    remedy: 'move the code, or what it imports, to a folder that the layering allows',
  },
  { name: 'dead code', commands: [[tool('knip'), '--no-progress']], remedy: 'remove it, or use it' },
]

/** Runs a part to its end, or to its first failure. */
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
