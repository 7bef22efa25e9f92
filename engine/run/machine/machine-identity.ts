import type { Target } from '../../core/connection.js'

/**
 * Two that are the same are one machine, whatever an inventory calls it. Behind different hosts on the way one address may be two.
 * That two addresses are one machine cannot be seen from here.
 */
export const placeOf = ({ kind, name, address, port, sshArgs }: Target): string =>
  kind === 'local' ? '' : kind === 'ssh' ? JSON.stringify([address, port ?? null, sshArgs]) : name
