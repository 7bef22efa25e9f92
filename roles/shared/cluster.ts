import { isIP } from 'node:net'
import { isJsonObject, type Json } from '../../engine/core/json.js'
import type { HostView, View } from '../../engine/core/role.js'

/** The hosts of the cluster, from the groups of the inventory. */
export const controlPlanes = (view: View): readonly HostView[] => view.group('control_plane')
export const workers = (view: View): readonly HostView[] =>
  view.group('workers').filter(host => !host.groups.includes('control_plane'))
export const nodes = (view: View): readonly HostView[] => [...controlPlanes(view), ...workers(view)]

export const isControlPlane = (view: View): boolean => view.host.groups.includes('control_plane')
/** Whether this is the host on which things are done once for the cluster. */
export const isFirstControlPlane = (view: View): boolean => controlPlanes(view)[0]?.name === view.host.name

/** A control plane for delegated steps: in this play, one without facts is unreachable. */
export const askedControlPlane = (view: View): HostView | undefined =>
  controlPlanes(view).find(host => !host.inPlay || host.facts !== undefined)

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

export const fact = (host: HostView, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), host.facts)

/** The name of the Node; kubeadm's default is the hostname in lower case. */
export const nodeName = (host: HostView): string =>
  text(host.variable('node_name')) || text(fact(host, 'nodename')).toLowerCase() || host.name

/** The address of the Node; undefined where neither inventory nor facts have it. */
export const nodeAddress = (host: HostView): string | undefined => {
  const given = text(host.variable('node_address'))
  if (given !== '') return given
  if (isIP(host.address) !== 0) return host.address
  return text(fact(host, 'default_ipv4', 'address')) || undefined
}

/** The machine-id, which tells whether a Node is this machine's; empty where it is not known. */
export const machineId = (host: HostView): string => text(fact(host, 'machine_id'))

/** The pod network to install. */
export type PodNetwork = 'calico' | 'flannel' | 'none'

export const defaultEndpointName = 'cluster-endpoint'

/** The name in NAME:PORT; an IPv6 address is in brackets. */
export const endpointName = (endpoint: string): string => endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')

/**
 * The address for the endpoint's name in /etc/hosts; undefined where DNS has to resolve it, or where it is an address.
 */
export const endpointAddress = (
  p: { readonly control_plane_endpoint: string; readonly control_plane_endpoint_address: string },
  view: View,
): string | undefined => {
  const name = endpointName(p.control_plane_endpoint)
  if (isIP(name) !== 0) return undefined
  if (p.control_plane_endpoint_address !== '') return p.control_plane_endpoint_address
  const [first] = controlPlanes(view)
  return name === defaultEndpointName && first !== undefined ? nodeAddress(first) : undefined
}

export interface ProxyParams {
  readonly http_proxy: string
  readonly https_proxy: string
  readonly no_proxy: readonly string[]
  readonly pod_subnet: string
  readonly service_subnet: string
  readonly dns_domain: string
  readonly control_plane_endpoint: string
}

/**
 * The environment of programs that connect to the outside; empty without a proxy. Connections inside the cluster never
 * use the proxy.
 */
export const proxyEnvironment = (p: ProxyParams, view: View): { readonly [name: string]: string } => {
  if (p.http_proxy === '' && p.https_proxy === '') return {}
  const inside = nodes(view).flatMap(host => [host.name, nodeAddress(host) ?? host.address])
  const own = [
    'localhost',
    '127.0.0.1',
    p.pod_subnet,
    p.service_subnet,
    `.${p.dns_domain}`,
    '.svc',
    endpointName(p.control_plane_endpoint),
  ]
  const none = [...new Set([...own, ...inside, ...p.no_proxy])].join(',')
  return {
    ...(p.http_proxy === '' ? {} : { HTTP_PROXY: p.http_proxy }),
    ...(p.https_proxy === '' ? {} : { HTTPS_PROXY: p.https_proxy }),
    NO_PROXY: none,
  }
}
