/** The folder and name of a new module. */
export interface ModulePath {
  /** The path from engine/modules: `files`, `kube/cluster`. */
  readonly folder: string
  readonly name: string
}

/** Parses `files/ini_file`. @throws Error with what is wrong, and the folders that exist */
export const checkModulePath = (written: string | undefined, folders: readonly string[]): ModulePath => {
  const [, folder = '', name = written] = /^(.*)\/([^/]*)$/.exec(written ?? '') ?? []
  const modulePath = { folder, name: checkName(name, 'module') }
  if (folders.includes(folder)) return modulePath
  throw new Error(`npm run new:module FOLDER/NAME: FOLDER is one of ${folders.join(', ')}, not '${folder}'`)
}

/** @throws Error with what a name looks like */
export const checkName = (name: string | undefined, what: 'module' | 'role'): string => {
  const pattern = what === 'module' ? /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/ : /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
  if (name !== undefined && pattern.test(name)) return name
  const [usage, example] = what === 'module' ? ['FOLDER/NAME', 'files/ini_file'] : ['NAME', 'load-balancer']
  throw new Error(`npm run new:${what} ${usage}: a name such as ${example}, not '${name ?? ''}'`)
}

/** `ini_file` → `iniFile` */
export const camelCase = (name: string): string => name.replace(/[_-](.)/g, (_, letter: string) => letter.toUpperCase())

/** `ini_file` → `IniFile` */
export const pascalCase = (name: string): string => camelCase(`_${name}`)
