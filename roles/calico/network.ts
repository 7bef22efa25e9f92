import type { JsonObject } from '../../engine/core/json.js'
import type { Params } from './params.js'
import type { Source } from './published.js'

/** A manifest to download and apply. */
export interface Manifest {
  readonly title: string
  readonly source: Source
  /** The variable with its checksum. */
  readonly checksum: keyof Params
  readonly patches: readonly JsonObject[]
}

/**
 * A pod network: its manifests in order, an object of a kind that the manifests define, and the objects that must be
 * ready afterwards.
 */
export interface Network {
  readonly title: string
  readonly manifests: readonly Manifest[]
  readonly settings?: { readonly title: string; readonly object: JsonObject }
  readonly ready: readonly JsonObject[]
}
