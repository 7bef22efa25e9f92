import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { sourceOf } from '../../../engine/config/yaml/yaml.js'
import { type Expr, ExpressionError, type Scope } from '../../../engine/core/expr.js'
import type { JsonSchema } from '../../../engine/core/json.js'
import type { AnyModule } from '../../../engine/core/module.js'
import { defineModule, nothing } from '../../../engine/core/module.js'
import type { Node, Step } from '../../../engine/core/step.js'
import { Unsafe, type Value } from '../../../engine/core/value.js'
import { type LoadedPlaybooks, loadPlaybook, type PlaybookOptions } from '../../../engine/playbook/playbook.js'
import { templateEnv } from '../../../engine/template/index.js'
import { saidLater } from '../config/errors.js'

const module = (
  name: string,
  properties: JsonSchema,
  more: {
    readonly freeForm?: string
    readonly aliases?: readonly string[]
    readonly required?: readonly string[]
  } = {},
): AnyModule => {
  const { required = [], ...rest } = more
  return defineModule({
    name,
    doc: '',
    kind: 'state',
    params: { type: 'object', additionalProperties: false, required, properties },
    probe: () => nothing,
    plan: () => ({ changes: [] }),
    apply: async () => {},
    ...rest,
  })
}

const string = { type: 'string' } as const
const command = { cmd: string, chdir: string, creates: string, argv: { type: 'array', items: string } } as const

/** A few modules of the test's own: the compiler knows only their schemas. */
const modules: ReadonlyMap<string, AnyModule> = new Map(
  [
    module(
      'copy',
      {
        dest: string,
        content: string,
        src: string,
        mode: { type: 'string', format: 'mode' },
        force: { type: 'boolean' },
      },
      { required: ['dest'] },
    ),
    module('command', command, { freeForm: 'cmd' }),
    module('shell', command, { freeForm: 'cmd' }),
    module(
      'systemd',
      { name: string, state: { type: 'string', enum: ['started', 'stopped'] } },
      { aliases: ['service'] },
    ),
    module('ping', { data: string }),
  ].map(one => [one.name, one]),
)

export type Files = { readonly [path: string]: string }

const folder = (t: Test, files: Files): string => {
  const dir = t.testdir({})
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return dir
}

type Options = Partial<PlaybookOptions>

const options = (more: Options): PlaybookOptions => ({ modules, templates: templateEnv({ locate: sourceOf }), ...more })

/** The plays of `site.yml`, the first of the files. */
export const load = (t: Test, files: Files, more: Options = {}): Promise<LoadedPlaybooks> =>
  loadPlaybook([join(folder(t, files), Object.keys(files)[0] ?? '')], options(more))

/** One play with these tasks. */
export const tasks = (t: Test, yaml: string, more: Files = {}, given: Options = {}): Promise<LoadedPlaybooks> =>
  load(t, { 'site.yml': `- hosts: all\n  tasks:\n${indented(yaml)}`, ...more }, given)

export const indented = (yaml: string): string => yaml.replace(/^(?=.)/gm, '    ')

/** What a user is told, with the test's folder taken out. */
export const saidOf = async (t: Test, files: Files, more: Options = {}): Promise<string> => {
  const dir = folder(t, files)
  const said = await saidLater(() => loadPlaybook([join(dir, Object.keys(files)[0] ?? '')], options(more)))
  const short = dir.replace(`${process.cwd()}/`, '')
  return said.replaceAll(`${short}/`, '').replaceAll(`${dir}/`, '').replaceAll(short, '.')
}

/** All steps in order; those of roles in TypeScript are not there yet. */
export const steps = (nodes: readonly Node[]): readonly Step[] =>
  nodes.flatMap(node =>
    node.kind === 'step' ? [node] : node.kind === 'block' ? steps([...node.body, ...node.rescue, ...node.always]) : [],
  )

/** The steps of the first play without those that run handlers. */
export const ownSteps = ({ plays }: LoadedPlaybooks): readonly Step[] =>
  steps(plays[0]?.body ?? []).filter(step => !step.id.includes('flush-'))

const scope = (values: { readonly [name: string]: Value } = {}): Scope => ({
  get: name => values[name],
  names: () => Object.keys(values),
})

export const value = (expr: Expr | undefined, values: { readonly [name: string]: Value } = {}): unknown => {
  if (expr === undefined) return undefined
  try {
    return plain(expr.evaluate(scope(values)))
  } catch (error) {
    if (error instanceof ExpressionError) return `error: ${error.message}`
    throw error
  }
}

const plain = (one: Value): unknown => {
  if (one instanceof Map) return Object.fromEntries([...one].map(([key, inside]) => [String(key), plain(inside)]))
  if (one instanceof Unsafe) return one.text
  return Array.isArray(one) ? one.map(plain) : one
}
