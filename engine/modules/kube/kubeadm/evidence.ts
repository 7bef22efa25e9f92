import { ApplyFailed } from '../../../core/failure.js'
import { isJsonObject } from '../../../core/json.js'
import type { Session } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { diagnoseKubeadm } from '../kubeadm-output.js'

const needsEvidence = new Set(['kubelet-dead', 'control-plane-dead', 'tls-bootstrap', 'etcd'])

/**
 * Runs kubeadm; where it gives up waiting, what only the host knows is fetched before the failure goes on:
 * the containers that do not run, and the kubelet's last lines.
 */
export const withEvidence = async <T>(host: Session, criSocket: string, run: () => Promise<T>): Promise<T> => {
  try {
    return await run()
  } catch (error) {
    throw error instanceof ApplyFailed ? await explained(host, criSocket, error) : error
  }
}

const explained = async (host: Session, criSocket: string, error: ApplyFailed): Promise<ApplyFailed> => {
  const { raw } = error
  const diagnosis = diagnoseKubeadm({ rc: raw.rc, stdout: text(raw.stdout), stderr: text(raw.stderr) })
  if (diagnosis === undefined) return error
  if (!needsEvidence.has(diagnosis.code)) return new ApplyFailed(error.command, raw, { diagnosis })
  const [containers, kubelet] = [
    await tail(host, ['crictl', '--runtime-endpoint', criSocket, 'ps', '-a', '--state', 'exited'], 10),
    await tail(host, ['journalctl', '-u', 'kubelet', '-n', '40', '--no-pager', '-o', 'cat'], 10),
  ]
  const data = isJsonObject(diagnosis.data) ? diagnosis.data : {}
  return new ApplyFailed(error.command, raw, {
    diagnosis: { code: diagnosis.code, data: { ...data, containers, kubelet } },
  })
}

const tail = async (host: Session, argv: readonly string[], lines: number): Promise<string> => {
  const raw = await host.run(argv, { ok: 'any', timeout: 15_000 })
  return raw.rc === 0 ? text(raw.stdout).trim().split('\n').slice(-lines).join('\n') : ''
}
