import { type Change, defineModule } from '../../core/module.js'
import { read } from '../../core/read.js'
import { sh } from '../../shell/quote.js'
import { diagnoseBy, notRoot, notRootMessage } from '../support/diagnose.js'
import { damaged, notTextMessage } from '../support/edit.js'
import { catIfThere, contents, nulSeparated } from '../support/nul-separated.js'
import { object } from '../support/schema.js'
import { escapeField, withoutSwap } from './fstab.js'

/** YAML 1.1 reads a bare `off` as false. */
interface Params {
  readonly state: 'off' | false
}

interface Seen {
  /** Devices and files that are in use as swap now. */
  readonly active: readonly string[]
  readonly fstab?: string | undefined
  /** Whether swap.target is masked: what fstab, GPT partitions and zram-generator bring hangs on it. */
  readonly masked: boolean
  /** Enabled services that make swap by themselves. */
  readonly services: readonly string[]
}

type Swap = Change &
  (
    | { readonly kind: 'services'; readonly units: readonly string[] }
    | { readonly kind: 'off'; readonly devices: readonly string[] }
    | { readonly kind: 'fstab'; readonly text: string }
    | { readonly kind: 'mask' }
  )

const makers = ['zramswap', 'zram-config', 'dphys-swapfile'] as const

/** No swap, now and after a reboot. Source: systemd.swap(5), systemd.special(7) on swap.target, proc(5). */
export const swap = defineModule<Params, Seen, Swap>({
  name: 'swap',
  kind: 'state',
  doc: `Turns swap off, now and after a reboot: the kubelet refuses to start beside it.

Swap comes from more places than \`/etc/fstab\`: partitions that systemd finds by their GPT type, zram, services that make a swap file.
So \`swapoff\`, fstab's swap lines commented out, \`swap.target\` masked, and known makers of swap disabled.`,
  params: object({
    state: {
      enum: ['off', false],
      default: 'off',
      description: 'Only `off`; a bare `off`, which YAML reads as false, will do.',
    },
  }),
  examples: `- name: no swap
  swap:
    state: off
`,

  probe: () =>
    read(
      [
        'if [ -e /proc/swaps ]; then cat /proc/swaps || exit 1; fi',
        "printf '\\0'",
        catIfThere('/etc/fstab'),
        "printf '\\0'",
        'if [ -L /etc/systemd/system/swap.target ]; then readlink /etc/systemd/system/swap.target; fi',
        "printf '\\0'",
        `for name in ${makers.join(' ')}; do`,
        '  for link in /etc/systemd/system/*.wants/$name.service; do [ ! -L "$link" ] || printf "%s\\n" "$name.service"; done',
        'done',
      ].join('\n'),
      raw => {
        const [swaps = '', fstab, link = '', services = ''] = nulSeparated(raw, 4)
        return {
          active: activeIn(swaps),
          fstab: contents(fstab),
          masked: link.trim() === '/dev/null',
          services: services.split('\n').filter(name => name !== ''),
        }
      },
    ),

  plan(_params, { active, fstab = '', masked, services }) {
    const changes: Swap[] = []
    if (services.length > 0) changes.push({ kind: 'services', units: services, summary: `${services.join(', ')} off` })
    if (active.length > 0) changes.push({ kind: 'off', devices: active, summary: `swap off: ${active.join(', ')}` })
    const text = withoutSwap(fstab)
    if (text !== fstab) {
      const broken = damaged('/etc/fstab', fstab)
      if (broken !== undefined) return broken
      changes.push({
        kind: 'fstab',
        text,
        summary: 'swap lines in /etc/fstab',
        diff: { path: '/etc/fstab', before: fstab, after: text },
      })
    }
    if (!masked) changes.push({ kind: 'mask', summary: 'mask swap.target' })
    return { changes }
  },

  async apply(change, _params, host) {
    switch (change.kind) {
      case 'services':
        await host.run(['systemctl', 'disable', '--now', ...change.units])
        return
      case 'off':
        for (const device of change.devices) await host.shell(swapoff(device), { shown: `swapoff ${device}` })
        return
      case 'fstab':
        await host.put('/etc/fstab', change.text)
        return
      case 'mask':
        await host.run(['systemctl', 'mask', 'swap.target'])
        return
    }
  },

  value: (_params, { active }) => ({ state: 'off', was: active }),

  messages: {
    codes: {
      ...notTextMessage,
      ...notRootMessage,
      'no-memory': () => ({
        what: 'what lies in swap does not fit into memory',
        remedy: 'stop what uses the memory (`ps aux --sort -rss | head`), or give the machine more',
      }),
    },
    diagnose: diagnoseBy([{ code: 'no-memory', pattern: /swapoff failed: Cannot allocate memory/ }, notRoot]),
  },
})

/** A service that was stopped before may have taken its device along. */
export const swapoff = (device: string): string => {
  const name = escapeField(device)
  return sh`e=$(LC_ALL=C swapoff -- ${device} 2>&1) || {
  ! grep -qF -e ${`${name} `} -e ${`${name}\\040(deleted)`} /proc/swaps || { printf '%s\n' "$e" >&2; exit 1; }
}`
}

/** /proc/swaps writes blanks in names as `\040`, and a deleted file with a note behind its name. */
const activeIn = (swaps: string): readonly string[] =>
  swaps
    .split('\n')
    .slice(1)
    .map(line => line.split(/\s+/)[0] ?? '')
    .filter(name => name !== '')
    .map(name =>
      name
        .replace(/\\040\(deleted\)$/, '')
        .replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))),
    )
