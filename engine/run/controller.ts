import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { decodeText } from '../config/text.js'
import { ConfigError } from '../core/failure.js'
import type { Controller } from '../core/module.js'
import type { Step } from '../core/step.js'
import { Secret, Unknown } from '../core/value.js'
import { placesIn, searchPath } from '../playbook/search-path.js'
import type { RunInput } from './input.js'
import type { VariableScope } from './scope.js'
import { templateLayers } from './template-vars.js'

/** The machine tkplay runs on, as one step may see it: read only, on Ansible's search path. */
export const controllerFor = (input: RunInput, step: Step, scope: VariableScope): Controller => ({
  async find(kind, name) {
    const places = placesIn(searchPath(step.origin), kind, name)
    const found = places.find(place => existsSync(place))
    if (found !== undefined) return found
    throw new ConfigError({
      message: `there is no file '${name}'`,
      source: step.source,
      hint: `looked for ${places.join(', ')}`,
    })
  },
  read: path => readFile(path),
  async template(path, options) {
    const { src, dest, ...syntax } = options
    const expr = input.templates.file(decodeText(await readFile(path), path), path, syntax)
    const value = expr.evaluate(scope.with(...(await templateLayers(input.templates, path, { src, dest }))))
    if (value instanceof Unknown) throw new UnknownTemplate(value)
    return String(value instanceof Secret ? value.reveal() : value)
  },
  async stat(path) {
    const info = await stat(path)
    return { kind: info.isDirectory() ? 'directory' : 'file', mode: info.mode & 0o7777, size: info.size }
  },
  list: path => readdir(path),
})

/** A template file mentions something that is not known yet. */
export class UnknownTemplate extends Error {
  constructor(readonly unknown: Unknown) {
    super(unknown.waitsFor)
  }
}
