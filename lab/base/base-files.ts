/** What the lab changes in the base system, as text. All of it is part of the cache's key. */

export interface BaseFile {
  readonly path: string
  readonly text: string
  readonly mode?: number
}

/** Those who can log in with the lab's key. `ops` has sudo without a password, `opsp` with one, kept in the lab's folder. */
export const LOGINS = [
  { user: 'root', home: 'root', uid: 0, sudo: undefined },
  { user: 'ops', home: 'home/ops', uid: 1000, sudo: 'ops ALL=(ALL:ALL) NOPASSWD: ALL\n' },
  { user: 'opsp', home: 'home/opsp', uid: 1001, sudo: 'opsp ALL=(ALL:ALL) ALL\n' },
] as const

/**
 * Units that would write on their own, or that make no sense without hardware. With the timers on, «check wrote nothing»
 * would find what they wrote.
 */
export const MASKED = [
  'apt-daily-upgrade.timer',
  'apt-daily.timer',
  'console-getty.service',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'getty.target',
  'logrotate.timer',
  'man-db.timer',
  'systemd-tmpfiles-clean.timer',
] as const

/**
 * Under cgroup v1 systemd-nspawn mounts the controllers read-only, and no container starts on them. A plain «remount,rw»
 * of memory fails («mount point is busy»); the bind form works. Under cgroup v2 there is nothing to do.
 */
const CGROUPS_UNIT = `[Unit]
Description=Writable cgroup v1 controllers (a lab host)
DefaultDependencies=no
Before=sysinit.target
ConditionPathIsMountPoint=/sys/fs/cgroup/memory

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'for d in /sys/fs/cgroup/*/; do mount -o remount,bind,rw "$d" || true; done'

[Install]
WantedBy=sysinit.target
`

export const BASE_FILES: readonly BaseFile[] = [
  { path: 'etc/systemd/system/lab-cgroups.service', text: CGROUPS_UNIT },
  { path: 'etc/fstab', text: '# <file system> <mount point>   <type>  <options>       <dump>  <pass>\n' },
  { path: 'etc/default/locale', text: 'LANG=C.UTF-8\n' },
  ...LOGINS.flatMap(({ user, sudo }) =>
    sudo === undefined ? [] : [{ path: `etc/sudoers.d/${user}`, text: sudo, mode: 0o440 }],
  ),
]
