import { createRequire } from 'node:module'
import { join } from 'node:path'
import { codeDir } from '../../config/files/home.js'
import { shownPath } from '../../config/files/shown-path.js'
import { ConfigError } from '../../core/failure.js'
import type { Role } from '../../core/role.js'
import type { Source } from '../../core/source.js'
import { ownRole } from './own-role.js'

const loaded = new Map<string, Promise<Role<never>>>()

/**
 * A TypeScript role from its file: the file's default export. Users' roles run without a build; `tkplay` in their imports is
 * the running package.
 * @throws ConfigError naming the file: it does not compile, or what it exports is no role
 */
export const loadRole = (file: string): Promise<Role<never>> => {
  const known = loaded.get(file)
  if (known !== undefined) return known
  const made = importRole(file)
  loaded.set(file, made)
  return made
}

const importRole = async (file: string): Promise<Role<never>> => {
  const exported = await importDefault(file)
  const wrong = whatIsWrong(exported)
  if (wrong === undefined) return exported as Role<never>
  throw new ConfigError({
    message: `${shownPath(file)} is no role: ${wrong}`,
    source: { file: shownPath(file), line: 1, col: 1 },
    hint: "write 'export default defineRole({ name, doc, params, steps })'",
  })
}

const importDefault = async (file: string): Promise<unknown> => {
  try {
    // Roles of tkplay are compiled already.
    if (file.startsWith(ownRoles)) return await ownRole(file)
    const { createJiti } = createRequire(import.meta.url)('jiti') as typeof import('jiti')
    // No cache on the disk: what a run leaves behind should be on the hosts only.
    const jiti = createJiti(file, {
      alias: { tkplay: packageEntry, ...besideEngine },
      fsCache: false,
      interopDefault: true,
    })
    return await jiti.import(file, { default: true })
  } catch (error) {
    throw new ConfigError({
      message: `the role cannot be loaded: ${error instanceof Error ? firstLine(error.message) : String(error)}`,
      source: sourceIn(error, file),
      hint: "check the code and its imports; 'tkplay' is there to import, other packages must be installed beside the project",
    })
  }
}

const ownRoles = join(codeDir, 'roles/')
const packageEntry = join(codeDir, 'engine/index.js')

/** A role of the clone imports the running engine, and no second copy of it. */
const besideEngine = Object.fromEntries(
  ['expr', 'role', 'module', 'read'].map(name => [`../../engine/core/${name}.js`, packageEntry]),
)

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replaceAll(`${codeDir}/`, '')

/** Where the error is in the role's file, by its message or its stack. */
const sourceIn = (error: unknown, file: string): Source => {
  const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : ''
  const escaped = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const found = new RegExp(`${escaped}:(\\d+):(\\d+)`).exec(text) ?? /\((\d+):(\d+)\)/.exec(text)
  return { file: shownPath(file), line: Number(found?.[1] ?? 1), col: Number(found?.[2] ?? 1) }
}

const whatIsWrong = (exported: unknown): string | undefined => {
  if (typeof exported !== 'object' || exported === null) return 'it has no default export'
  const role = exported as { readonly [key: string]: unknown }
  if (typeof role['name'] !== 'string') return 'name is missing'
  if (typeof role['steps'] !== 'function') return 'steps is missing'
  return typeof role['params'] === 'object' && role['params'] !== null ? undefined : 'params is missing'
}
