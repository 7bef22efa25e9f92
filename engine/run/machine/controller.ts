import { existsSync } from 'node:fs'
import { readdir, readlink, realpath, stat } from 'node:fs/promises'
import { readLargeLocal, readLocal, whyUnread } from '../../config/files/local-file.js'
import { lookedFor } from '../../config/files/near-file.js'
import { decodeText } from '../../config/files/text.js'
import { ConfigError } from '../../core/failure.js'
import type { Controller } from '../../core/module.js'
import type { Step } from '../../core/step.js'
import { Secret, Unknown } from '../../core/value.js'
import { candidatesIn, searchPath } from '../../playbook/files/search-path.js'
import type { RunInput } from '../input.js'
import type { VariableScope } from '../variables/scope.js'
import { templateLayers } from '../variables/template-vars.js'

/** The machine that tkplay runs on, for one step: read only, with Ansible's search path. */
export const controllerFor = (input: RunInput, step: Step, scope: VariableScope): Controller => ({
  async find(kind, name) {
    const candidates = candidatesIn(searchPath(step.origin), kind, name)
    const found = candidates.find(path => existsSync(path))
    if (found !== undefined) return found
    throw new ConfigError({
      message: `there is no file '${name}'`,
      source: step.source,
      hint: lookedFor(name, candidates),
    })
  },
  read: path => readFor(step, path, () => readLargeLocal(path)),
  async template(path, options) {
    const { src, dest, ...syntax } = options
    const expr = input.templates.file(decodeText(await readFor(step, path, () => readLocal(path)), path), path, syntax)
    const value = expr.evaluate(scope.with(...(await templateLayers(input.templates, path, { src, dest }))))
    if (value instanceof Unknown) throw new UnknownTemplate(value)
    return String(value instanceof Secret ? value.reveal() : value)
  },
  async stat(path) {
    const info = await readFor(step, path, () => stat(path))
    return { kind: info.isDirectory() ? 'directory' : 'file', mode: info.mode & 0o7777, size: info.size }
  },
  list: path => readFor(step, path, () => readdir(path)),
  async link(path) {
    try {
      return await readlink(path)
    } catch (error) {
      if (codeOf(error) === 'EINVAL') return undefined
      throw unreadable(step, path, error)
    }
  },
  async real(path) {
    try {
      return await realpath(path)
    } catch (error) {
      if (['ENOENT', 'ELOOP', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
      throw unreadable(step, path, error)
    }
  },
})

/** Reads a file. If it cannot be read, the task fails; that is no bug. */
const readFor = async <T>(step: Step, path: string, read: () => T | Promise<T>): Promise<T> => {
  try {
    return await read()
  } catch (error) {
    throw unreadable(step, path, error)
  }
}

const unreadable = (step: Step, path: string, error: unknown): unknown => {
  const reason = whyUnread(error)
  return reason === undefined
    ? error
    : new ConfigError({
        message: `'${path}' cannot be read on this machine: ${reason}`,
        source: step.source,
        ...(codeOf(error) === 'TOO_LARGE' ? { hint: 'let the hosts fetch it themselves: get_url' } : {}),
      })
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined

/** A template file depends on an unknown value. */
export class UnknownTemplate extends Error {
  constructor(readonly unknown: Unknown) {
    super(unknown.waitsFor)
  }
}
