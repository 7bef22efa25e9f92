/** The contract between modules and the engine. Every other folder may import it. */

import type { Json, JsonSchema } from './json.js'
import type { Messages } from './messages.js'

/** What a command answered. Bytes: slurp and fetch need them. */
export interface Raw {
  readonly rc: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** When its last byte came, by this machine's clock, in ms; only where the transport says so. */
  readonly at?: number
}

/** Who runs it on the host: the user of the connection, root, or someone else (become). */
export type RunAs =
  | 'login'
  | 'root'
  | { readonly user: string; readonly flags?: string; readonly method?: 'sudo' | 'su' }

/** A host pattern (`control_plane`, `control_plane[0]`, a name): the first healthy match answers. */
export type HostSelector = string

/** Something to read on a host: POSIX shell text without side effects, and what to make of its answer. */
export interface Read<T> {
  readonly kind: 'read'
  readonly sh: string
  readonly as?: RunAs
  readonly on?: HostSelector
  readonly scope?: 'host' | 'cluster'
  /**
   * ms; 10 000 unless told; ended on the host too. A `wait` module's read loops on the host until what it waits for is there,
   * but answers at once where the environment says TKPLAY_WAIT=0: reading ahead and dry runs must not wait.
   */
  readonly timeout?: number
  /** @throws NotObserved when the answer does not say; it never guesses. */
  readonly parse: (raw: Raw) => T
}

export interface All<T> {
  readonly kind: 'all'
  readonly of: { readonly [K in keyof T]: Probe<T[K]> }
}

/** What to read before planning; `of: {}` reads nothing. */
export type Probe<T> = Read<T> | All<T>

