import type { Target } from '../../core/connection.js'

/**
 * Identity of a machine. Two inventory names with the same connection kind, address, port and SSH arguments are one machine; the SSH
 * arguments count because one address may differ behind different jump hosts. Two addresses of one machine count as two machines.
 */
export const machineIdOf = ({ kind, name, address, port, sshArgs }: Target): string =>
  kind === 'local' ? '' : kind === 'ssh' ? JSON.stringify([address, port ?? null, sshArgs]) : name
