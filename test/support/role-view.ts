import { checkParams, nowhere } from '../../engine/config/schema/check-params.js'
import type { Json, JsonObject } from '../../engine/core/json.js'
import type { Facts } from '../../engine/core/module.js'
import type { HostView, Role, RoleNode, RoleStep, View } from '../../engine/core/role.js'

/** What a role sees of a host, for tests. */
export interface HostGiven {
  readonly name: string
  readonly address?: string
  readonly groups: readonly string[]
  readonly facts?: Facts
  readonly variables?: JsonObject
  /** Whether the play runs on it; true unless told. */
  readonly inPlay?: boolean
}

const machine = (number: number): JsonObject => ({
  nodename: `node${number}`,
  processor_vcpus: 2,
  memtotal_mb: 4096,
  machine_id: `machine-${number}`,
  product_uuid: `uuid-${number}`,
  service_mgr: 'systemd',
  cgroup_version: 2,
  default_ipv4: { address: `192.0.2.1${number}`, macaddress: `02:00:00:00:00:0${number}` },
})

/** Facts as they are gathered on fresh machines of these distributions. */
export const systems = {
  debian12: {
    os_family: 'Debian',
    distribution: 'Debian',
    distribution_major_version: '12',
    distribution_release: 'bookworm',
    selinux: { status: 'disabled' },
  },
  ubuntu2404: {
    os_family: 'Debian',
    distribution: 'Ubuntu',
    distribution_major_version: '24',
    distribution_release: 'noble',
    selinux: { status: 'disabled' },
  },
  rhel9: {
    os_family: 'RedHat',
    distribution: 'RedHat',
    distribution_major_version: '9',
    distribution_release: 'Plow',
    selinux: { status: 'enabled', mode: 'enforcing', type: 'targeted' },
  },
} satisfies { readonly [name: string]: JsonObject }

/** One control plane and two workers of one system. */
export const cluster = (
  system: JsonObject,
  change: (host: HostGiven) => HostGiven = host => host,
): readonly HostGiven[] =>
  [1, 2, 3].map(number =>
    change({
      name: `node${number}`,
      address: `192.0.2.1${number}`,
      groups: [number === 1 ? 'control_plane' : 'workers'],
      facts: { ...system, ...machine(number) },
    }),
  )

export const viewOf = (hosts: readonly HostGiven[], name: string): View => {
  const views = hosts.map(
    (host): HostView => ({
      name: host.name,
      address: host.address ?? host.name,
      groups: host.groups,
      facts: host.facts,
      variable: wanted => host.variables?.[wanted],
      inPlay: host.inPlay ?? true,
    }),
  )
  const host = views.find(one => one.name === name)
  if (host === undefined) throw new Error(`no host ${name}`)
  return {
    host,
    facts: host.facts ?? {},
    hosts: views,
    group: group => views.filter(one => one.groups.includes(group)),
  }
}

/** A role's parameters as the engine hands them over: checked, with defaults. */
export const roleParams = <P>(role: Role<P>, given: JsonObject = {}): P =>
  checkParams(role.params, given, nowhere(), { of: role.name }).value as P

export interface PlainStep {
  readonly name: string
  readonly module: string
  readonly params: Json
}

const nothing = { get: () => undefined, names: () => [] }

const plain = (node: RoleNode): readonly PlainStep[] =>
  node.kind === 'role-step'
    ? [{ name: node.name, module: node.module, params: fromExpr(node) }]
    : [...node.body, ...node.rescue, ...node.always].flatMap(plain)

const fromExpr = (step: RoleStep): Json => toPlain(step.params.evaluate(nothing)) as Json

const toPlain = (value: unknown): unknown => {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [String(key), toPlain(one)]))
  return Array.isArray(value) ? value.map(toPlain) : value
}

/** The steps of a role on one host, without what the engine adds. */
export const stepsOf = <P>(
  role: Role<P>,
  hosts: readonly HostGiven[],
  name: string,
  given: JsonObject = {},
): readonly PlainStep[] => role.steps(roleParams(role, given), viewOf(hosts, name)).flatMap(plain)

export const findingsOf = <P>(role: Role<P>, hosts: readonly HostGiven[], name: string, given: JsonObject = {}) =>
  role.preflight?.(roleParams(role, given), viewOf(hosts, name)) ?? []

/** The parameters of the first step of a module; none where it has no such step. */
export const paramsOf = (
  steps: readonly { readonly module: string; readonly params: unknown }[],
  module: string,
): JsonObject => (steps.find(step => step.module === module)?.params ?? {}) as JsonObject
