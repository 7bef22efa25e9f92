/** A small Go module whose only job is to pin what a set of programs is built from. */
export interface GoModule {
  readonly name: string
  /** module path → version, as in `require` */
  readonly require: Readonly<Record<string, string>>
  /** module path → version of the same module, as in `replace` */
  readonly replace?: Readonly<Record<string, string>>
  /** `package.variable` → value, stamped by the linker */
  readonly stamps?: Readonly<Record<string, string>>
  readonly programs: readonly GoProgram[]
  /** folders of a required module that are wanted beside the programs, such as Calico's own manifests */
  readonly sources?: { readonly module: string; readonly folders: readonly string[] }
  /** source files of the module itself: path → text */
  readonly files?: Readonly<Record<string, string>>
}

export interface GoProgram {
  readonly name: string
  readonly package: string
}

/** The text of `go.mod`. Indirect requirements are left to `go build -mod=mod`: minimal version selection has no choice. */
export function goMod(module: GoModule): string {
  const require = Object.entries(module.require).map(([path, version]) => `require ${path} ${version}`)
  const replace = Object.entries(module.replace ?? {}).map(([path, version]) => `replace ${path} => ${path} ${version}`)
  return `${[`module tkplay.lab/${module.name}`, 'go 1.24.0', ...require, ...replace].join('\n')}\n`
}

/** The value of `-ldflags`: no symbol tables, and the stamps. */
export function ldflags(module: GoModule): string {
  return ['-s', '-w', ...Object.entries(module.stamps ?? {}).map(([name, value]) => `-X ${name}=${value}`)].join(' ')
}
