import { quote } from './quote.js'

/**
 * Shell functions, sent once when a channel opens, before the first batch.
 *
 * A job runs as one subshell of the channel's shell. POSIX shells without a terminal cannot give a job its own process group
 * (dash and busybox refuse `set -m`), and `setsid` would cost two execs a job. So the processes of a job are looked up when
 * the job has to be ended: all descendants of its pid, and all processes of the channel's session that are younger than the
 * job. The second rule also finds what a process group would miss, such as the children of timeout(1).
 *
 * While a batch runs, only its watcher reads the channel's input (see control.ts). The client tells the watcher which job to
 * end, so that a job needs no timer on the host, and an abort needs no second login. Everything but `sleep` is a builtin.
 *
 * fd 3 is the real standard error. The shell's own is /dev/null, since a shell prints «Killed» with the whole text of a job.
 */
const functions = [
  'tk_stat() {',
  '{ read -r tk_line </proc/$1/stat; } 2>/dev/null || return 1',
  'set -- ${tk_line##*) }',
  '[ "$1" != Z ] || return 1',
  'tk_parent=$2 tk_session=$4 tk_start=${20}',
  '}',
  // tk_find PID: sets tk_family to the pids of a job's processes, its own included, with a blank around each.
  'tk_find() {',
  'tk_stat $$ && tk_ours=$tk_session && tk_stat $1 || return 1',
  'tk_since=$tk_start tk_job=$1 tk_family=" $1 " tk_seen=',
  'for tk_dir in /proc/[0-9]*; do',
  'tk_pid=${tk_dir#/proc/}',
  'tk_stat $tk_pid && tk_seen="$tk_seen $tk_pid:$tk_parent:$tk_session:$tk_start"',
  'done',
  'tk_more=1',
  'while [ -n "$tk_more" ]; do',
  'tk_more=',
  'for tk_one in $tk_seen; do',
  'IFS=:; set -- $tk_one; unset IFS',
  'case "$tk_family" in *" $1 "*) continue ;; esac',
  'case "$tk_family" in *" $2 "*) tk_family="$tk_family$1 " tk_more=1; continue ;; esac',
  '[ $3 = $tk_ours ] && [ $1 != $$ ] && [ $1 != $tk_me ] && [ $2 != $tk_me ] || continue',
  '[ $4 -gt $tk_since ] || { [ $4 -eq $tk_since ] && [ $1 -gt $tk_job ]; } || continue',
  'tk_family="$tk_family$1 " tk_more=1',
  'done',
  'done',
  '}',
  // tk_gone PID…: waits up to two seconds until all of the processes have ended; tk_left holds the others.
  'tk_gone() {',
  'for tk_turn in 1 2 3 4 5 6 7 8 9 10; do',
  'tk_left=',
  'for tk_pid in "$@"; do tk_stat $tk_pid && tk_left="$tk_left $tk_pid"; done',
  '[ -n "$tk_left" ] || return 0',
  '{ sleep 0.2 || sleep 1; } >/dev/null 2>&1 3>&-',
  'done',
  'return 1',
  '}',
  // tk_end PID: ends a job. The job is stopped while its children end, so that it neither goes on to its next command nor ends
  // (and is reported as ended) before its children.
  'tk_end() {',
  'tk_stat $1 && [ $tk_parent = $$ ] || return 0',
  "printf '%s k 0 %s\\n' $tk_nonce $1",
  'kill -STOP $1',
  'tk_find $1 || return 0',
  'tk_below="${tk_family%% $1 *} ${tk_family#* $1 }"',
  'kill -TERM $tk_below',
  'tk_gone $tk_below || kill -KILL $tk_left',
  'kill -TERM $1; kill -CONT $1',
  'tk_gone $1 && return 0',
  'kill -STOP $1; tk_find $1 && kill -KILL $tk_family',
  '}',
  // tk_watch NONCE SECONDS: the watcher of a batch. SECONDS after the client is gone the job is ended; 0: never.
  'tk_watch() {',
  // PIPE is ignored since nobody reads the output when the client is gone.
  "trap '' TERM PIPE",
  'tk_nonce=$1',
  'read -r tk_me tk_line </proc/self/stat',
  'while IFS= read -r tk_word; do',
  '[ ${#tk_word} -eq 25 ] || continue',
  'tk_pid=0 tk_bits=${tk_word#?}',
  'while [ -n "$tk_bits" ]; do',
  'case "$tk_bits" in " "*) tk_pid=$((tk_pid * 2)) ;; *) tk_pid=$((tk_pid * 2 + 1)) ;; esac',
  'tk_bits=${tk_bits#?}',
  'done',
  'case "$tk_word" in " "*) tk_end $tk_pid ;; *) kill -USR1 $$; tk_end $tk_pid; exit ;; esac',
  'done',
  '[ $2 -gt 0 ] || exit',
  'sleep $2 >/dev/null 2>&1 3>&-',
  'kill -USR1 $$',
  'for tk_dir in /proc/[0-9]*; do',
  'tk_pid=${tk_dir#/proc/}',
  '[ $tk_pid = $tk_me ] || tk_end $tk_pid',
  'done',
  '}',
]

/** The first line of a channel, sent by itself: bash 5.2 crashes when its own input is duplicated inside an eval. */
export const opening = 'exec 3>&2 4<&0 2>/dev/null\n'

/**
 * What a channel's shell gets after `opening`.
 *
 * The locale is C, since parsers read the answers. sbin is added to the PATH, since logins over ssh lack it on Debian, and
 * programs for administration are there. The shell ignores TERM because `kill 0` in a job also signals the shell; HUP still
 * ends the shell when the machine shuts down.
 */
export const prelude = (environment: { readonly [name: string]: string } = {}): string =>
  [
    "trap : TERM; trap 'exit 130' USR1",
    'unset LANGUAGE IFS CDPATH ENV BASH_ENV; export LANG=C.UTF-8 LC_ALL=C.UTF-8',
    'export PATH="${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin"',
    ...exports(environment),
    ...functions,
    '',
  ].join('\n')

/** One `export` line for each variable. @throws RangeError for a name that is no valid name of a shell variable */
export const exports = (environment: { readonly [name: string]: string }): readonly string[] =>
  Object.entries(environment).map(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new RangeError(`'${name}' cannot be the name of an environment variable`)
    return `export ${name}=${quote(value)}`
  })
