import { ExpressionError } from '../../core/expr.js'
import { Unknown } from '../../core/value.js'
import type { Layer } from '../../core/vars.js'
import type { RunContext } from '../context.js'
import type { Host } from '../host.js'
import type { Stage } from '../timeline/play-run.js'

/**
 * Loads `vars_files` whose names contain variables of the host, as soon as these are known (`vars/{{ ansible_os_family
 * }}.yml` waits for the facts), each file once a play.
 */
export const loadVarsFiles = async (run: RunContext, host: Host, stage: Stage): Promise<void> => {
  const { play } = stage.state
  host.included.keepOnly(play)
  for (const file of play.varsFiles) {
    if (host.included.hasFrom(file)) continue
    const scope = run.variables.scope(host.name, { play: stage.hosts })
    const names: string[] = []
    try {
      for (const name of file.names) {
        const value = name.evaluate(scope)
        if (value instanceof Unknown) return
        names.push(String(value))
      }
    } catch (error) {
      if (error instanceof ExpressionError && error.code === 'undefined') continue
      throw error
    }
    const layer = await run.input.loader.varsFile(names, file.source)
    host.included.addFrom(file, layer, play)
  }
}

/** Adds the variables of a public role (its defaults and vars) for this host, until the play ends. */
export const expose = (host: Host, { state }: Stage, layers: readonly Layer[]): void => {
  for (const layer of layers) host.included.addFrom(layer, layer, state.play)
}
