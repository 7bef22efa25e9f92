import { gatewayOf } from './network/network.js'
import { type LabState, writeLab } from './state/state.js'
import type { Log } from './support/log.js'

/** Loaded only when a lab wants Kubernetes. */
const load = () => import('./mirror/index.js')

/** Starts the lab's package repository and image registry, and remembers the variables that lead the roles to them. */
export const startMirror = async (lab: LabState, log: Log): Promise<LabState> => {
  const { ensureMirror } = await load()
  const mirror = await ensureMirror({ name: lab.name, gateway: gatewayOf(lab), source: lab.source, log })
  const next = { ...lab, variables: mirror.variables }
  await writeLab(next)
  return next
}

export const endMirror = async (lab: string): Promise<void> => (await load()).stopMirror(lab)
