import { createHash } from 'node:crypto'

export interface UserParams {
  readonly name: string
  readonly state: 'present' | 'absent'
  readonly uid?: number
  readonly non_unique: boolean
  readonly group?: string
  readonly groups?: readonly string[]
  readonly append: boolean
  readonly comment?: string
  readonly home?: string
  readonly create_home: boolean
  readonly move_home: boolean
  readonly skeleton?: string
  readonly shell?: string
  readonly system: boolean
  readonly password?: string
  readonly update_password: 'always' | 'on_create'
  readonly password_lock?: boolean
  readonly expires?: number
  readonly remove: boolean
  readonly force: boolean
  readonly generate_ssh_key: boolean
  readonly ssh_key_type: string
  readonly ssh_key_bits?: number
  readonly ssh_key_file?: string
  readonly ssh_key_comment?: string
}

export interface UserSeen {
  readonly account?: Account
  /** Supplementary groups of the account, by name. */
  readonly groups: readonly string[]
  /** Those of the groups that the parameters name, and one of the user's own name, which exist: name to number. */
  readonly known: { readonly [group: string]: number }
  /** Whether the home directory is there. */
  readonly home: boolean
  /** Why the home directory cannot be moved to where it is wanted; only where that is asked for. */
  readonly target?: 'taken' | 'no-parent'
  readonly shadow?: Shadow
  /** Whether the SSH key is there; only where one is asked for. */
  readonly key?: boolean
}

export interface Account {
  readonly uid: number
  readonly gid: number
  readonly comment: string
  readonly home: string
  readonly shell: string
}

/** What /etc/shadow says, without the password's hash. */
export interface Shadow {
  /** sha256 in hex of the hash, without the `!` of a locked password. */
  readonly digest: string
  readonly locked: boolean
  /** Days since 1970; absent: never. */
  readonly expires?: number
}

/** Hashes are compared by their digest, so that nobody sees them: not in what was observed, nor in a failed read's text. */
export const digestOf = (hash: string): string => createHash('sha256').update(hash.replace(/^!+/, '')).digest('hex')

/** Where the key goes, as Ansible has it: `.ssh/id_TYPE` in the home directory. */
export const keyFile = (p: UserParams): string => p.ssh_key_file ?? `.ssh/id_${p.ssh_key_type}`

/** Days since 1970 in a date as usermod takes it; -1 for never. */
export const expiryDay = (seconds: number): number => (seconds < 0 ? -1 : Math.floor(seconds / 86_400))
