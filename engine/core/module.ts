/** The contract between modules and the engine. Every folder may import it. */

import type { Json, JsonSchema } from './json.js'
import type { Messages } from './messages.js'

/** The result of a command on a host. Output is bytes, since `slurp` and `fetch` read binary files. */
export interface Raw {
  readonly rc: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** When the last byte arrived: ms on the clock of this machine. Not every transport sets it. */
  readonly at?: number
}

/** The user on the host: the one who logs in, root, or another one (`become_user`). */
export type RunAs =
  | 'login'
  | 'root'
  | { readonly user: string; readonly flags?: string; readonly method?: 'sudo' | 'su' }

/** A host pattern (`control_plane`, `control_plane[0]`, a name). The first matching host that has not failed is used. */
export type HostSelector = string

/** One read on a host: POSIX shell text without side effects, and a parser for its answer. */
export interface Read<T> {
  readonly kind: 'read'
  readonly sh: string
  readonly as?: RunAs
  readonly on?: HostSelector
  readonly scope?: 'host' | 'cluster'
  /**
   * ms; 10 000 by default. When the time is up, the read is ended on the host too. The read of a `wait` module loops on the
   * host until its condition holds, but must answer at once where the environment has TKPLAY_WAIT=0: reading ahead and dry
   * runs must not wait.
   */
  readonly timeout?: number
  /** @throws NotObserved when the answer does not tell the state. A parser must not guess. */
  readonly parse: (raw: Raw) => T
}

export interface All<T> {
  readonly kind: 'all'
  readonly of: { readonly [K in keyof T]: Probe<T[K]> }
}

/** All reads that a plan needs; `all({})` reads nothing. */
export type Probe<T> = Read<T> | All<T>

