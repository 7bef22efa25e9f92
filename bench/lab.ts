import { once } from 'node:events'
import { join } from 'node:path'
import { takeDown } from '../lab/down.js'
import { type Lab, openLab } from '../lab/lab.js'
import { projectRoot } from '../lab/state/paths.js'
import { LabProblem } from '../lab/support/problem.js'
import type { Bench } from './item.js'
import { startGroup } from './running.js'

/**
 * A lab that goes when the bench ends. It is brought up by a process of its own: that can take many minutes where Kubernetes must
 * be built, and an interrupt is not to wait for it. With Kubernetes it has a mirror in any case: the plain script knows nothing else.
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
