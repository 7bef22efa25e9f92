import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { licences } from './lib/licences.js'
import { root } from './lib/project.js'
import { ownSchemas, validators } from './lib/validators.js'

/**
 * Bundles the compiled files, and the packages they need, to `dist/bundle/program.cjs`, which is what users run:
 * finding and reading 500 files would take half of a command's start. The bundle is CommonJS, because V8 accepts cached
 * code for CommonJS but not for ESM (Node 20): see `bin/load-program.ts`. Who imports `tkplay`, or one of its roles,
 * gets the same module instances that are running.
 */
const dist = join(root, 'dist')
/** The new bundle is built beside the old one, which works until it is replaced. */
const bundle = join(dist, 'bundle.new')
const program = join(bundle, 'program.cjs')
const roles = readdirSync(join(dist, 'roles')).filter(name => name !== 'shared')

/** Minified to halve the bytes to read at each start. Names stay, for the stacks of bugs. */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  logLevel: 'warning',
} as const

/** A table of the roles; each is loaded on first use. */
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

/**
 * Generated validators of our schemas, instead of ajv's compiler, which would delay a start. Each is a module of its
 * own, evaluated on first use.
 */
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

/**
 * Finds ssh2's compiled ciphers, where its installation could build them; without them ssh2 uses its own in JavaScript.
 */
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
  // jiti reads files beside its own; cpu-features is optional for ssh2.
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

/** The bundle is read as Latin-1, which is fastest. esbuild escapes strings, but not regular expressions. */
function assertAscii(text: Buffer): void {
  const at = text.findIndex(byte => byte > 127)
  if (at === -1) return
  throw new Error(`the bundle is not all ASCII: ${text.toString('utf8', at - 40, at + 20)} → write \\u… in its source`)
}

/** Writes files that are found by their path: the package's entry, and each role. */
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
