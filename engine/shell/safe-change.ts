import { sh } from './quote.js'
import { safePath } from './safe-path.js'

/** Who shall own a file, and its permission bits. */
export interface Ownership {
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
}

/** Owner before mode: chown takes set-user-id bits away. A link's own owner is set, and never the mode of what it leads to. */
export const ownershipScript = (path: string, wanted: Ownership, follow = false): string =>
  [
    safePath,
    'set -e; make=',
    sh`tk_at ${path} ${follow ? 'follow' : ''}`,
    pinned,
    chown(wanted, '"$t"'),
    wanted.mode === undefined
      ? ''
      : `if [ -n "$open" ] && [ -L "$t" ]; then tk_no "$p" ..; fi; chmod ${octal(wanted.mode)} -- "$t"`,
  ].join('\n')

/** `$t`: a name for the file that nobody else can give to another one. A folder is held by being in it. */
const pinned = `if [ -z "$open" ]; then t=./$n
elif [ "$n" = . ]; then t=.
elif [ -d "./$n" ] && [ ! -L "./$n" ]; then tk_enter "$n" "./$n"; t=.
else tk_hide; tk_hold; t=./old; fi`

/** Folders that are not there yet, all with the same owner and mode. */
export const foldersScript = (path: string, wanted: Ownership): string =>
  [
    safePath,
    makingFolders(wanted),
    sh`p=${path} make=1 lost= hops=0
case $p in /*) ;; *) p=$PWD/$p ;; esac
if [ "$tk_me" = 0 ]; then [ -d "$p" ] && tk_quick "$p" || tk_walk "$p"; else tk_plain "$p"; fi`,
  ].join('\n')

/** Shell functions by which `tk_at`, where `make=1` is set, makes the folders that are not there yet. */
export const makingFolders = (wanted: Ownership): string =>
  [
    // Only what is still to be made is owned by root, and moved in when it is as it shall be.
    `tk_own() { ${chown(wanted, '"$1"') || ':'}${wanted.mode === undefined ? '' : ` && chmod ${octal(wanted.mode)} -- "$1"`}; }`,
    `tk_make() {
  if tk_kind "$k"; [ -z "$open$lost" ]; then mkdir -- "./$c" && tk_own "./$c" || exit 1
  else tk_hide; mkdir ./new && tk_own ./new && mv -T -- ./new "../$c" || exit 1; tk_show; fi
}`,
    // As another user than root: whatever is on the way, the kernel decides.
    `tk_plain() {
  q= r=\${1#/}
  while [ -n "$r" ]; do
    c=\${r%%/*}
    case $r in */*) r=\${r#*/} ;; *) r= ;; esac
    q=$q/$c
    [ -d "$q" ] || { mkdir -- "$q" && tk_own "$q"; } || exit
  done
}`,
  ].join('\n')

/** Like touch(1): a new file is made where nobody else reaches it, and takes its name only if nobody has it. */
export const touchScript = (path: string, flags: readonly string[], follow: boolean): string =>
  [
    safePath,
    'set -e; make=',
    sh`tk_at ${path} ${follow ? 'follow' : ''}
if [ -n "$open" ] && [ ! -e "./$n" ] && [ ! -L "./$n" ]; then tk_hide; : >./new; ln -T -- ./new "../$n"; exit; fi`,
    pinned,
    sh`touch -h ${flags} -- "$t" 2>/dev/null || touch ${flags} -- "$t"`,
  ].join('\n')

export const removeScript = (path: string, folder: boolean): string =>
  `${safePath}set -e; make=\n${sh`tk_at ${path}; rm ${folder ? '-rf' : '-f'} -- "./$n"`}`

/** What stands in the link's place goes at the moment when the link comes. */
export const linkScript = (path: string, target: string, instead: string | undefined): string =>
  [
    safePath,
    'set -e; make=',
    sh`tk_at ${path}`,
    ...(instead === undefined
      ? [sh`ln -sT -- ${target} "./$n"`]
      : [
          sh`tk_hide; ln -s -- ${target} ./new`,
          ...(instead === 'directory' ? ['rmdir -- "../$n"'] : []),
          'mv -fT -- ./new "../$n"',
        ]),
  ].join('\n')

/** The folder of the other name stays open, so that it is the same one when the link is made. */
export const hardLinkScript = (path: string, target: string, instead: string | undefined): string =>
  [
    safePath,
    'set -e; make=',
    sh`tk_at ${target}; [ -z "$open" ] || tk_no "$p" .; exec 3<.; s=$n`,
    sh`tk_at ${path}`,
    ...(instead === undefined
      ? ['ln -T -- "/proc/self/fd/3/$s" "./$n"']
      : ['tk_hide; ln -- "/proc/self/fd/3/$s" ./new; mv -fT -- ./new "../$n"']),
  ].join('\n')

const chown = ({ owner, group }: Ownership, target: string): string =>
  owner === undefined && group === undefined
    ? ''
    : sh`chown -h ${`${owner ?? ''}${group === undefined ? '' : `:${group}`}`} -- `.concat(target)

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')
