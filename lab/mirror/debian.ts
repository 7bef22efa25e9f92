import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { aptOptions, sources } from '../base.js'
import type { Log } from '../log.js'
import { sh } from '../shell.js'
import { cached, contentKey } from './cache.js'
import { timed } from './progress.js'
import { DEBIAN } from './versions.js'

/** What kube-proxy, calico-node, nginx and a person with `kubectl exec` need: one layer, pulled once by each host. */
const PACKAGES =
  `base-files bash dash coreutils debianutils grep sed iproute2 iptables nftables ipset conntrack kmod runit
  nginx-light busybox-static`.split(/\s+/)

/** Nobody reads manuals in a container. */
const LEFT_OUT = ['doc', 'man', 'locale', 'info']

export interface DebianBase {
  /** a file system as an archive; its packages are unpacked, not configured */
  readonly archive: string
  readonly busybox: { readonly path: string; readonly applets: readonly string[] }
}

/** The Debian layer. Device nodes are left out: a host of the lab could not make them when it unpacks the image. */
export async function debianBase(cache: string, log: Log): Promise<DebianBase> {
  const folder = await cached(
    join(cache, `debian-${contentKey(DEBIAN, sources(), PACKAGES, LEFT_OUT)}`),
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
      await sh`tar -xf ${archive} -C ${partial} --strip-components=2 ./bin/busybox`
    },
  )
  const path = join(folder, 'busybox')
  const { stdout } = await sh`${path} --list`
  return { archive: join(folder, 'rootfs.tar'), busybox: { path, applets: stdout.trim().split('\n') } }
}
