import { NotObserved } from '../../core/failure.js'
import type { Raw } from '../../core/module.js'
import { ShellText, sh } from '../../shell/quote.js'

/** built-in: part of the kernel, or seen by its effect alone. */
export type KernelModule = 'loaded' | 'built-in' | 'absent'

/** What a module's being there shows as, where /sys/module says nothing: it is empty for most of what is built in. */
const effects: { readonly [name: string]: string } = {
  br_netfilter: '/proc/sys/net/bridge/bridge-nf-call-iptables',
  nf_conntrack: '/proc/sys/net/netfilter/nf_conntrack_max',
  ip_vs: '/proc/net/ip_vs',
  ip_tables: '/proc/net/ip_tables_names',
  ip6_tables: '/proc/net/ip6_tables_names',
  tun: '/sys/class/misc/tun',
  loop: '/sys/block/loop0',
}

/**
 * Shell text that prints `loaded`, `built-in` or `absent`. It forks only where the module is not seen at once.
 * A module that can be unloaded has an `initstate`; a file system is known by /proc/filesystems.
 */
export const moduleState = (name: string): string => {
  const kernelName = name.replaceAll('-', '_')
  const inFileName = new ShellText(`'/${kernelName.replaceAll('_', '[-_]')}\\.ko'`)
  return sh`state() {
  if [ -e /sys/module/${kernelName}/initstate ]; then echo loaded; return; fi
  if [ -e /sys/module/${kernelName} ] || [ -e ${effects[kernelName] ?? '/nonexistent'} ]; then echo built-in; return; fi
  while read -r flag type; do
    if [ "$flag" = ${kernelName} ] || [ "$type" = ${kernelName} ]; then echo built-in; return; fi
  done </proc/filesystems
  release=$(uname -r) || return
  if grep -qs ${inFileName} "/lib/modules/$release/modules.builtin"; then echo built-in; else echo absent; fi
}
state || exit 1`
}

/** @throws NotObserved for anything else than the three words */
export const seenAs = (raw: Raw, said: string): KernelModule => {
  const word = said.trim()
  if (word === 'loaded' || word === 'built-in' || word === 'absent') return word
  throw new NotObserved(raw)
}
