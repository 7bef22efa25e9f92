import type { AnyModule } from '../../core/module.js'

export type ModuleTable = ReadonlyMap<string, AnyModule>

/** All modules, by their names and aliases. */
export const allModules = async (): Promise<ModuleTable> => {
  const [{ modules }, { setup }] = await Promise.all([import('../../modules/index.js'), import('../../facts/setup.js')])
  return tableOf([...modules, setup as AnyModule])
}

export const tableOf = (modules: readonly AnyModule[]): ModuleTable =>
  new Map(modules.flatMap(module => [module.name, ...(module.aliases ?? [])].map(name => [name, module] as const)))
