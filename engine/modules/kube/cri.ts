import { ApplyFailed } from '../../core/failure.js'
import type { Session } from '../../core/module.js'
import { text } from '../../core/read.js'
import { command } from '../../shell/quote.js'

/**
 * Asks the container runtime before kubeadm does: kubeadm only warns, starts the kubelet, and gives up four minutes later.
 * @throws ApplyFailed with the diagnosis `no-cri`
 */
export const requireCri = async (host: Session, criSocket: string): Promise<void> => {
  const argv = ['crictl', '--runtime-endpoint', criSocket, 'info', '-q']
  const raw = await host.run(argv, { ok: 'any', timeout: 30_000 })
  if (raw.rc === 0) return
  const said = text(raw.stderr).trim().split('\n').at(-1) ?? ''
  throw new ApplyFailed(command(argv), raw, { diagnosis: { code: 'no-cri', data: { text: said } } })
}
