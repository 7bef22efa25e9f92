import { readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname } from 'node:path'
import { Script } from 'node:vm'
import type { CompiledCode } from './compiled-code.js'

type Program = typeof import('./program.js')

/** The function that Node wraps around a CommonJS file. */
type Wrapper = (exports: unknown, require: NodeJS.Require, module: Module, filename: string, dirname: string) => void

/**
 * Loads the bundle like `require`, and registers it there, so that a user's role that imports `tkplay` gets the same
 * module instance. Unlike `require` it gives V8 the code that an earlier run compiled, since compiling takes half of
 * the time of a short command.
 * @param file the bundle, a CommonJS file
 */
export const loadProgram = (file: string, compiled: CompiledCode): Program => {
  const cachedData = compiled.read()
  // Latin-1 is safe, since esbuild writes ASCII only.
  const script = new Script(Module.wrap(readFileSync(file, 'latin1')), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  })
  const require = createRequire(file)
  const module = new Module(file)
  module.filename = file
  require.cache[file] = module
  ;(script.runInThisContext() as Wrapper)(module.exports, require, module, file, dirname(file))
  module.loaded = true
  if (cachedData === undefined || script.cachedDataRejected === true)
    compiled.keepAtExit(() => script.createCachedData())
  return module.exports as Program
}
