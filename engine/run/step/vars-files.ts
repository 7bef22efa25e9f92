import { ExpressionError } from '../../core/expr.js'
import { Unknown } from '../../core/value.js'
import type { Layer } from '../../core/vars.js'
import type { RunContext } from '../context.js'
import type { Host } from '../host.js'
import type { Stage } from '../timeline/play-run.js'

/**
 * `vars_files` whose names hold variables of the host: loaded as soon as these are known (`vars/{{ ansible_os_family }}.yml`
 * waits for the facts), each once a play.
 */
export const loadVarsFiles = async (run: RunContext, host: Host, stage: Stage): Promise<void> => {
  forgetOthers(host, stage)
  for (const file of stage.state.play.varsFiles) {
    if (host.varsFiles.has(file)) continue
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
    host.varsFiles.set(file, layer)
    host.included.push(layer)
  }
}

/** Variables of a public role: those of its defaults and vars, for this host until the play ends. */
export const expose = (host: Host, { state }: Stage, layers: readonly Layer[]): void => {
  for (const layer of layers) {
    if (host.exposed.has(layer)) continue
    host.exposed.set(layer, state.play)
    host.included.push(layer)
  }
}

/** They are the play's: those of the one before are gone. */
const forgetOthers = (host: Host, { state }: Stage): void => {
  for (const [file, layer] of host.varsFiles) {
    if (state.play.varsFiles.some(own => own === file)) continue
    host.varsFiles.delete(file)
    host.included.splice(host.included.indexOf(layer), 1)
  }
  for (const [layer, play] of host.exposed) {
    if (play === state.play) continue
    host.exposed.delete(layer)
    host.included.splice(host.included.indexOf(layer), 1)
  }
}
