import type { JsonObject } from '../../engine/core/json.js'
import type { Params } from './params.js'
import type { Source } from './published.js'

/** Something to apply that lies at an address. */
export interface Manifest {
  readonly title: string
  readonly source: Source
  /** The variable that pins it. */
  readonly checksum: keyof Params
  readonly patches: readonly JsonObject[]
}

/** A pod network: its manifests in their order, an object that they bring the kind for, and what is to be ready then. */
export interface Network {
  readonly title: string
  readonly manifests: readonly Manifest[]
  readonly settings?: { readonly title: string; readonly object: JsonObject }
  readonly ready: readonly JsonObject[]
}
