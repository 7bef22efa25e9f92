import { isJsonObject, type Json, type JsonObject } from '../../../core/json.js'
import { findObject, inside, type ObjectRef, ofType } from '../get-objects.js'
import { describe, nameOf } from '../objects.js'

export const waitKinds = [
  'API',
  'Node',
  'DaemonSet',
  'Deployment',
  'StatefulSet',
  'Job',
  'CustomResourceDefinition',
  'TigeraStatus',
] as const

/** Something to wait for: an object that is ready, all Nodes (without a name), or an API server that answers. */
export interface Target {
  readonly kind: (typeof waitKinds)[number]
  readonly name?: string
  readonly namespace?: string
  /** Of a Node whose kubelet runs on this machine: only what it has said since it was started counts. */
  readonly fresh?: boolean
}

/** As `excused` of silent-nodes names it. */
export const excuseOf = ({ kind, namespace = '', name = '' }: Target): string => `${kind}|${namespace}|${name}`

/** The control plane does not hear from its kubelet. */
export const isSilent = (node: JsonObject): boolean =>
  saidBy(isJsonObject(node['status']) ? node['status'] : {}, 'Ready')?.['status'] === 'Unknown'

/** What Calico's operator works on, and the TigeraStatus that speaks of it. Source: tigera/operator, pkg/controller/installation. */
export const installation: ObjectRef = { apiVersion: 'operator.tigera.io/v1', kind: 'Installation', name: 'default' }
export const installationStatus = 'calico'
export const isInstallationStatus = ({ kind, name }: Pick<Target, 'kind' | 'name'>): boolean =>
  kind === 'TigeraStatus' && name === installationStatus

/** Why targets are not ready, as phrases; none where all are. What a controller has not looked at yet is not ready. */
export const unready = (target: Target, objects: readonly JsonObject[]): readonly string[] => {
  if (target.kind === 'API') return []
  const found = objects.filter(object => {
    const { kind, name, namespace } = nameOf(object)
    return (
      kind === target.kind &&
      (target.name === undefined || (name === target.name && namespace === (target.namespace ?? '')))
    )
  })
  if (found.length === 0)
    return [target.name === undefined ? 'no Node is heard from' : `${titleOf(target)} is not there`]
  return found.flatMap(object => {
    const why = isStale(target, object, objects)
      ? `not judged yet: ${installation.kind} ${installation.name} has changed since`
      : reasonOf(target.kind, object)
    return why === undefined ? [] : [`${describe(nameOf(object))}: ${why}`]
  })
}

export const titleOf = ({ kind, name, namespace }: Target): string => {
  if (name === undefined) return kind === 'API' ? 'the API server' : 'the Nodes'
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}

/** Where the pods are that may stand in the way. */
export const waitingNamespaces = (targets: readonly Target[]): readonly string[] => [
  ...new Set(targets.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace]))),
]

const reasonOf = (kind: Target['kind'], object: JsonObject): string | undefined => {
  const status = isJsonObject(object['status']) ? object['status'] : {}
  const spec = isJsonObject(object['spec']) ? object['spec'] : {}
  const number = (from: JsonObject, key: string) => (typeof from[key] === 'number' ? from[key] : 0)
  if (['DaemonSet', 'Deployment', 'StatefulSet'].includes(kind)) {
    if (number(status, 'observedGeneration') < Number(inside(object, 'metadata', 'generation') ?? 0))
      return 'its controller has not looked yet'
  }
  switch (kind) {
    case 'DaemonSet':
      return counted(
        number(status, 'desiredNumberScheduled'),
        number(status, 'updatedNumberScheduled'),
        number(status, 'numberAvailable'),
      )
    case 'Deployment':
    case 'StatefulSet': {
      const replicas = typeof spec['replicas'] === 'number' ? spec['replicas'] : 1
      const surplus = number(status, 'replicas') - number(status, 'updatedReplicas')
      return (
        counted(replicas, number(status, 'updatedReplicas'), number(status, 'availableReplicas')) ??
        (surplus > 0 && kind === 'Deployment' ? `${surplus} old pods are still there` : undefined)
      )
    }
    case 'Node':
      return condition(status, 'Ready')
    case 'Job':
      return condition(status, 'Complete')
    case 'CustomResourceDefinition':
      return condition(status, 'Established')
    case 'TigeraStatus':
      return tigeraReason(status)
    case 'API':
      return undefined
  }
}

/** An operator that has not looked at the Installation as it is now still speaks of the one before it. */
const isStale = (target: Target, status: JsonObject, objects: readonly JsonObject[]): boolean => {
  if (!isInstallationStatus(target)) return false
  const seen = saidBy(isJsonObject(status['status']) ? status['status'] : {}, 'Available')?.['observedGeneration']
  const wanted = inside(findObject(objects, installation), 'metadata', 'generation')
  return typeof seen === 'number' && typeof wanted === 'number' && seen < wanted
}

/** What Calico's operator cannot do stands in another condition than what it waits for. */
const tigeraReason = (status: JsonObject): string | undefined => {
  const why = condition(status, 'Available')
  if (why === undefined) return undefined
  const degraded = saidBy(status, 'Degraded')
  return degraded?.['status'] === 'True' ? `${why}; Degraded${because(degraded)}` : why
}

const counted = (wanted: number, updated: number, available: number): string | undefined => {
  if (updated < wanted) return `${updated} of ${wanted} pods are of the wanted version`
  return available < wanted ? `${available} of ${wanted} pods are available` : undefined
}

const condition = (status: JsonObject, type: string): string | undefined => {
  const found = saidBy(status, type)
  if (found === undefined) return `not ${type} yet`
  return found['status'] === 'True' ? undefined : `not ${type}${because(found)}`
}

const saidBy = (status: JsonObject, type: string): JsonObject | undefined => ofType(status['conditions'], type)

const because = (condition: JsonObject): string => {
  const words = [condition['reason'], condition['message']].filter(one => typeof one === 'string' && one !== '')
  return words.length === 0 ? '' : ` (${words.join(': ')})`
}

/** Of pods that are not running as they should: their names and what their containers wait for. */
export const podReasons = (pods: readonly JsonObject[]): readonly string[] =>
  pods.flatMap(pod => {
    const why = podReason(pod)
    return why === undefined ? [] : [`${describe(nameOf(pod))}: ${why}`]
  })

const podReason = (pod: Json): string | undefined => {
  const status = isJsonObject(pod) && isJsonObject(pod['status']) ? pod['status'] : {}
  const phase = status['phase']
  if (phase === 'Succeeded') return undefined
  const containers = ['initContainerStatuses', 'containerStatuses']
    .flatMap(key => (Array.isArray(status[key]) ? (status[key] as readonly Json[]) : []))
    .flatMap(containerReason)
  if (containers.length > 0) return containers.join(', ')
  const unscheduled = phase === 'Pending' ? condition(status, 'PodScheduled') : undefined
  return unscheduled ?? (phase === 'Running' ? notReady(status) : String(phase))
}

const notReady = (status: JsonObject): string | undefined => condition(status, 'Ready')

const containerReason = (container: Json): string[] => {
  const state = isJsonObject(container) ? container['state'] : undefined
  const waiting = isJsonObject(state) ? state['waiting'] : undefined
  if (!isJsonObject(container) || !isJsonObject(waiting)) return []
  const reason = String(waiting['reason'])
  // A container behind an init container only waits for it.
  if (reason === 'PodInitializing') return []
  return [
    `${String(container['name'])} ${reason}${typeof waiting['message'] === 'string' ? ` (${waiting['message']})` : ''}`,
  ]
}
