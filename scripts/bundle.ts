import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { licences } from './lib/licences.js'
import { root } from './lib/project.js'

/**
 * Makes of the compiled files and of what every command needs a few large ones: `dist/bundle`, which is what users run. Half of a
 * command's start would go into finding and reading 500 files. Entries keep their places and share their pieces: a user's role
 * that imports `tkplay` gets the very values that are running.
 */
const dist = join(root, 'dist')
const bundle = join(dist, 'bundle')
const roles = readdirSync(join(dist, 'roles'))
  .filter(name => name !== 'shared')
  .map(name => join(dist, 'roles', name, 'role.js'))

/** CommonJS inside of ESM: ssh2 asks for Node's own modules, and for its folder. */
const commonJs = `import { createRequire as requireFrom } from 'node:module'
const require = requireFrom(import.meta.url)
const __dirname = import.meta.dirname`

/** ssh2's ciphers in C, where its installation could compile them, are found from the bundle too; without them it has its own. */
const compiledCiphers: Plugin = {
  name: 'compiled ciphers',
  setup: ({ onResolve }) => {
    onResolve({ filter: /sshcrypto\.node$/ }, ({ path }) => ({ path: join('ssh2/lib/protocol', path), external: true }))
  },
}

rmSync(bundle, { recursive: true, force: true })
const made = await build({
  entryPoints: [join(dist, 'bin/tkplay.js'), join(dist, 'engine/index.js'), ...roles],
  outbase: dist,
  outdir: bundle,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // What few commands need, and what ssh2 can do without.
  external: ['jiti', 'listr2', 'zx', 'cpu-features'],
  plugins: [compiledCiphers],
  banner: { js: commonJs },
  metafile: true,
  logLevel: 'warning',
})
writeFileSync(join(bundle, 'LICENSES.txt'), licences(Object.keys(made.metafile.inputs), root))
