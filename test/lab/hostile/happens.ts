import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lab } from '../../../lab/lab.js'
import { hostPaths } from '../../../lab/state/paths.js'
import { execOn } from '../../support/lab-exec.js'

/** Makes it happen to node1; what it returns undoes it. */
export type Happens = (lab: Lab) => Promise<() => Promise<unknown>>

export const happens =
  (command: string, undo: string): Happens =>
  async lab => {
    await execOn(lab, 'node1', command)
    return () => execOn(lab, 'node1', undo)
  }

const folders = '/etc /srv /var /root /home /usr /opt /tmp'
export const readOnly = happens(
  `for d in ${folders}; do mount --bind $d $d && mount -o remount,bind,ro $d; done`,
  `for d in ${folders}; do umount -l $d; done`,
)
export const loginShell = (path: string, text?: string): Happens =>
  happens(
    `${text === undefined ? '' : `printf '%s\\n' '${text}' >${path}; chmod 755 ${path}; `}usermod -s ${path} ops`,
    'usermod -s /bin/bash ops',
  )
export const sshd = (line: string): Happens =>
  happens(
    `echo '${line}' >/etc/ssh/sshd_config.d/hostile.conf && systemctl reload ssh`,
    'rm /etc/ssh/sshd_config.d/hostile.conf && systemctl reload ssh',
  )
export const noHome = happens(
  'mkdir /etc/keys && install -m 644 /home/ops/.ssh/authorized_keys /etc/keys/ops && mv /home/ops /home/away' +
    " && echo 'AuthorizedKeysFile /etc/keys/%u .ssh/authorized_keys' >/etc/ssh/sshd_config.d/hostile.conf && systemctl reload ssh",
  'mv /home/away /home/ops && rm -r /etc/keys /etc/ssh/sshd_config.d/hostile.conf && systemctl reload ssh',
)
export const busyboxAsSh: Happens = async lab => {
  await copyFile('/bin/busybox', join(hostPaths(lab.name, 'node1').root, 'usr/bin/busybox'))
  return becomesBusybox(lab)
}
const becomesBusybox = happens('cp -a /bin/sh /bin/sh.old && ln -sf busybox /bin/sh', 'mv /bin/sh.old /bin/sh')
export const lecture = happens("echo 'Defaults lecture=always' >/etc/sudoers.d/zz", 'rm /etc/sudoers.d/zz')
export const ahead = happens(
  `printf '#!/bin/sh\\nexec /bin/date -d "+1 hour" "$@"\\n' >/usr/local/bin/date; chmod 755 /usr/local/bin/date`,
  'rm /usr/local/bin/date',
)
