import { ApplyFailed } from '../../core/failure.js'
import type { Json, JsonObject, JsonSchema } from '../../core/json.js'
import type { Messages } from '../../core/messages.js'
import type { Change, Raw, Session } from '../../core/module.js'
import { text } from '../../core/read.js'
import { splitLines } from '../../python/split-lines.js'
import { command, sh } from '../../shell/quote.js'
import type { Guard, Guarded } from '../support/guard.js'
import { mergeResults } from '../support/merge-results.js'
import { field } from '../support/message-data.js'
import { shellPath } from '../support/path.js'
import * as schema from '../support/schema.js'
import { ended, startFailure, tellingSignals, withoutExec } from './ended.js'

/** What command and shell have in common. */
export interface CommandParams extends Guarded {
  readonly stdin?: string
  readonly stdin_add_newline: boolean
  readonly strip_empty_ends: boolean
}

export const commandProperties: { readonly [name: string]: JsonSchema } = {
  chdir: schema.path('The folder to run it in.'),
  creates: schema.path('Do not run where this is there; a path or a glob.', {
    examples: ['/etc/kubernetes/admin.conf'],
  }),
  removes: schema.path('Do not run where this is not there; a path or a glob.'),
  unless: schema.str('Do not run where this shell command succeeds. It must not change anything: it is read ahead.'),
  stdin: schema.str('What the command reads as its standard input.'),
  stdin_add_newline: schema.bool('End the standard input with a newline.', true),
  strip_empty_ends: schema.bool('Take newlines from the ends of stdout and stderr.', true),
}

export type RunCommand = Change & { readonly kind: 'run' }

export interface Line {
  /** Shell text of one whole command. */
  readonly text: string
  /** The program, where its name is known before the host's shell has expanded it. */
  readonly program?: string
  /** A shell would have started it, and not we. */
  readonly inShell?: boolean
}

/** Runs it once, and tells how it went; a return code other than 0 is a failed result, which `failed_when` and `ignore_errors` may take otherwise. */
export const runCommand = async (params: CommandParams, line: Line, cmd: Json, host: Session): Promise<JsonObject> => {
  const { chdir, stdin, stdin_add_newline, strip_empty_ends } = params
  const folder = chdir === undefined ? '' : sh`cd ${shellPath(chdir)} || { printf '\0no-folder' >&2; exit 1; }; `
  const shown = Array.isArray(cmd) ? command(cmd.map(String)) : String(cmd)
  const start = new Date()
  const answer = ended(
    await host.shell(folder + tellingSignals(line.text), {
      ok: 'any',
      shown,
      ...(stdin === undefined ? {} : { stdin: stdin_add_newline ? `${stdin}\n` : stdin }),
    }),
  )
  const end = new Date()
  const failure = notStarted(params, line, cmd, answer)
  if (failure !== undefined) throw new ApplyFailed(shown, { ...answer, stderr: new Uint8Array() }, failure)
  const said = (bytes: Uint8Array): string => (strip_empty_ends ? text(bytes).replace(/[\r\n]+$/, '') : text(bytes))
  const stdout = said(answer.stdout)
  const stderr = line.inShell === true ? withoutExec(said(answer.stderr)) : said(answer.stderr)
  return {
    cmd,
    rc: answer.rc,
    stdout,
    stderr,
    stdout_lines: splitLines(stdout),
    stderr_lines: splitLines(stderr),
    start: pythonTime(start),
    end: pythonTime(end),
    delta: pythonDuration(end.getTime() - start.getTime()),
    changed: true,
    msg: answer.rc === 0 ? '' : 'non-zero return code',
    ...(answer.rc === 0 ? {} : { failed: true }),
  }
}

type Failure = ConstructorParameters<typeof ApplyFailed>[2]

/** It did not run: with Ansible's fields, for `failed_when`. */
const notStarted = ({ chdir = '' }: Guarded, { program, inShell }: Line, cmd: Json, answer: Raw): Failure => {
  const silent = { cmd, stdout: '', stderr: '', stdout_lines: [], stderr_lines: [], changed: false }
  if (text(answer.stderr).endsWith('\0no-folder')) {
    const msg = 'Unable to change directory before execution.'
    return {
      diagnosis: { code: 'no-folder', data: { path: chdir } },
      result: { ...silent, rc: null, start: null, end: null, delta: null, msg },
    }
  }
  const failure = inShell === true ? undefined : startFailure(answer, program)
  if (failure === undefined) return undefined
  return {
    diagnosis: { code: failure.errno === 2 ? 'no-program' : 'no-executable', data: { program: failure.program } },
    result: { ...silent, rc: failure.errno, msg: 'Error executing command.' },
  }
}

export const commandMessages: Messages = {
  codes: {
    'no-folder': data => ({
      what: `it cannot run in ${field(data, 'path')}: there is no such folder, or it may not be entered`,
      remedy: 'make the folder before, or mend `chdir`',
    }),
    'no-program': data => ({
      what: `there is no program '${field(data, 'program')}' on the host`,
      remedy: 'install what brings it, or give its whole path',
    }),
    'no-executable': data => ({
      what: `'${field(data, 'program')}' is no program that this user may run`,
      remedy: 'see its permissions on the host (`ls -l`), or run it by its interpreter',
    }),
  },
}

/** What `register` holds: what it answered, or why it was not run. */
export const commandValue = (
  params: CommandParams,
  { met }: Guard,
  cmd: Json,
  applied: readonly Json[],
): JsonObject => {
  if (met === undefined) return mergeResults(applied)
  const why = {
    creates: `${params.creates} exists`,
    removes: `${params.removes} does not exist`,
    unless: 'unless holds',
  }[met]
  const [stdout, stderr] = [`skipped, since ${why}`, '']
  const msg = `Did not run command since '${(met === 'unless' ? params.unless : params[met]) ?? ''}' ${met === 'removes' ? 'does not exist' : met === 'creates' ? 'exists' : 'succeeds'}`
  return {
    cmd,
    rc: 0,
    stdout,
    stderr,
    stdout_lines: splitLines(stdout),
    stderr_lines: [],
    start: null,
    end: null,
    delta: null,
    changed: false,
    msg,
  }
}

/** `2026-01-31 12:34:56.789000` */
const pythonTime = (time: Date): string => time.toISOString().replace('T', ' ').replace('Z', '000')

/** `0:00:01.234000` */
const pythonDuration = (ms: number): string => {
  const seconds = Math.floor(ms / 1000)
  const clock = [Math.floor(seconds / 60) % 60, seconds % 60].map(part => String(part).padStart(2, '0')).join(':')
  return `${Math.floor(seconds / 3600)}:${clock}.${String(ms % 1000).padStart(3, '0')}000`
}
