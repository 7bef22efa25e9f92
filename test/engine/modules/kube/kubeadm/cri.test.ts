import t from 'tap'
import { ApplyFailed } from '../../../../../engine/core/failure.js'
import type { Raw, Session } from '../../../../../engine/core/module.js'
import { requireCri } from '../../../../../engine/modules/kube/kubeadm/cri.js'
import { kubeadmMessages } from '../../../../../engine/modules/kube/kubeadm-messages.js'

const raw = (rc: number, stdout = '', stderr = ''): Raw => ({
  rc,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
})

/** A host on which programs answer as recorded. */
const host = (answers: { readonly info: Raw; readonly dump?: string; readonly journal?: string }) =>
  ({
    run: async (argv: readonly string[]) => (argv[0] === 'crictl' ? answers.info : raw(0, answers.dump ?? '')),
    shell: async () => raw(0, answers.journal ?? ''),
  }) as unknown as Session

const outcome = async (session: Session): Promise<{ readonly code: string; readonly what: string } | undefined> => {
  try {
    await requireCri(session, 'unix:///run/containerd/containerd.sock')
    return undefined
  } catch (error) {
    const failure = error instanceof ApplyFailed ? error.failure : undefined
    if (failure?.kind !== 'apply-failed' || failure.diagnosis === undefined) throw error
    const { code, data } = failure.diagnosis
    return { code, what: kubeadmMessages.codes[code]?.(data).what ?? '' }
  }
}

const info = (runtimeReady: boolean): Raw =>
  raw(
    0,
    JSON.stringify({
      status: {
        conditions: [
          { type: 'RuntimeReady', status: runtimeReady, reason: runtimeReady ? '' : 'Shutdown', message: '' },
          {
            type: 'NetworkReady',
            status: false,
            reason: 'NetworkPluginNotReady',
            message: 'cni plugin not initialized',
          },
        ],
      },
    }),
  )

const unknownService = raw(
  1,
  '',
  'time="2026-11-24T10:00:00Z" level=fatal msg="validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/containerd/containerd.sock\\": rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService"\n',
)

t.test('a runtime that is ready; its network comes later', async t => {
  t.equal(await outcome(host({ info: info(true) })), undefined)
  t.match(await outcome(host({ info: info(false) })), { code: 'runtime-not-ready', what: /not ready: Shutdown/ })
})

t.test('containerd.io as it is delivered: CRI is off', async t => {
  const dump = 'disabled_plugins = ["cri"]\nimports = ["/etc/containerd/config.toml"]\n'
  t.match(await outcome(host({ info: unknownService, dump })), { code: 'cri-disabled', what: /switched off/ })
})

t.test('CRI is on, and its plugin did not load: the journal says why', async t => {
  const dump = 'disabled_plugins = []\n'
  const journal =
    'time="2026-11-24T10:00:00Z" level=warning msg="failed to load plugin io.containerd.grpc.v1.cri" error="failed to create CRI service: failed to create cni conf monitor: too many open files"\n'
  t.match(await outcome(host({ info: unknownService, dump, journal })), { code: 'no-cri', what: /too many open files/ })
})

t.test('containerd does not run', async t => {
  const stderr =
    'level=fatal msg="validate service connection: dial unix /run/containerd/containerd.sock: connect: no such file or directory"\n'
  t.match(await outcome(host({ info: raw(1, '', stderr) })), { code: 'no-cri', what: /no such file/ })
})
