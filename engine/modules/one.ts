import { existsSync } from 'node:fs'
import type { AnyModule } from '../core/module.js'

/** A module by its name or alias, without loading the others where its file has its name: an ad hoc command needs no more. */
export const moduleNamed = async (name: string): Promise<AnyModule | undefined> => {
  const called = ({ name: own, aliases = [] }: AnyModule): boolean => own === name || aliases.includes(name)
  if (/^\w+$/.test(name) && existsSync(new URL(`./${name}.js`, import.meta.url))) {
    const exported = Object.values((await import(`./${name}.js`)) as object)
    const found = exported.find((one): one is AnyModule => isModule(one) && called(one))
    if (found !== undefined) return found
  }
  const { modules } = await import('./index.js')
  return modules.find(called)
}

const isModule = (value: unknown): value is AnyModule =>
  typeof value === 'object' && value !== null && 'name' in value && 'probe' in value && 'plan' in value
