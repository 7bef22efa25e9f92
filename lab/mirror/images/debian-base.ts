import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { aptOptions, sources } from '../../base/base.js'
import type { Log } from '../../support/log.js'
import { sh } from '../../support/shell.js'
import { cached, contentKey } from '../cache.js'
import { timed } from '../progress.js'
import { BUSYBOX_TAG, DEBIAN } from '../versions.js'
import { requireVersion } from './require-version.js'

/** What kube-proxy, calico-node, nginx and a person with `kubectl exec` need: one layer, pulled once by each host. */
const PACKAGES =
  `base-files bash dash coreutils debianutils grep sed iproute2 iptables nftables ipset conntrack kmod runit
  nginx-light busybox`.split(/\s+/)

/** Nobody reads manuals in a container. */
const LEFT_OUT = ['doc', 'man', 'locale', 'info']

/**
 * All that busybox needs to start and to look names up. Debian's static one ends with a segmentation fault when it looks a name
 * up without the very libc that it was linked with.
 */
const BUSYBOX = [
  'bin/busybox',
  'lib64/ld-linux-x86-64.so.2',
  ...['ld-linux-x86-64.so.2', 'libc.so.6', 'libresolv.so.2'].map(name => `lib/x86_64-linux-gnu/${name}`),
] as const

/** A folder that is a whole file system for busybox, and the names that it answers to. */
export interface Busybox {
  readonly folder: string
  readonly applets: readonly string[]
}

export interface DebianBase {
  /** a file system as an archive; its packages are unpacked, not configured */
  readonly archive: string
  readonly busybox: Busybox
}

/** The Debian layer. Device nodes are left out: a host of the lab could not make them when it unpacks the image. */
export async function debianBase(cache: string, log: Log): Promise<DebianBase> {
  const folder = await cached(
    join(cache, `debian-${contentKey(DEBIAN, sources(), PACKAGES, LEFT_OUT, BUSYBOX)}`),
    async partial => {
      await mkdir(partial)
      const archive = join(partial, 'rootfs.tar')
      const flags = [
        '--variant=extract',
        '--skip=output/dev',
        `--include=${PACKAGES.join(',')}`,
        ...LEFT_OUT.map(folder => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
        ...(await aptOptions()).map(option => `--aptopt=${option}`),
      ]
      await timed(
        log,
        `Debian ${DEBIAN} base of images`,
        () => sh({ detached: false })`mmdebstrap --quiet ${flags} ${DEBIAN} ${archive} ${sources()}`,
      )
      await mkdir(join(partial, 'busybox'))
      await sh`tar -xf ${archive} -C ${join(partial, 'busybox')} ${BUSYBOX.map(path => `./${path}`)}`
    },
  )
  return { archive: join(folder, 'rootfs.tar'), busybox: await busyboxIn(join(folder, 'busybox')) }
}

/** Asked inside its own file system: it runs without anything of this machine. */
async function busyboxIn(folder: string): Promise<Busybox> {
  const said = await sh`chroot ${folder} /bin/busybox`
  requireVersion('busybox', said.stdout, BUSYBOX_TAG)
  const { stdout } = await sh`chroot ${folder} /bin/busybox --list`
  return { folder, applets: stdout.trim().split('\n') }
}
