import { shownPath } from './../config/files/shown-path.js'
import { readYaml } from '../config/yaml/yaml.js'
import type { Node, Step } from '../core/step.js'
import type { Value } from '../core/value.js'
import type { Compiler, Include, RoleCall, RoleOptions } from './compiler.js'
import type { Context } from './context.js'
import type { Entry } from './entry.js'
import { compileRole } from './roles/compile-role.js'
import { compileNodes } from './tasks/nodes.js'

/** The compiler of playbooks: lists of tasks, files of them, and roles. */
export class PlaybookCompiler implements Compiler {
  readonly includes = new WeakMap<Step, Include>()
  readonly #trees = new Map<string, Promise<Value>>()

  tree(file: string): Promise<Value> {
    const known = this.#trees.get(file)
    if (known !== undefined) return known
    const read = readYaml(file, shownPath(file))
    this.#trees.set(file, read)
    return read
  }

  nodes(context: Context, list: Entry): Promise<readonly Node[]> {
    return compileNodes(this, context, list)
  }

  role(context: Context, call: RoleCall, options: RoleOptions): Promise<readonly Node[]> {
    return compileRole(this, context, call, options)
  }
}