export interface Diff {
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** One change on a host, as plain JSON: it can be shown, saved, and applied later. */
export interface Change {
  readonly kind: string
  /** For people: `net.ipv4.ip_forward: 0 → 1`. Never holds a secret. */
  readonly summary: string
  readonly diff?: Diff
}

/**
 * Something that an earlier step must bring first, as a phrase: «package containerd». `remedy`: what to do where no step brings it. `at`:
 * the paths where it would be, as in `Look`: a dry run tells by them which step brings it.
 */
export interface Missing {
  readonly needs: string
  readonly remedy?: string
  readonly at?: readonly string[]
}

export type Plan<C> =
  | { readonly changes: readonly C[] }
  | Missing
  /** A code of the module's `messages`. */
  | { readonly refused: string; readonly data: Json }

export interface RunOptions {
  readonly stdin?: Uint8Array | string
  readonly env?: { readonly [name: string]: string }
  readonly cwd?: string
  /** ms; none unless told: an apply may take its time. Ended on the host too. */
  readonly timeout?: number
  /** Return codes that are not failures; [0] unless told, 'any' to judge it oneself. */
  readonly ok?: readonly number[] | 'any'
  readonly as?: RunAs
  /** The command or its output holds a secret: shown as *** in failures. */
  readonly secret?: boolean
  /** What failures show as the command: the user's own text, where the script is made around it. */
  readonly shown?: string
}

export interface PutOptions {
  /** Octal bits such as 0o644; an existing file's mode is kept unless told, a new one gets 0644 less the umask. */
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
  /** Run on the temporary file before it is moved; `%s` is its path. A failure leaves the target as it was. */
  readonly validate?: string
  /** Copy what was there to `path.<time>~` first; the copy's path comes back. */
  readonly backup?: boolean
  /** Write into the file instead of replacing it (bind-mounted files such as a container's /etc/hosts). */
  readonly inPlace?: boolean
  /** Where the path is a symbolic link, write the file that it leads to; else the file takes the link's place. */
  readonly follow?: boolean
  /** sha256 of the text that the new one was made of: in a folder of another user's, a file that has another by now stays as it is. */
  readonly was?: string
}

/** A host, for the one change that is being applied. Failed commands throw `ApplyFailed`. */
export interface Session {
  readonly host: string
  run(argv: readonly string[], options?: RunOptions): Promise<Raw>
  /** Shell text, for the few changes that are one pipeline. Build it with `sh` from engine/shell/quote. */
  shell(text: string, options?: RunOptions): Promise<Raw>
  /** What must survive a lost client (apt, kubeadm): a named transient unit; the next run finds it and waits for it. */
  long(name: string, argv: readonly string[], options?: RunOptions): Promise<Raw>
  /** Temporary file beside the target, fsync, rename. Returns the backup's path if one was made. */
  put(path: string, body: Uint8Array | string, options?: PutOptions): Promise<string | undefined>
  shared<T extends Json>(ref: SharedValue<T>): Promise<T>
  /** Lets go of the connection: the next command opens a new one. For who restarts the host. */
  reconnect(): Promise<void>
  /** One line for the live display. */
  progress(text: string): void
}

/** A value made once for all who ask, only when someone applies, on the first healthy host of `on`. */
export interface SharedValue<T extends Json = Json> {
  readonly key: string
  readonly on: HostSelector
  /** ms; made again when it has expired, or its maker failed. */
  readonly ttl: number
  readonly secret: boolean
  make(session: Session): Promise<T>
  /** Undoes it at the end of the run (deletes a token). Runs on the host that made it, also after a failure. */
  dispose?(session: Session, value: T): Promise<void>
}

/** The machine tkplay runs on, as `prepare` sees it. All paths are the user's; look-ups follow Ansible's search path. */
export interface Controller {
  /** Finds `files/NAME`, `templates/NAME` or NAME beside the role, the play, then the working folder. @throws ConfigError naming the places looked at. */
  find(kind: 'files' | 'templates', name: string): Promise<string>
  read(path: string): Promise<Uint8Array>
  /** Renders a template file found by `find` with the step's variables. */
  template(path: string, options: TemplateFileOptions): Promise<string>
  stat(path: string): Promise<{ readonly kind: 'file' | 'directory'; readonly mode: number; readonly size: number }>
  list(path: string): Promise<readonly string[]>
  /** What a symbolic link says it leads to; undefined for all else. */
  link(path: string): Promise<string | undefined>
  /** Where a path leads in the end, all links followed; undefined where that is nowhere. */
  real(path: string): Promise<string | undefined>
}

export interface TemplateFileOptions {
  readonly trimBlocks?: boolean
  readonly lstripBlocks?: boolean
  readonly newline?: string
  /** As the step has them: the file sees them as `template_path` and `template_destpath`. */
  readonly src: string
  readonly dest: string
}

export interface Facts {
  readonly [name: string]: Json
}

/**
 * What a step asked its host about. Paths are absolute and stand for themselves, with a slash at the end also for all that is beneath;
 * a path that is not there is best given with one, since what comes beneath it brings it.
 */
export interface Look {
  /** 'anything': a command of the author's asks, and nobody knows what. */
  readonly at: readonly string[] | 'anything'
  /** It was not there, and may come with any step that may change anything (a package, a script). */
  readonly absent: boolean
}

export interface EditsText<O, C extends Change> {
  /** The file and its whole text once the change is applied; undefined where the change leaves the text alone. */
  after(change: C): { readonly path: string; readonly text: string } | undefined
  /** The path of the file, as in `after`. */
  path(seen: O): string
  /** What would be seen if the file held this text; undefined where that cannot be told. */
  over(seen: O, text: string): O | undefined
}

export type Verify = 'strict' | 'lenient' | 'passing'

export type ModuleKind = 'state' | 'action' | 'wait'

export interface Module<P, O, C extends Change = Change> {
  /** The key written in YAML. */
  readonly name: string
  /** Other keys for the same module: `service` beside `systemd`. */
  readonly aliases?: readonly string[]
  /** First line: one sentence. Then what a user must know, in Markdown. */
  readonly doc: string
  readonly params: JsonSchema
  /** Example tasks in YAML, each shown in the docs and parsed by a test. */
  readonly examples?: string
  /**
   * state: verified after each apply. action: runs once in order, never verified, may have a guard in `probe`/`plan`.
   * wait: bounded in time, never a change. A function where a parameter decides (`state: restarted`).
   */
  readonly kind: ModuleKind | ((params: P) => ModuleKind)
  /** For `k=v` shorthand and free-form modules (`command: uptime`): the parameter that a bare string is. */
  readonly freeForm?: string
  readonly affects?: 'host' | 'cluster'
  /** Codes of refusals that nothing in a run can avert: they are looked for in all plays before the first change of the run. */
  readonly refusesFirst?: readonly string[]
  /** A code of `messages`: it is refused where its host is the machine that tkplay itself runs on. */
  readonly refusedHere?: string
  /** What steps after it would refuse may be gone when it has run. */
  readonly startsOver?: true
  /** Its changes show only to a new session (groups, login environment): channels are opened again after them. */
  readonly newSession?: true
  /**
   * 'strict': what remains after an apply is a failure. 'lenient' (Ansible's names): changed, not idempotent, and counted. 'passing': it
   * ends by itself, as a oneshot unit does, and what remains is nobody's fault.
   */
  readonly verify?: Verify | ((params: P, seen: O) => Verify)
  /** An action that, with these parameters, only asks: a dry run does not call it a change, and what was seen stays fresh. */
  changesNothing?(params: P): boolean
  /** An action that, with these parameters, answers «not changed» whatever comes of it: a dry run does not count it as a change either. */
  neverChanged?(params: P): boolean
  /**
   * For dry runs: the paths that a step can change, written as in `Look`. `[]`: it only looks. Left out, or undefined: it may change
   * anything. `seen` is undefined where nothing could be seen.
   */
  readonly writes?: readonly string[] | ((params: P, seen: O | undefined) => readonly string[] | undefined)
  /**
   * For dry runs: the parts of what it writes that it changes, by names that begin with the module's. It leaves alone what else is there, so
   * that two steps with other parts do not undo one another.
   */
  readonly parts?: (params: P) => readonly string[]
  /** For dry runs, where it edits the text of one file: a later edit of that file is planned on the text that an earlier one would leave. */
  readonly edits?: EditsText<O, C>
  /** For dry runs: it wants what it writes gone with all beneath, so that what is brought in there undoes it. */
  readonly clears?: (params: P) => boolean
  /** For dry runs: what the step's own answer hangs on, where later steps hang on that; undefined where it asked nothing. */
  looks?(params: P, seen: O): Look | undefined
  prepare?(params: P, controller: Controller): Promise<P>
  probe(params: P, facts: Facts): Probe<O>
  plan(params: P, seen: O, facts: Facts): Plan<C>
  apply(change: C, params: P, host: Session): Promise<Json | void>
  /** What `register` holds beside changed, failed and skipped. */
  value?(params: P, seen: O, applied: readonly Json[]): Json
  readonly messages?: Messages
}

/** Gives a module its types from its parts, and nothing else. */
export const defineModule = <P, O, C extends Change>(module: Module<P, O, C>): Module<P, O, C> => module

/** Reads several things at once, under names. */
export const all = <T>(of: { readonly [K in keyof T]: Probe<T[K]> }): All<T> => ({ kind: 'all', of })

/** For a module that needs to see nothing. */
export const nothing: All<Record<never, never>> = { kind: 'all', of: {} }

/** A module whose own types the engine does not need to know. */
// biome-ignore lint/suspicious/noExplicitAny: existential type; P, O and C meet only inside the module
export type AnyModule = Module<any, any, any>
