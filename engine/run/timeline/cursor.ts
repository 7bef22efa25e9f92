import type { Failure } from '../../core/failure.js'
import type { Block, Node, RoleUse, Step } from '../../core/step.js'
import type { Unknown } from '../../core/value.js'
import { comparePaths, type Path } from './path.js'

/** A list of nodes that is being walked. Frames are immutable, so that a cursor can be copied for reading ahead. */
interface Frame {
  readonly nodes: readonly Node[]
  readonly index: number
  readonly path: Path
  readonly section?: Section
  /** The role whose steps these are, for `meta: end_role`. */
  readonly role?: string
  readonly handlers?: boolean
  /** Set for a role that perhaps ran before; it would then be skipped. */
  readonly again?: Again
}

/** Dry run: a repeated use of a role, and why it is not known whether the role ran before. */
export interface Again {
  readonly use: string
  readonly unknown: Unknown
}

interface Section {
  readonly block: Block
  readonly part: 'body' | 'rescue' | 'always'
  /** The failure that is raised again after `always`. */
  readonly pending?: Failure
}

export type Next =
  | { readonly kind: 'step'; readonly step: Step; readonly path: Path; readonly handler: boolean }
  | { readonly kind: 'role'; readonly use: RoleUse; readonly path: Path }
  /** An `always` section is done; the failure that led to it is raised again. */
  | { readonly kind: 'raise'; readonly failure: Failure }
  | undefined

/** Which roles ran before. */
interface Uses {
  ran(use: string): boolean
  perhapsRan(use: string): Unknown | undefined
}

const noUses: Uses = { ran: () => false, perhapsRan: () => undefined }

/** The position of a host in a play: the next step, and where a failure leads. */
export class Cursor {
  #frames: readonly Frame[]

  constructor(
    nodes: readonly Node[],
    path: Path,
    readonly uses: Uses = noUses,
  ) {
    this.#frames = [{ nodes, index: 0, path }]
  }

  copy(): Cursor {
    const twin = new Cursor([], [], this.uses)
    twin.#frames = this.#frames
    return twin
  }

  /** The next step. Leaves finished lists and enters blocks. Calling it again returns the same until `advance`. */
  peek(): Next {
    for (;;) {
      const frame = this.#frames.at(-1)
      if (frame === undefined) return undefined
      const node = frame.nodes[frame.index]
      if (node === undefined) {
        const raised = this.#leave(frame)
        if (raised !== undefined) return { kind: 'raise', failure: raised }
        continue
      }
      const path = [...frame.path, frame.index]
      if (node.kind === 'step') return { kind: 'step', step: node, path, handler: frame.handlers === true }
      const isOver = node.unlessRan !== undefined && this.uses.ran(node.unlessRan)
      if (node.kind === 'role' && !isOver) return { kind: 'role', use: node, path }
      this.#skipOne(frame)
      if (isOver || node.kind === 'role') continue
      const role = node.role === undefined ? {} : { role: node.role }
      const section = { block: node, part: 'body' } as const
      this.#push({ nodes: node.body, index: 0, path: [...path, 0], section, ...role, ...this.#again(node) })
    }
  }

  /** The step of `peek` is finished. */
  advance(): void {
    const frame = this.#frames.at(-1)
    if (frame !== undefined) this.#skipOne(frame)
  }

  /** Replaces the step or role of `peek` by nodes: those of an include or role, or handlers. */
  enter(nodes: readonly Node[], as: { readonly role?: string; readonly handlers?: boolean } = {}): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined) return
    const path = [...frame.path, frame.index]
    const node = frame.nodes[frame.index]
    this.#skipOne(frame)
    const inherited = { ...(frame.handlers === true ? { handlers: true } : {}), ...this.#again(node) }
    this.#push({ nodes, index: 0, path, ...inherited, ...as })
  }

  /**
   * The step failed: goes on in the nearest rescue or always. 'rescued' where a rescue takes the failure over; 'lost'
   * where nothing does.
   */
  fail(failure: Failure): 'rescued' | 'always' | 'lost' {
    for (;;) {
      const frame = this.#frames.at(-1)
      if (frame === undefined) return 'lost'
      this.#pop()
      const section = frame.section
      if (section === undefined || section.part === 'always') continue
      if (section.part === 'body' && section.block.rescue.length > 0) {
        this.#push(sectionFrame(frame, section.block, 'rescue'))
        return 'rescued'
      }
      if (section.block.always.length > 0) {
        this.#push(sectionFrame(frame, section.block, 'always', failure))
        return 'always'
      }
    }
  }

  /** The path of the block whose rescue would take a failure over; undefined where there is none. */
  guard(): Path | undefined {
    return this.#frames.findLast(({ section }) => section?.part === 'body' && section.block.rescue.length > 0)?.path
  }

  /** Whether the host is inside the block body at this path. */
  isWithin(body: Path): boolean {
    return this.#frames.some(({ path }) => comparePaths(path, body) === 0)
  }

  /** The path of the innermost role. */
  role(): Path | undefined {
    return this.#frames.findLast(({ role }) => role !== undefined)?.path
  }

  /** `meta: end_role`: leaves the innermost role. False where there is none. */
  endRole(): boolean {
    const at = this.#frames.findLastIndex(frame => frame.role !== undefined)
    if (at === -1) return false
    this.#frames = this.#frames.slice(0, at)
    return true
  }

  /** `meta: end_play` and the like: no step comes any more. */
  end(): void {
    this.#frames = []
  }

  /** The enclosing roles that perhaps ran before, and would then be skipped. */
  again(): readonly Again[] {
    return this.#frames.flatMap(({ again }) => (again === undefined ? [] : [again]))
  }

  #again(node: Node | undefined): { readonly again?: Again } {
    const use = node === undefined || node.kind === 'step' ? undefined : node.unlessRan
    const unknown = use === undefined ? undefined : this.uses.perhapsRan(use)
    return use === undefined || unknown === undefined ? {} : { again: { use, unknown } }
  }

  #leave(frame: Frame): Failure | undefined {
    this.#pop()
    const section = frame.section
    if (section === undefined) return undefined
    if (section.part !== 'always' && section.block.always.length > 0) {
      this.#push(sectionFrame(frame, section.block, 'always'))
      return undefined
    }
    return section.pending
  }

  #skipOne(frame: Frame): void {
    this.#frames = [...this.#frames.slice(0, -1), { ...frame, index: frame.index + 1 }]
  }

  #push(frame: Frame): void {
    this.#frames = [...this.#frames, frame]
  }

  #pop(): void {
    this.#frames = this.#frames.slice(0, -1)
  }
}

const partIndex = { body: 0, rescue: 1, always: 2 } as const

const sectionFrame = (from: Frame, block: Block, part: 'rescue' | 'always', pending?: Failure): Frame => ({
  nodes: block[part],
  index: 0,
  path: [...from.path.slice(0, -1), partIndex[part]],
  section: { block, part, ...(pending === undefined ? {} : { pending }) },
  ...(from.role === undefined ? {} : { role: from.role }),
  ...(from.again === undefined ? {} : { again: from.again }),
  ...(from.handlers === true ? { handlers: true } : {}),
})
