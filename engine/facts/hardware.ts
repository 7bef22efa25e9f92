import type { Json, JsonObject } from '../core/json.js'
import { type Answer, fields } from './answer.js'

/** Facts about processors, memory, firmware and file systems, with Ansible's names and units. */
export const hardware = (answer: Answer): JsonObject => ({
  ...processors(answer),
  ...memory(answer),
  ...firmware(answer),
  mounts: mounts(answer),
  swaps: swaps(answer),
  uptime_seconds: Math.floor(Number(answer.line('/proc/uptime')?.split(' ')[0] ?? 0)),
})

interface Cpu {
  readonly [name: string]: string
}

const cpusOf = (answer: Answer): readonly Cpu[] => {
  const cpus: Record<string, string>[] = []
  for (const line of answer.lines('/proc/cpuinfo')) {
    const [name, value] = [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]
    if (name === 'processor') cpus.push({ processor: value })
    else if (cpus.length > 0) Object.assign(cpus.at(-1) as object, { [name]: value })
  }
  return cpus
}

const processors = (answer: Answer): JsonObject => {
  const cpus = cpusOf(answer)
  const sockets = new Set(cpus.map(cpu => cpu['physical id']).filter(id => id !== undefined))
  const count = sockets.size || cpus.length || 1
  const siblings = Number(cpus[0]?.['siblings'] ?? 1)
  const cores = Number(cpus[0]?.['cpu cores'] ?? 1) || 1
  const threads = sockets.size === 0 ? 1 : Math.max(1, Math.floor(siblings / cores))
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(answer.lines('/proc/self/status').join('\n'))?.[1]
  return {
    processor: cpus.flatMap(cpu =>
      [cpu['processor'], cpu['vendor_id'], cpu['model name']].filter(one => one !== undefined),
    ),
    processor_count: count,
    processor_cores: cores,
    processor_threads_per_core: threads,
    processor_vcpus: sockets.size === 0 ? cpus.length || 1 : count * cores * threads,
    processor_nproc: allowed === undefined ? cpus.length || 1 : sizeOfList(allowed),
    flags: cpus[0]?.['flags']?.split(' ') ?? [],
  }
}

/** `0-3,8` → 5 */
const sizeOfList = (list: string): number =>
  list
    .split(',')
    .map(part => part.split('-').map(Number))
    .reduce((sum, [from = 0, to = from]) => sum + to - from + 1, 0)

const memory = (answer: Answer): JsonObject => {
  const meminfo = fields(answer.lines('/proc/meminfo'))
  const mb = (name: string): number => Math.floor(Number.parseInt(meminfo.get(name) ?? '0', 10) / 1024)
  const [total, free] = [mb('MemTotal'), mb('MemFree')]
  const reclaimable = free + mb('Cached') + mb('Buffers')
  const [swapTotal, swapFree] = [mb('SwapTotal'), mb('SwapFree')]
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swapTotal,
    swapfree_mb: swapFree,
    memory_mb: {
      real: { total, free, used: total - free },
      nocache: { free: reclaimable, used: total - reclaimable },
      swap: { total: swapTotal, free: swapFree, used: swapTotal - swapFree, cached: mb('SwapCached') },
    },
  }
}

const firmware = (answer: Answer): JsonObject => {
  const dmi = (name: string): string => answer.line(`/sys/class/dmi/id/${name}`) ?? 'NA'
  const same = [
    'bios_date',
    'bios_vendor',
    'bios_version',
    'board_asset_tag',
    'board_name',
    'board_serial',
    'board_vendor',
    'board_version',
    'chassis_asset_tag',
    'chassis_serial',
    'chassis_vendor',
    'chassis_version',
    'product_name',
    'product_serial',
    'product_uuid',
    'product_version',
  ]
  return { ...Object.fromEntries(same.map(name => [name, dmi(name)])), system_vendor: dmi('sys_vendor') }
}

/** Mounted file systems of devices and servers. Sizes are in bytes, and missing where `df` did not answer in time. */
const mounts = (answer: Answer): readonly JsonObject[] => {
  const sizes = new Map(
    answer
      .section('df')
      .slice(1)
      .map(line => {
        const [, blocks, , available, , ...path] = line.split(/\s+/)
        return [path.join(' '), { size_total: Number(blocks) * 1024, size_available: Number(available) * 1024 }]
      }),
  )
  return answer.lines('/proc/mounts').flatMap(line => {
    const [device = '', path = '', fstype = '', options = '', dump = '0', passno = '0'] = line.split(' ').map(unescaped)
    if (fstype === 'none' || fstype === '') return []
    return [
      {
        device,
        mount: path,
        fstype,
        options,
        dump: Number(dump),
        passno: Number(passno),
        uuid: 'N/A',
        ...sizes.get(path),
      },
    ]
  })
}

/** /proc/mounts writes blanks in paths as octal numbers. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

const swaps = (answer: Answer): readonly JsonObject[] =>
  answer
    .lines('/proc/swaps')
    .slice(1)
    .map(line => {
      const [device = '', type = '', size = '0', used = '0', priority = '0'] = line.trim().split(/\s+/)
      const mb = (kilobytes: string): number => Math.floor(Number(kilobytes) / 1024)
      return { device, type, size_mb: mb(size), used_mb: mb(used), priority: Number(priority) }
    })

export const loadavg = (answer: Answer): Json => {
  const [one = 0, five = 0, fifteen = 0] = (answer.line('/proc/loadavg') ?? '').split(' ').map(Number)
  return { '1m': one, '5m': five, '15m': fifteen }
}
