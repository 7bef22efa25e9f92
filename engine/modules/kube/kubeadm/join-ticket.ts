import type { HostSelector, SharedValue } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { adminConf, caCert } from '../paths.js'
import { caCertHash } from './ca-hash.js'

/** What a joining machine must present. */
export type JoinTicket = {
  readonly token: string
  readonly caCertHash: string
}

const minutes = 60_000

/**
 * Made only when someone joins, once for all who do. The token outlives the ticket, so that one handed out at the last moment
 * still serves; it is deleted at the end of the run, and expires by itself if the run is killed.
 */
export const joinTicket = (on: HostSelector): SharedValue<JoinTicket> => ({
  key: `kubeadm-join-ticket@${on}`,
  on,
  ttl: 10 * minutes,
  secret: true,
  async make(session) {
    const created = await session.run(
      [
        'kubeadm',
        'token',
        'create',
        '--kubeconfig',
        adminConf,
        '--ttl',
        '15m',
        '--description',
        'tkplay: for this run',
      ],
      { secret: true },
    )
    const ca = await session.run(['cat', caCert])
    return { token: text(created.stdout).trim(), caCertHash: caCertHash(text(ca.stdout)) }
  },
  async dispose(session, { token }) {
    const [id = ''] = token.split('.')
    await session.run(['kubeadm', 'token', 'delete', id, '--kubeconfig', adminConf])
  },
})