export interface Diff {
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** One change on a host, as plain JSON: it can be shown, saved, and applied later. */
export interface Change {
  readonly kind: string
  /** One line for people: `net.ipv4.ip_forward: 0 → 1`. Must not contain a secret. */
  readonly summary: string
  readonly diff?: Diff
}

/** The plan cannot be made before an earlier step brings something. */
export interface Missing {
  /** What is missing, as a phrase: «package containerd». */
  readonly needs: string
  /** What to do where no step brings it. */
  readonly remedy?: string
  /** Where it would be, as paths written as in `Look`. A dry run finds the step that brings it by these paths. */
  readonly at?: readonly string[]
}

export type Plan<C> =
  | { readonly changes: readonly C[] }
  | Missing
  /** The module cannot do what the parameters ask. `refused` is a code of the module's `messages`. */
  | { readonly refused: string; readonly data: Json }

export interface RunOptions {
  readonly stdin?: Uint8Array | string
  readonly env?: { readonly [name: string]: string }
  readonly cwd?: string
  /** ms; no limit by default. When the time is up, the command is ended on the host too. */
  readonly timeout?: number
  /** Return codes that are not failures; [0] by default. With 'any' the caller checks the code. */
  readonly ok?: readonly number[] | 'any'
  readonly as?: RunAs
  /** The command or its output contains a secret: failures show *** instead. */
  readonly secret?: boolean
  /** The command as failures show it, where the script that runs wraps the user's text. */
  readonly shown?: string
}

export interface PutOptions {
  /** Permission bits such as 0o644. By default an existing file keeps its mode, and a new one gets 0644 minus the umask. */
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
  /** A command that checks the temporary file (`%s` is its path) before it replaces the target. If it fails, the target stays. */
  readonly validate?: string
  /** First copy the existing file to `PATH.TIME~`; `put` returns the path of the copy. */
  readonly backup?: boolean
  /** Write into the file instead of replacing it: for bind mounts such as a container's /etc/hosts. */
  readonly inPlace?: boolean
  /** Where the path is a symbolic link: write its target. Without `follow` the file replaces the link. */
  readonly follow?: boolean
  /**
   * sha256 of the text that the new text was made from. In a folder that another user can change, `put` refuses to replace a
   * file with any other text.
   */
  readonly was?: string
}

/** A host, as `apply` sees it while one change is applied. Its methods throw `ApplyFailed` for a command that fails. */
export interface Session {
  readonly host: string
  run(argv: readonly string[], options?: RunOptions): Promise<Raw>
  /** Runs shell text, for a change that needs a pipeline. Build the text with `sh` from engine/shell/quote. */
  shell(text: string, options?: RunOptions): Promise<Raw>
  /**
   * Runs a command that must go on when the connection is lost (apt, kubeadm), as a transient systemd unit of this name. The
   * next run finds the unit and waits for it.
   */
  long(name: string, argv: readonly string[], options?: RunOptions): Promise<Raw>
  /** Writes a file: temporary file beside the target, fsync, rename. Returns the path of the backup, if one was made. */
  put(path: string, body: Uint8Array | string, options?: PutOptions): Promise<string | undefined>
  shared<T extends Json>(ref: SharedValue<T>): Promise<T>
  /** Closes the connection; the next command opens a new one. For a change that restarts the host. */
  reconnect(): Promise<void>
  /** One line for the live display. */
  progress(text: string): void
}

/**
 * A value that is made once and shared by all hosts, such as a join token: when the first `apply` asks for it, on the first
 * host of `on` that has not failed.
 */
export interface SharedValue<T extends Json = Json> {
  readonly key: string
  readonly on: HostSelector
  /** ms. After that, or when making it failed, it is made again. */
  readonly ttl: number
  readonly secret: boolean
  make(session: Session): Promise<T>
  /** Takes the value back at the end of the run (deletes the token), on the host that made it, also after a failure. */
  dispose?(session: Session, value: T): Promise<void>
}

/** The machine that tkplay runs on, as `prepare` sees it. Paths may be relative; files are found on Ansible's search path. */
export interface Controller {
  /**
   * Finds `files/NAME`, `templates/NAME` or NAME in the folder of the role, then of the playbook, then the working directory.
   * @throws ConfigError with the paths that were tried
   */
  find(kind: 'files' | 'templates', name: string): Promise<string>
  read(path: string): Promise<Uint8Array>
  /** Renders a template file found by `find` with the step's variables. */
  template(path: string, options: TemplateFileOptions): Promise<string>
  stat(path: string): Promise<{ readonly kind: 'file' | 'directory'; readonly mode: number; readonly size: number }>
  list(path: string): Promise<readonly string[]>
  /** The target of a symbolic link, as it is written in the link; undefined where the path is no link. */
  link(path: string): Promise<string | undefined>
  /** The path with all symbolic links resolved; undefined where it leads to nothing. */
  real(path: string): Promise<string | undefined>
}

export interface TemplateFileOptions {
  readonly trimBlocks?: boolean
  readonly lstripBlocks?: boolean
  readonly newline?: string
  /** `src` and `dest` as written in the step. The template sees them as `template_path` and `template_destpath`. */
  readonly src: string
  readonly dest: string
}

export interface Facts {
  readonly [name: string]: Json
}

/**
 * What a step read on its host. Paths are absolute. `/a/b` means that one file or folder; `/a/b/` means everything beneath it too.
 * Write a path that does not exist with the slash: a step that makes something beneath it makes it as well.
 */
export interface Look {
  /** 'anything': a command of the user's, which may read anything. */
  readonly at: readonly string[] | 'anything'
  /** The path did not exist, so any step that may change anything (a package, a script) may bring it. */
  readonly absent: boolean
}

export interface EditsText<O, C extends Change> {
  /** The file and its whole text after the change; undefined where the change does not touch the text. */
  after(change: C): { readonly path: string; readonly text: string } | undefined
  /** The path of the file, as in `after`. */
  path(seen: O): string
  /** What the probe would see if the file had this text; undefined where that cannot be computed. */
  over(seen: O, text: string): O | undefined
}

export type Verify = 'strict' | 'lenient' | 'passing'

export type ModuleKind = 'state' | 'action' | 'wait'

export interface Module<P, O, C extends Change = Change> {
  /** The key in YAML. */
  readonly name: string
  /** Other keys for the same module: `service` beside `systemd`. */
  readonly aliases?: readonly string[]
  /** Markdown for users. The first line is one sentence; what a user must know follows. */
  readonly doc: string
  readonly params: JsonSchema
  /** Example tasks in YAML. The docs show them; a test parses them. */
  readonly examples?: string
  /**
   * - state: verified after each apply.
   * - action: runs once, in order, and is not verified. `probe` and `plan` may guard it.
   * - wait: waits for a bounded time, never a change.
   *
   * A function, where a parameter decides (`state: restarted`).
   */
  readonly kind: ModuleKind | ((params: P) => ModuleKind)
  /** The parameter that a bare string sets (`command: uptime`), also for the `k=v` shorthand. */
  readonly freeForm?: string
  readonly affects?: 'host' | 'cluster'
  /** Codes of refusals that no earlier step can prevent. The engine looks for them in all plays before the first change. */
  readonly refusesFirst?: readonly string[]
  /** A code of `messages`: the refusal of this module on the machine that tkplay itself runs on. */
  readonly refusedHere?: string
  /** This module may remove what later steps would refuse (a reset), so `refusesFirst` does not look past it. */
  readonly startsOver?: true
  /** Its changes take effect only in a new login (groups, environment): channels are opened again after them. */
  readonly newSession?: true
  /**
   * What a plan that is not empty after an apply means:
   * - 'strict': a failure.
   * - 'lenient' (modules with Ansible's names): changed, reported and counted as not idempotent.
   * - 'passing': nothing, since the state ends by itself, as that of a oneshot unit does.
   */
  readonly verify?: Verify | ((params: P, seen: O) => Verify)
  /** With these parameters the action only reads: no change in a dry run, and earlier observations stay fresh. */
  changesNothing?(params: P): boolean
  /** With these parameters the action always answers «not changed», though it may have effects; so does a dry run. */
  neverChanged?(params: P): boolean
  /**
   * For dry runs: the paths that a step can change, written as in `Look`. `[]`: the step only reads. Left out, or undefined:
   * it may change anything. `seen` is undefined where the host could not be observed.
   */
  readonly writes?: readonly string[] | ((params: P, seen: O | undefined) => readonly string[] | undefined)
  /**
   * For dry runs: which parts of the files in `writes` the step changes. Each name begins with the module's name. Two steps
   * with different parts do not undo each other.
   */
  readonly parts?: (params: P) => readonly string[]
  /** For dry runs, for a module that edits the text of one file: a later edit is planned on the text that the earlier one would leave. */
  readonly edits?: EditsText<O, C>
  /** For dry runs: the step removes the paths in `writes` with everything beneath, so a step that writes there undoes it. */
  readonly clears?: (params: P) => boolean
  /** For dry runs: what the step's registered result depends on; undefined where the step read nothing. */
  looks?(params: P, seen: O): Look | undefined
  prepare?(params: P, controller: Controller): Promise<P>
  probe(params: P, facts: Facts): Probe<O>
  plan(params: P, seen: O, facts: Facts): Plan<C>
  apply(change: C, params: P, host: Session): Promise<Json | void>
  /** Further fields of the registered result, beside `changed`, `failed` and `skipped`. */
  value?(params: P, seen: O, applied: readonly Json[]): Json
  readonly messages?: Messages
}

/** Returns the module as it is; the call only infers its types. */
export const defineModule = <P, O, C extends Change>(module: Module<P, O, C>): Module<P, O, C> => module

/** Several reads in one probe, by name. */
export const all = <T>(of: { readonly [K in keyof T]: Probe<T[K]> }): All<T> => ({ kind: 'all', of })

/** The probe of a module that reads nothing. */
export const nothing: All<Record<never, never>> = { kind: 'all', of: {} }

/** A module of any types: the engine passes its parameters, observation and changes through. */
// biome-ignore lint/suspicious/noExplicitAny: existential type; P, O and C meet only inside the module
export type AnyModule = Module<any, any, any>
