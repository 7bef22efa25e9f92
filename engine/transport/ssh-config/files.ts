import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { readLocal } from '../../config/files/local-file.js'
import { KnownHosts, parseKnownHosts } from '../host-keys/known-hosts.js'
import { type RevokedKeys, revokedKeys } from '../host-keys/revoked-keys.js'
import { wildcard } from '../wildcard.js'
import { parseSshConfig, type SshConfig, type SshText } from './parse.js'

/** The files of ssh, each read once for a run. */
export class SshFiles {
  readonly #configs = new Map<string, SshConfig>()
  readonly #known = new Map<string, KnownHosts>()
  readonly #revoked = new Map<string, RevokedKeys>()
  readonly #said = new Map<string, boolean>()
  #usual: SshConfig | undefined
  #localUser: string | undefined
  readonly home: string

  constructor(home: string = homedir()) {
    this.home = home
  }

  /** Who runs tkplay. */
  get localUser(): string {
    this.#localUser ??= userInfo().username
    return this.#localUser
  }

  /** The configuration of the file told, or the user's followed by the system's. A file that is not there says nothing. */
  config(file: string | undefined): SshConfig {
    if (file !== undefined) return this.#config(this.expand(file))
    this.#usual ??= [...this.#config(join(this.home, '.ssh/config')), ...this.#config('/etc/ssh/ssh_config')]
    return this.#usual
  }

  known(files: readonly string[]): KnownHosts {
    const paths = files.map(file => this.expand(file))
    const list = JSON.stringify(paths)
    const known = this.#known.get(list) ?? new KnownHosts(paths.flatMap(path => parseKnownHosts(textOf(path), path)))
    this.#known.set(list, known)
    return known
  }

  /** The keys of a RevokedHostKeys. @throws ConfigError where they cannot be told: nothing is trusted then */
  revoked(file: string): RevokedKeys {
    const known = this.#revoked.get(file) ?? revokedKeys(file)
    this.#revoked.set(file, known)
    return known
  }

  /** Whether a command of a `Match exec` says yes. Each is run once. */
  says(command: string): boolean {
    const known = this.#said.get(command) ?? spawnSync('/bin/sh', ['-c', command], { stdio: 'ignore' }).status === 0
    this.#said.set(command, known)
    return known
  }

  /** `~/x` in the home folder. */
  expand(path: string): string {
    return path === '~' || path.startsWith('~/') ? join(this.home, path.slice(2)) : path
  }

  #config(path: string): SshConfig {
    const known = this.#configs.get(path)
    if (known !== undefined) return known
    const folder = dirname(path)
    const include = (pattern: string): readonly SshText[] => {
      const expanded = this.expand(pattern)
      const found = glob(isAbsolute(expanded) ? expanded : join(folder, expanded))
      return found.map(file => ({ file, text: textOf(file) }))
    }
    const config = parseSshConfig(textOf(path), { file: path, include })
    this.#configs.set(path, config)
    return config
  }
}

const textOf = (path: string): string => {
  try {
    return readLocal(path).toString()
  } catch {
    return ''
  }
}

/** Paths that a pattern with `*` and `?` covers, sorted; Node 20 has none of its own. */
const glob = (pattern: string): readonly string[] =>
  pattern
    .split('/')
    .slice(1)
    .reduce<readonly string[]>((folders, part) => folders.flatMap(folder => step(folder, part)), [''])

const step = (folder: string, part: string): readonly string[] => {
  if (!/[*?]/.test(part)) return [`${folder}/${part}`]
  try {
    const names = readdirSync(folder === '' ? '/' : folder)
    return names
      .filter(name => wildcard(part, name) && name.startsWith('.') === part.startsWith('.'))
      .sort()
      .map(name => `${folder}/${name}`)
  } catch {
    return []
  }
}
