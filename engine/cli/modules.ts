import type { AnyModule } from '../core/module.js'
import { moduleNamed } from '../modules/one.js'

export type ModuleTable = ReadonlyMap<string, AnyModule>

/** All modules by all their names. */
export const allModules = async (): Promise<ModuleTable> => {
  const [{ modules }, { setup }] = await Promise.all([import('../modules/index.js'), import('../facts/setup.js')])
  return tableOf([...modules, setup as AnyModule])
}

/** One module by a name of it, without loading the others where that can be done. */
export const oneModule = async (name: string): Promise<AnyModule | undefined> =>
  name === 'setup' ? ((await import('../facts/setup.js')).setup as AnyModule) : moduleNamed(name)

export const tableOf = (modules: readonly AnyModule[]): ModuleTable =>
  new Map(modules.flatMap(module => [module.name, ...(module.aliases ?? [])].map(name => [name, module] as const)))
