import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { licences } from './lib/licences.js'
import { root } from './lib/project.js'
import { ownSchemas, validators } from './lib/validators.js'

/**
 * Makes of the compiled files, and of the packages they need, one: `dist/bundle/program.cjs`, which is what users run. Half of a command's
 * start would go into finding and reading 500 files. It is CommonJS since V8 can be given what it once made of such a file, but not of
 * ESM (Node 20): `bin/load-program.ts`. Whoever imports `tkplay`, or one of its roles, gets the very values that are running.
 */
const dist = join(root, 'dist')
/** It is made beside the one in use, which goes on working until its place is taken. */
const bundle = join(dist, 'bundle.new')
const program = join(bundle, 'program.cjs')
const roles = readdirSync(join(dist, 'roles')).filter(name => name !== 'shared')

/** Half the bytes to read at each start; names stay, for the stack of a bug. */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  logLevel: 'warning',
} as const

/** A table of the roles, each started when it is asked for. */
const roleTable = `{ ${roles.map(name => `${JSON.stringify(name)}: () => import(${JSON.stringify(join(dist, 'roles', name, 'role.js'))})`).join(', ')} }`

const ownRoles: Plugin = {
  name: 'own roles',
  setup: ({ onLoad }) => {
    onLoad({ filter: /playbook\/roles\/own-role\.js$/ }, ({ path }) => ({
      contents: `import { basename, dirname } from 'node:path'
const roles = ${roleTable}
export const ownRole = async file => (await roles[basename(dirname(file))]()).default`,
      resolveDir: dirname(path),
    }))
  },
}

/** Validators of our own schemas instead of ajv's compiler, which a start would wait for. Each is code of its own, read when it is asked for. */
const generatedValidators: Plugin = {
  name: 'generated validators',
  setup: ({ onLoad, onResolve }) => {
    const folder = join(dist, 'engine/config/schema')
    onResolve({ filter: /^validator:/ }, ({ path }) => ({
      path: path.slice('validator:'.length),
      namespace: 'validator',
    }))
    onLoad({ filter: /./, namespace: 'validator' }, ({ path }) => ({
      contents: validatorCode.get(path) ?? '',
      resolveDir: folder,
    }))
    onLoad({ filter: /config\/schema\/generated\.js$/ }, () => ({
      contents: `export const generated = { ${[...validatorCode.keys()].map(digest => `'${digest}': () => require('validator:${digest}')`).join(', ')} }
export const ajvClass = () => require('ajv/dist/2020.js').Ajv2020`,
      resolveDir: folder,
    }))
  },
}

/** ssh2's ciphers in C, where its installation could compile them, are found from the bundle too; without them it has its own. */
const compiledCiphers: Plugin = {
  name: 'compiled ciphers',
  setup: ({ onResolve }) => {
    onResolve({ filter: /sshcrypto\.node$/ }, ({ path }) => ({ path: join('ssh2/lib/protocol', path), external: true }))
  },
}

const validatorCode = validators(await ownSchemas(), './formats.js')
rmSync(bundle, { recursive: true, force: true })
const made = await build({
  ...shared,
  entryPoints: [join(dist, 'bin/program.js')],
  outfile: program,
  format: 'cjs',
  // jiti reads files beside its own; ssh2 can do without the other.
  external: ['jiti', 'cpu-features'],
  plugins: [ownRoles, generatedValidators, compiledCiphers],
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href" },
  define: { 'import.meta.url': 'importMetaUrl', 'import.meta.dirname': '__dirname' },
  metafile: true,
})
assertAscii(readFileSync(program))
const start = await build({
  ...shared,
  entryPoints: [join(dist, 'bin/tkplay.js')],
  outdir: join(bundle, 'bin'),
  format: 'esm',
  define: { BUNDLE_ID: JSON.stringify(createHash('sha256').update(readFileSync(program)).digest('hex').slice(0, 16)) },
  metafile: true,
})

/** It is read as Latin-1, which is quickest. Strings are escaped by esbuild, regular expressions are not. */
function assertAscii(text: Buffer): void {
  const at = text.findIndex(byte => byte > 127)
  if (at === -1) return
  throw new Error(`the bundle is not all ASCII: ${text.toString('utf8', at - 40, at + 20)} → write \\u… in its source`)
}

/** What is found by its place: the package's entry, and each role. */
const facade = (file: string, text: string): void => {
  mkdirSync(dirname(join(bundle, file)), { recursive: true })
  writeFileSync(join(bundle, file), text)
}
const names = Object.keys((await import(pathToFileURL(join(dist, 'engine/index.js')).href)) as object)
facade('engine/index.js', `import program from '../program.cjs'\nexport const { ${names.join(', ')} } = program.api\n`)
for (const name of roles) {
  const text = `import program from '../../program.cjs'\nexport default await program.ownRole(import.meta.filename)\n`
  facade(`roles/${name}/role.js`, text)
}

const inputs = [made, start].flatMap(({ metafile }) => Object.keys(metafile.inputs))
writeFileSync(join(bundle, 'LICENSES.txt'), licences(inputs, root))

const inUse = join(dist, 'bundle')
const before = join(dist, 'bundle.old')
rmSync(before, { recursive: true, force: true })
if (existsSync(inUse)) renameSync(inUse, before)
renameSync(bundle, inUse)
rmSync(before, { recursive: true, force: true })
