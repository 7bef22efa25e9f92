import type { Play } from '../../core/step.js'
import type { Layer } from '../../core/vars.js'

interface Included {
  readonly layer: Layer
  /** Of a play that forgets the layer when it ends. */
  readonly play?: Play
  /** What in the play brought the layer: an entry of `vars_files`, or a layer of a public role. */
  readonly from?: object
}

/** Variables that files brought to one host: those of `include_vars` stay, those of `vars_files` and public roles end with the play. */
export class IncludedLayers {
  #all: readonly Included[] = []
  /** Kept beside `#all`, since every scope asks for it. */
  #layers: readonly Layer[] = []

  /** Oldest first: a later one wins. */
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

  /** Forgets what plays other than this one brought. */
  keepOnly(play: Play): void {
    if (this.#all.some(one => isOther(one, play))) this.#set(this.#all.filter(one => !isOther(one, play)))
  }

  #set(all: readonly Included[]): void {
    this.#all = all
    this.#layers = all.map(({ layer }) => layer)
  }
}

const isOther = (one: Included, play: Play): boolean => one.play !== undefined && one.play !== play
