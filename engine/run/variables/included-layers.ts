import type { Play } from '../../core/step.js'
import type { Layer } from '../../core/vars.js'

interface Included {
  readonly layer: Layer
  /** The play with whose end the layer is dropped. */
  readonly play?: Play
  /** The origin of the layer in the play: an entry of `vars_files`, or a layer of a public role. */
  readonly from?: object
}

/**
 * Variables from files, for one host. Those of `include_vars` stay; those of `vars_files` and public roles end with the
 * play.
 */
export class IncludedLayers {
  #all: readonly Included[] = []
  /** Cached, since every scope needs it. */
  #layers: readonly Layer[] = []

  /** The oldest first; later ones win. */
  get layers(): readonly Layer[] {
    return this.#layers
  }

  add(layer: Layer): void {
    this.#set([...this.#all, { layer }])
  }

  hasFrom(from: object): boolean {
    return this.#all.some(one => one.from === from)
  }

  addFrom(from: object, layer: Layer, play: Play): void {
    if (!this.hasFrom(from)) this.#set([...this.#all, { layer, play, from }])
  }

  /** Drops the layers of other plays. */
  keepOnly(play: Play): void {
    if (this.#all.some(one => isOther(one, play))) this.#set(this.#all.filter(one => !isOther(one, play)))
  }

  #set(all: readonly Included[]): void {
    this.#all = all
    this.#layers = all.map(({ layer }) => layer)
  }
}

const isOther = (one: Included, play: Play): boolean => one.play !== undefined && one.play !== play
