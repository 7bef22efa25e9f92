import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { readLocal } from '../../config/files/local-file.js'
import { KnownHosts, parseKnownHosts } from '../host-keys/known-hosts.js'
import { type RevokedKeys, revokedKeys } from '../host-keys/revoked-keys.js'
import { wildcard } from '../wildcard.js'
import { parseSshConfig, type SshConfig, type SshText } from './parse.js'

/** The files of ssh. Each file is read once for a run. */
export class SshFiles {
  readonly #configs = new Map<string, SshConfig>()
  readonly #known = new Map<string, KnownHosts>()
  readonly #revoked = new Map<string, RevokedKeys>()
  readonly #exitedWith0 = new Map<string, boolean>()
  #usual: SshConfig | undefined
  #localUser: string | undefined
  readonly home: string

  constructor(home: string = homedir()) {
    this.home = home
  }

  /** The user who runs tkplay. */
  get localUser(): string {
    this.#localUser ??= userInfo().username
    return this.#localUser
  }

  /** The configuration in `file`, or else the user's followed by the system's. A missing file counts as empty. */
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

  /**
   * The keys of a RevokedHostKeys file. @throws ConfigError where the file cannot be read, since no host is trusted
   * then
   */
  revoked(file: string): RevokedKeys {
    const known = this.#revoked.get(file) ?? revokedKeys(file)
    this.#revoked.set(file, known)
    return known
  }

  /** Whether a command of `Match exec` succeeds. Each command runs once. */
  succeeds(command: string): boolean {
    const known =
      this.#exitedWith0.get(command) ?? spawnSync('/bin/sh', ['-c', command], { stdio: 'ignore' }).status === 0
    this.#exitedWith0.set(command, known)
    return known
  }

  /** Expands `~` at the beginning of a path. */
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

/** The paths that match a pattern with `*` and `?`, sorted. Node 20 has no glob. */
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
