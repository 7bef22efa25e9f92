/**
 * `npm run record`, as root: boots three bare hosts, makes a cluster of them in a real terminal, and writes the film of
 * the README to docs/session.svg.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { $ } from 'zx'
import { openLab } from '../lab/lab.js'
import { ensurePackages } from '../lab/machine/packages.js'
import { toStderr } from '../lab/support/log.js'
import { whenInterrupted } from '../lab/terminal/interrupt.js'
import { root } from './lib/project.js'
import { framesOf, type Recorded, readScript } from './lib/recording/frames.js'
import { svgOf } from './lib/recording/svg.js'

const size = { columns: 110, rows: 30 }

const session = ['check', 'run', 'check'].map(verb => `tkplay ${verb} playbooks/site.yml -i inventory`)

/** Runs a command in a terminal of that size. The exit code is ignored: `check` has 4 where changes are pending. */
const recorded = async (command: string, dir: string): Promise<Recorded> => {
  const { columns, rows } = size
  const inside = `stty cols ${columns} rows ${rows}; PATH=${join(dir, 'bin')}:$PATH ${command}`
  toStderr(command)
  await $({ cwd: dir, quiet: true, nothrow: true, stdio: 'ignore' })`script -qfec ${inside} -O log --log-timing timing`
  return { command, output: readScript(readFileSync(join(dir, 'log')), readFileSync(join(dir, 'timing'), 'utf8')) }
}

whenInterrupted('its lab stays → give the same command again, or: npm run lab -- down --name picture')
await ensurePackages(['bsdutils'], toStderr)
const lab = await openLab({ name: 'picture', hosts: 3, kubernetes: true }, toStderr)
const dir = mkdtempSync(join(tmpdir(), 'tkplay-record-'))
try {
  await lab.reset()
  mkdirSync(join(dir, 'bin'))
  symlinkSync(join(root, 'tkplay'), join(dir, 'bin/tkplay'))
  symlinkSync(join(root, 'playbooks'), join(dir, 'playbooks'))
  symlinkSync(lab.inventoryDir, join(dir, 'inventory'))
  const all: Recorded[] = []
  for (const command of session) all.push(await recorded(command, dir))
  const film = framesOf(all, { ...size, longest: 12, step: 0.4, rest: 3 })
  const title = 'tkplay check, run and check again: three bare machines become a Kubernetes cluster'
  writeFileSync(join(root, 'docs/session.svg'), svgOf({ ...size, ...film, title }))
} finally {
  rmSync(dir, { recursive: true, force: true })
  await lab.down()
}
