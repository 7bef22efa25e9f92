import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile, textOf } from '../support/files.js'
import type { Log } from '../support/log.js'
import { settingsFile } from './registry.js'

const PROC_SYS = '/proc/sys'

/**
 * What a lab can change for the whole machine. The hosts share its kernel: their systemd applies sysctl.d at boot, and a
 * kubelet sets vm.* and kernel.* of its own. Setting ip_forward resets the interfaces' settings, so those are kept too.
 */
const WATCHED = ['fs', 'kernel', 'vm', 'net/bridge', 'net/core', 'net/ipv4', 'net/netfilter']

/** Writable, but not settings: the kernel changes them by itself, or writing them starts something. */
const NOT_SETTINGS =
  /^(kernel\/(ns_last_pid|random\/.*|seccomp\/.*)|vm\/(compact_memory|drop_caches|stat_refresh)|.*\/flush|net\/(ipv4|ipv6)\/neigh\/.*)$/

export type Sysctls = { readonly [path: string]: string }

export const readSysctls = async (root = PROC_SYS): Promise<Sysctls> => {
  const paths = (await Promise.all(WATCHED.map(folder => settingsBelow(root, folder)))).flat().toSorted()
  const values = await Promise.all(
    paths.map(async path => [path, await textOf(join(root, path)).catch(() => undefined)] as const),
  )
  return Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

const settingsBelow = async (root: string, folder: string): Promise<string[]> => {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => [])
  const nested = entries.map(async entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return settingsBelow(root, path)
    return NOT_SETTINGS.test(path) || !(await isWritable(join(root, path))) ? [] : [path]
  })
  return (await Promise.all(nested)).flat()
}

/** Remembers the machine's settings before the first lab; later labs leave what was remembered alone. */
export const rememberSysctls = async (): Promise<void> => {
  if ((await textOf(settingsFile)) === undefined)
    await replaceFile(settingsFile, JSON.stringify(await readSysctls()), 0o600)
}

/** The kernel's counters are read-only. */
const isWritable = async (path: string): Promise<boolean> => {
  const stats = await stat(path).catch(() => undefined)
  return stats !== undefined && (stats.mode & 0o200) !== 0
}

/** Sets back all that the machine's settings differ from what was remembered. */
export const restoreSysctls = async (log: Log): Promise<void> => {
  const text = await textOf(settingsFile)
  if (text === undefined) return
  await setBack(JSON.parse(text) as Sysctls, log)
  await rm(settingsFile, { force: true })
}

/** ip_forward comes first, since setting it resets others. */
export const setBack = async (before: Sysctls, log: Log, root = PROC_SYS): Promise<void> => {
  const first = 'net/ipv4/ip_forward'
  for (const path of [first, ...Object.keys(before).filter(path => path !== first)]) {
    const value = before[path]
    const now = await textOf(join(root, path)).catch(() => undefined)
    if (value === undefined || now === undefined || now === value) continue
    await writeFile(join(root, path), value).then(
      () => log(`set back ${path.replaceAll('/', '.')} = ${value.trim()}`),
      () => undefined,
    )
  }
}
