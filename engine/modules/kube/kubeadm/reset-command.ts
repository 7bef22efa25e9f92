import type { Session } from '../../../core/module.js'
import { filesScript, resetScript } from './reset-scripts.js'

/** kubeadm reset of a machine, and of what the kubelet keeps: enough for another init or join. */
export const kubeadmReset = async (host: Session, criSocket: string): Promise<void> => {
  host.progress('kubeadm reset')
  await host.long('kubeadm-reset', ['sh', '-c', resetScript(criSocket)])
  await host.shell(filesScript)
}
