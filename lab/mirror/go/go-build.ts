import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessOutput } from 'zx'
import type { Log } from '../../support/log.js'
import { LabProblem } from '../../support/problem.js'
import { attempt, sh } from '../../support/shell.js'
import { cached, contentKey, exists } from '../cache.js'
import { timed } from '../progress.js'
import { touch } from '../prune.js'
import { type GoModule, goMod, ldflags } from './go-module.js'

/** Go as it is found on PATH or where its installer puts it, never a toolchain that it downloads by itself. */
export interface Go {
  readonly path: string
  /** such as `go1.26.8` */
  readonly version: string
}

const OLDEST_MINOR = 24

/** @throws LabProblem that names the cure when there is no Go, or one that is too old. */
export async function findGo(): Promise<Go> {
  for (const path of ['go', '/usr/local/go/bin/go']) {
    const found = await attempt`${path} env GOVERSION`
    const version = found.stdout.trim()
    const minor = Number(/^go1\.(\d+)/.exec(version)?.[1])
    if (found.exitCode === 0 && minor >= OLDEST_MINOR) return { path, version }
  }
  throw new LabProblem(
    `no Go ≥1.${OLDEST_MINOR} found, which builds Kubernetes where pkgs.k8s.io cannot be reached`,
    'unpack Go from https://go.dev/dl/ to /usr/local/go, then start again',
  )
}

/** A built module: the folder of its programs, named by what they were built from. */
export interface Built {
  readonly folder: string
  program(name: string): string
}

/**
 * Builds what is missing of a module's programs into `<cache>/go/<name>-<key>/`. Each program is kept as soon as it is
 * linked, so that an interrupted build goes on where it was.
 */
export async function buildGo(module: GoModule, go: Go, cache: string, log: Log): Promise<Built> {
  const folder = join(cache, 'go', `${module.name}-${contentKey(module, go.version)}`)
  const program = (name: string) => join(folder, 'bin', name)
  if (await exists(join(folder, 'complete'))) {
    await touch(folder)
    return { folder, program }
  }
  await mkdir(join(folder, 'bin'), { recursive: true })
  await writeSources(module, folder)
  for (const { name, package: path } of module.programs) {
    if (await exists(program(name))) continue
    const partial = `${program(name)}.partial`
    const build = [
      'build',
      '-mod=mod',
      '-trimpath',
      '-buildvcs=false',
      '-ldflags',
      ldflags(module),
      '-o',
      partial,
      path,
    ]
    await timed(log, `go build ${name}`, () => runGo(go, folder, build))
    await rename(partial, program(name))
  }
  await copyFolders(module, go, folder)
  await writeFile(join(folder, 'complete'), '')
  return { folder, program }
}

async function writeSources(module: GoModule, folder: string): Promise<void> {
  await rm(join(folder, 'go.sum'), { force: true })
  for (const [path, content] of Object.entries({ 'go.mod': goMod(module), ...module.files })) {
    await writeFile(join(folder, path), content)
  }
}

async function copyFolders(module: GoModule, go: Go, folder: string): Promise<void> {
  if (module.sources === undefined) return
  const { stdout } = await runGo(go, folder, ['list', '-mod=mod', '-m', '-f', '{{.Dir}}', module.sources.module])
  for (const name of module.sources.folders) {
    await cached(join(folder, 'src', name), partial => cp(join(stdout.trim(), name), partial, { recursive: true }))
  }
}

/** nice: a build that takes minutes leaves the machine usable. CGO off: the programs run in images that have no libc. */
const runGo = (go: Go, cwd: string, args: readonly string[]): Promise<ProcessOutput> =>
  // Not detached: Ctrl-C on a terminal ends the compiler too.
  sh({
    cwd,
    detached: false,
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '', GOWORK: 'off' },
  })`nice -n 10 ${go.path} ${args}`.then(output => output)
