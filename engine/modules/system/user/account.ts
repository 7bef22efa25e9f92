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
  /** What stands where the home directory is wanted. */
  readonly home: HomeSeen
  /** The user who has the number that is wanted. */
  readonly uidOf?: string
  /** The folder above the wanted home directory is not there. */
  readonly noParent?: true
  /** Something that is no folder stands on the way to what is to be made: the home directory, or the key. */
  readonly barred?: string
  /** Whether the account's directory is there, where it shall move to another place. */
  readonly movable?: true
  /** The number that owns the home directory; only where that is to be removed. */
  readonly homeOwner?: number
  readonly shadow?: Shadow
  /** Whether the SSH key is there; only where one is asked for. */
  readonly key?: boolean
}

/** `other`: no folder. */
export type HomeSeen = 'folder' | 'other' | 'broken-link' | 'absent'

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
export const digestOf = (hash: string): string => createHash('sha256').update(unlocked(hash)).digest('hex')

/** Without what locks it: usermod -L writes a `!` in front. */
export const unlocked = (hash: string): string => hash.replace(/^!+/, '')

/** Where the key goes, as Ansible has it: `.ssh/id_TYPE` in the home directory. */
export const keyFile = (p: UserParams): string => p.ssh_key_file ?? `.ssh/id_${p.ssh_key_type}`

/** What is in the old home directory is to come along to a new one. */
export const movesHome = (p: UserParams): boolean => p.state === 'present' && p.home !== undefined && p.move_home

/** Days since 1970 in a date as usermod takes it; -1 for never. */
export const expiryDay = (seconds: number): number => (seconds < 0 ? -1 : Math.floor(seconds / 86_400))
