import { isJsonObject, type Json, type JsonObject } from '../../core/json.js'
import { parseJsonText } from '../../python/json-text.js'
import { ShellText, sh } from '../../shell/quote.js'
import { kubectl } from './kubectl.js'
import { manifestText, nameOf, opened } from './objects.js'

/** An object of the cluster, named. */
export interface ObjectRef {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

/**
 * Reads objects of different kinds and namespaces by one kubectl: a process for each would cost as much again for each.
 * Those that are not there are left out of the answer; with none at all it is empty.
 */
export const getObjects = (kubeconfig: string, refs: readonly ObjectRef[]): ShellText =>
  new ShellText(
    sh`printf %s ${manifestText(refs.map(asObject))} | ${kubectl(kubeconfig)} get -f - --ignore-not-found -o json`,
  )

const asObject = ({ apiVersion, kind, name, namespace }: ObjectRef): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
})

/** @throws SyntaxError for text that is not JSON */
export const parseObjects = (text: string): readonly JsonObject[] =>
  text.trim() === '' ? [] : opened(parseJsonText(text))

export const findObject = (objects: readonly JsonObject[], ref: ObjectRef): JsonObject | undefined =>
  objects.find(object => {
    const { kind, name, namespace } = nameOf(object)
    return kind === ref.kind && name === ref.name && namespace === (ref.namespace ?? '')
  })

/** A value deep inside an object; undefined where a step is missing. */
export const inside = (object: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, key) => (isJsonObject(value) ? value[key] : undefined), object)

/** The member of a list that is of a type, as conditions and addresses have it. */
export const ofType = (list: Json | undefined, type: string): JsonObject | undefined =>
  (Array.isArray(list) ? (list as readonly Json[]) : []).filter(isJsonObject).find(one => one['type'] === type)
