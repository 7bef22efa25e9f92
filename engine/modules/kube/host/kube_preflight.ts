import { isJsonObject, type Json } from '../../../core/json.js'
import { defineModule } from '../../../core/module.js'
import { field } from '../../support/message-data.js'
import { list, object, str } from '../../support/schema.js'
import { type Listener, type PreflightSeen, probePreflight } from './preflight-probe.js'

interface Params {
  readonly ports: readonly number[]
  readonly cni_config: string
  readonly names: readonly string[]
  readonly ignore_preflight_errors: readonly string[]
}

/** What kubeadm would find only after everything is installed. Source: cmd/kubeadm/app/preflight/checks.go; libcni's ConfFiles. */
export const kubePreflight = defineModule<Params, PreflightSeen, never>({
  name: 'kube_preflight',
  kind: 'state',
  doc: `Looks whether a machine is free to become a node, before anything is installed. It changes nothing.

Ports that another program listens on, a pod network's configuration that an older cluster left, and names that do not resolve are
refused. A machine that is a node already, or half-way there, is not asked.`,
  params: object({
    ports: { type: 'array', items: { type: 'integer' }, default: [10250], description: 'Ports that are to be free.' },
    cni_config: str(
      "The name of the pod network's configuration in /etc/cni/net.d; what sorts before it would be used in its place.",
      { default: '', examples: ['10-calico.conflist'] },
    ),
    names: list('Names that are to resolve on this machine.', { default: [], examples: [['k8s.example.com']] }),
    ignore_preflight_errors: list("Names of kubeadm's preflight checks that may fail.", {
      default: [],
      examples: [['Port-10250']],
    }),
  }),
  examples: `
- name: free to become a control plane
  kube_preflight:
    ports: [6443, 2379, 2380, 10250, 10257, 10259]
`,

  writes: [],
  probe: p => probePreflight(p.names),

  plan(p, seen) {
    if (seen.node) return { changes: [] }
    const ignored = p.ignore_preflight_errors.map(name => name.toLowerCase())
    const taken = (seen.listening ?? []).filter(
      ({ port }) => p.ports.includes(port) && !ignored.includes('all') && !ignored.includes(`port-${port}`),
    )
    if (taken.length > 0) return { refused: 'port-taken', data: { taken: oncePerPort(taken) } }
    const before = seen.cniConfigs.filter(file => p.cni_config !== '' && file < p.cni_config)
    if (before.length > 0) return { refused: 'cni-left', data: { files: before, wanted: p.cni_config } }
    if (seen.unresolved.length > 0) return { refused: 'no-address', data: { names: seen.unresolved } }
    return { changes: [] }
  },

  async apply() {
    // It only looks: its plan has no changes.
  },

  messages: {
    codes: {
      'port-taken': data => ({
        what: `Kubernetes needs ports that are taken here: ${takenText(data)}`,
        remedy:
          'end what listens there (what a forgotten cluster left: playbooks/reset.yml for this host alone, -l), or add Port-NUMBER to kubeadm_ignore_preflight_errors',
      }),
      'cni-left': data => ({
        what: `/etc/cni/net.d holds ${field(data, 'files')}: the runtime would use it in place of ${field(data, 'wanted')}`,
        remedy: 'take it away if it is of an older cluster, or set cni: none if it is the network that you want',
      }),
      'no-address': data => ({
        what: `this host finds no address for ${field(data, 'names')}`,
        remedy: 'give the name an address in DNS, or set control_plane_endpoint_address, and /etc/hosts will have it',
      }),
    },
  },
})

/** A program that listens on IPv4 and IPv6 listens twice. */
const oncePerPort = (listeners: readonly Listener[]): Json[] =>
  [...new Map(listeners.map(one => [one.port, one])).values()].map(({ port, program, pid }) => ({ port, program, pid }))

const takenText = (data: Json): string => {
  const taken = isJsonObject(data) && Array.isArray(data['taken']) ? data['taken'] : []
  return taken
    .map(
      one =>
        `${field(one, 'port')}${field(one, 'program') === '' ? '' : ` by ${field(one, 'program')} (process ${field(one, 'pid')})`}`,
    )
    .join(', ')
}
