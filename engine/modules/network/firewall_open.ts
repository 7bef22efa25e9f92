import { type Change, defineModule } from '../../core/module.js'
import { diagnoseBy, notRoot, notRootMessage } from '../support/diagnose.js'
import { list, object } from '../support/schema.js'
import { type FirewallSeen, firewalls, isOpen, type Opened } from './firewall.js'

interface Params {
  readonly ports: readonly string[]
  readonly protocols: readonly string[]
  readonly sources: readonly string[]
}

type FirewallOpen = Change &
  (
    | { readonly kind: 'ufw'; readonly rules: readonly string[] }
    | ({ readonly kind: 'firewalld'; readonly running: boolean } & Opened)
  )

/** Source: ufw(8), firewall-cmd(1), firewall-offline-cmd(1). */
export const firewallOpen = defineModule<Params, FirewallSeen, FirewallOpen>({
  name: 'firewall_open',
  kind: 'state',
  doc: `Opens the firewall that a machine has, ufw or firewalld, and leaves its other rules alone.

A machine without one is as open as it gets. A firewalld that does not run is opened in its files, for when it starts. ufw has no word for
other protocols than its own few: \`protocols\` is for firewalld.`,
  params: object({
    ports: list('Ports and ranges of ports with their protocol.', {
      items: { type: 'string', pattern: '^\\d+(-\\d+)?/(tcp|udp)$' },
      default: [],
      examples: [['6443/tcp', '30000-32767/udp']],
    }),
    protocols: list('IP protocols that come in.', { default: [], examples: [['ipip']] }),
    sources: list("Networks whose packets come in and pass through, such as the pods'.", {
      items: { type: 'string', pattern: '^[0-9a-fA-F:.]+(/\\d+)?$' },
      default: [],
      examples: [['10.244.0.0/16']],
    }),
  }),
  examples: `- name: ports of a node
  firewall_open:
    ports: [10250/tcp, 30000-32767/tcp]
    sources: [10.244.0.0/16]
`,

  probe: () => firewalls,

  plan(p, { ufw, firewalld }) {
    const changes: FirewallOpen[] = []
    const rules = ufw === undefined ? [] : ufwRules(p).filter(rule => !ufw.includes(rule))
    if (rules.length > 0) changes.push({ kind: 'ufw', rules, summary: `ufw: ${short(rules.map(withoutName))}` })
    const less = firewalld === undefined ? nothing : missing(p, firewalld)
    const all = [...less.ports, ...less.protocols, ...less.sources]
    if (firewalld !== undefined && all.length > 0) {
      changes.push({ kind: 'firewalld', running: firewalld.running, ...less, summary: `firewalld: ${short(all)}` })
    }
    return { changes }
  },

  async apply(change, _p, host) {
    if (change.kind === 'ufw') {
      for (const rule of change.rules) await host.run(rule.split(' '))
      return
    }
    const argv = change.running ? ['firewall-cmd', '--permanent'] : ['firewall-offline-cmd']
    // One kind at a time: firewall-offline-cmd takes no two in one command.
    for (const words of [
      change.ports.map(port => `--add-port=${port}`),
      change.protocols.map(protocol => `--add-protocol=${protocol}`),
      change.sources.map(source => `--add-source=${source}`),
    ]) {
      const zone = words[0]?.startsWith('--add-source') === true ? ['--zone=trusted'] : []
      if (words.length > 0) await host.run([...argv, ...zone, ...words])
    }
    if (change.running) await host.run(['firewall-cmd', '--reload'])
  },

  messages: {
    codes: {
      ...notRootMessage,
      'zone-conflict': () => ({
        what: 'another zone of firewalld already has this network as a source',
        remedy: '`firewall-cmd --get-active-zones` names it: take the source out there',
      }),
    },
    diagnose: diagnoseBy([{ code: 'zone-conflict', pattern: /ZONE_CONFLICT/ }, notRoot]),
  },
})

const nothing: Opened = { ports: [], protocols: [], sources: [] }

const missing = (p: Params, open: Opened): Opened => ({
  ports: p.ports.filter(port => !isOpen(port, open.ports)),
  protocols: p.protocols.filter(protocol => !open.protocols.includes(protocol)),
  sources: p.sources.filter(source => !open.sources.includes(source)),
})

/** As `ufw show added` writes them, which is also how they are given. What passes through is a rule of its own each way. */
const ufwRules = (p: Params): readonly string[] => [
  ...p.ports.map(port => `ufw allow ${port.replace('-', ':')}`),
  ...p.sources.flatMap(source => [
    `ufw allow from ${source}`,
    `ufw route allow from ${source}`,
    `ufw route allow to ${source}`,
  ]),
]

const withoutName = (rule: string): string => rule.replace(/^ufw /, '')

const short = (items: readonly string[]): string =>
  items.length <= 4 ? items.join(', ') : `${items.slice(0, 4).join(', ')} and ${items.length - 4} more`
