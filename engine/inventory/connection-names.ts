import { didYouMean } from '../config/did-you-mean.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Binding } from '../core/vars.js'

/** Connection variables, including those of Ansible's that have no effect in tkplay. */
const known = [
  'become become_exe become_flags become_method become_pass become_password become_user',
  'connect_timeout connection group_priority host known_hosts password port private_key_file private_key_passphrase',
  'pipelining python_interpreter remote_tmp shell_executable shell_type ssh_args ssh_common_args ssh_executable ssh_extra_args',
  'ssh_host ssh_known_hosts_file ssh_pass ssh_password ssh_pipelining ssh_port ssh_private_key_file',
  'ssh_private_key_passphrase ssh_user sftp_extra_args scp_extra_args sudo_pass timeout user',
].flatMap(line => line.split(' '))

/**
 * Warnings about names that look like a misspelled connection variable, such as `ansible_conection`: the variable would
 * have no effect.
 */
export const connectionTypos = (bindings: ReadonlyMap<string, Binding>): readonly Diagnostic[] =>
  [...bindings].flatMap(([name, { source }]) => {
    const [, prefix, rest = ''] = /^(ansible_|tkplay_)(.+)$/.exec(name) ?? []
    if (prefix === undefined || known.includes(rest)) return []
    const hint = didYouMean(
      name,
      known.map(one => `${prefix}${one}`),
    )
    if (hint === undefined) return []
    return [{ message: `'${name}' has no effect on how a host is reached`, hint, ...(source && { source }) }]
  })
