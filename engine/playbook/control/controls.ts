import type { Control } from './control.js'
import { including } from './including.js'
import { naming } from './naming.js'
import { saying } from './saying.js'

/** Control steps by name, with what they take. Imports are replaced by their tasks when plays are compiled. */
export const controls: ReadonlyMap<string, Control> = new Map(
  [...saying, ...naming, ...including].map(control => [control.name, control]),
)
