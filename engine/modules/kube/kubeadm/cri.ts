import { ApplyFailed } from '../../../core/failure.js'
import { isJsonObject, type Json } from '../../../core/json.js'
import type { Raw, Session } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { command } from '../../../shell/quote.js'
import { inside } from '../get-objects.js'

/**
 * Asks the container runtime before kubeadm does: kubeadm only warns, starts the kubelet, and gives up four minutes later.
 * @throws ApplyFailed with the diagnosis `cri-disabled`, `no-cri` or `runtime-not-ready`
 */
export const requireCri = async (host: Session, criSocket: string): Promise<void> => {
  const argv = ['crictl', '--runtime-endpoint', criSocket, 'info', '-q']
  const raw = await host.run(argv, { ok: 'any', timeout: 30_000 })
  const failed = (code: string, data: Json) => new ApplyFailed(command(argv), raw, { diagnosis: { code, data } })
  if (raw.rc === 0) {
    const why = notReady(raw)
    if (why === undefined) return
    throw failed('runtime-not-ready', { text: why })
  }
  const said = text(raw.stderr).trim().split('\n').at(-1) ?? ''
  if (!/unknown service runtime\.v1/.test(said)) throw failed('no-cri', { text: said })
  // It runs, and does not speak CRI: switched off by its configuration (as containerd.io is delivered), or its plugin did not load.
  const plugins = text((await host.run(['containerd', 'config', 'dump'], { ok: 'any', timeout: 15_000 })).stdout)
  if (/^disabled_plugins = \[[^\]]*cri/m.test(plugins)) throw failed('cri-disabled', {})
  const journal = await host.shell(
    "journalctl -u containerd -o cat -n 500 --no-pager | grep -E 'level=(error|warning|fatal).*cri' | tail -n 1",
    { ok: 'any', timeout: 15_000 },
  )
  throw failed('no-cri', { text: [said, text(journal.stdout).trim()].filter(line => line !== '').join('\n') })
}

/** `crictl info -q` is JSON with the runtime's conditions; NetworkReady comes only with the pod network. */
const notReady = (raw: Raw): string | undefined => {
  const conditions = inside(parsed(text(raw.stdout)), 'status', 'conditions')
  const ready = (Array.isArray(conditions) ? conditions : []).find(
    one => isJsonObject(one) && one['type'] === 'RuntimeReady',
  )
  if (!isJsonObject(ready) || ready['status'] !== false) return undefined
  return (
    [ready['reason'], ready['message']].filter(one => typeof one === 'string' && one !== '').join(': ') || 'no reason'
  )
}

const parsed = (json: string): Json => {
  try {
    return JSON.parse(json) as Json
  } catch {
    return null
  }
}
