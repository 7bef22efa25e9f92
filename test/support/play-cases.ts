import { readdirSync } from 'node:fs'
import { readYaml } from '../../engine/config/yaml/yaml.js'
import { toJson } from '../../engine/python/to-json.js'
import { known } from './rows.js'
import { project } from './tkplay.js'

/** Plays, and what ansible-core makes of them: `test/cases/plays`. */
export interface PlayCase {
  readonly name: string
  /** The text of site.yml. */
  readonly plays: string
  /** Further files by path. */
  readonly files?: { readonly [path: string]: string }
  /** `-i`; two hosts unless told. All are this machine. */
  readonly hosts?: string
  readonly flags?: readonly string[]
  /** They say themselves that they are this machine. */
  readonly sayTheyAreLocal?: true
  /** For each host the tasks that changed something, in order, and those that failed (`! name`). */
  readonly gives: { readonly [host: string]: readonly string[] }
}

export const playCases = async (): Promise<readonly PlayCase[]> => {
  const dir = `${project}/test/cases/plays`
  const files = await Promise.all(readdirSync(dir).map(file => readYaml(`${dir}/${file}`)))
  const cases = files.flatMap(file => toJson(file) as unknown as readonly PlayCase[])
  return known(cases, ['name', 'plays', 'files', 'hosts', 'flags', 'sayTheyAreLocal', 'gives'], dir)
}

/** The folder of a case, for t.testdir. */
export const folderOf = ({ plays, files = {} }: PlayCase): Folder => {
  const made: Folder = { 'site.yml': plays }
  for (const [path, text] of Object.entries(files)) {
    const parts = path.split('/')
    const folder = parts.slice(0, -1).reduce((at, name) => {
      at[name] ??= {}
      return at[name] as Folder
    }, made)
    folder[parts.at(-1) ?? path] = text
  }
  return made
}

interface Folder {
  [name: string]: string | Folder
}

export const flagsOf = ({ hosts = 'h1,h2,', flags = [], sayTheyAreLocal }: PlayCase): readonly string[] => [
  '-i',
  hosts,
  ...(sayTheyAreLocal === true ? [] : ['-e', 'ansible_connection=local']),
  ...flags,
]
