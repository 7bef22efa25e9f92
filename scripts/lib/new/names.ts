/** Where a module goes, and its name. */
export interface Place {
  /** From engine/modules: `files`, `kube/cluster`. */
  readonly folder: string
  readonly name: string
}

/** `files/ini_file`. @throws Error saying what is wrong, with the folders that there are */
export const checkPlace = (written: string | undefined, folders: readonly string[]): Place => {
  const [, folder = '', name = written] = /^(.*)\/([^/]*)$/.exec(written ?? '') ?? []
  const place = { folder, name: checkName(name, 'module') }
  if (folders.includes(folder)) return place
  throw new Error(`npm run new:module FOLDER/NAME: FOLDER is one of ${folders.join(', ')}, not '${folder}'`)
}

/** @throws Error saying what a name looks like */
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
