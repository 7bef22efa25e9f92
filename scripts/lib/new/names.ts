/** @throws Error saying what a name looks like */
export const checkName = (name: string | undefined, what: 'module' | 'role'): string => {
  const pattern = what === 'module' ? /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/ : /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
  if (name !== undefined && pattern.test(name)) return name
  const example = what === 'module' ? 'ini_file' : 'load-balancer'
  throw new Error(`npm run new:${what} NAME: a name such as ${example}, not '${name ?? ''}'`)
}

/** `ini_file` → `iniFile` */
export const camelCase = (name: string): string => name.replace(/[_-](.)/g, (_, letter: string) => letter.toUpperCase())

/** `ini_file` → `IniFile` */
export const pascalCase = (name: string): string => camelCase(`_${name}`)
