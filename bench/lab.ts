import { once } from 'node:events'
import { join } from 'node:path'
import { takeDown } from '../lab/down.js'
import { type Lab, openLab } from '../lab/lab.js'
import { projectRoot } from '../lab/state/paths.js'
import { LabProblem } from '../lab/support/problem.js'
import type { Bench } from './item.js'
import { startGroup } from './running.js'

/**
 * A lab that is removed when the bench ends. A process of its own brings it up, since that can take many minutes where
 * Kubernetes is built, and an interrupt must not wait for it. With Kubernetes the lab always has a mirror, which the
 * plain script needs.
 */
export const benchLab = async (
  hosts: number,
  kubernetes: boolean,
  { lab: name, undo, log, signal }: Bench,
): Promise<Lab> => {
  signal.throwIfAborted()
  undo.push(`the lab «${name}»`, () => takeDown(name, log))
  const args = ['up', String(hosts), '--name', name, ...(kubernetes ? ['--kubernetes', '--source', 'build'] : [])]
  const up = startGroup([process.execPath, join(projectRoot, 'dist/lab/cli.js'), ...args], { stdio: ['ignore', 2, 2] })
  const [code] = (await once(up, 'exit')) as [number | null]
  signal.throwIfAborted()
  if (code !== 0) throw new LabProblem(`the lab «${name}» did not come up`, 'see what it said above')
  return openLab({ name, hosts, ...(kubernetes && { kubernetes, source: 'build' as const }) }, log)
}
