import { sh } from './quote.js'
import { safePath } from './safe-path.js'

/** The wanted owner, group and permission bits of a file. */
export interface Ownership {
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
}

/**
 * Sets owner and mode. The owner comes first, since chown clears set-user-id bits. Of a symbolic link the link's own owner is
 * set, and never the mode of its target.
 */
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

/**
 * Sets `$t` to a name for the file at which no other user can put another file meanwhile. A folder is entered, so that `.`
 * stays the same folder.
 */
const pinned = `if [ -z "$open" ]; then t=./$n
elif [ "$n" = . ]; then t=.
elif [ -d "./$n" ] && [ ! -L "./$n" ]; then tk_enter "$n" "./$n"; t=.
else tk_hide; tk_hold; t=./old; fi`

/** Makes a folder and its missing parents, all with the same owner and mode. */
export const foldersScript = (path: string, wanted: Ownership): string =>
  [
    safePath,
    makingFolders(wanted),
    sh`p=${path} make=1 lost= hops=0
case $p in /*) ;; *) p=$PWD/$p ;; esac
if [ "$tk_me" = 0 ]; then [ -d "$p" ] && tk_quick "$p" || tk_walk "$p"; else tk_plain "$p"; fi`,
  ].join('\n')

/** Shell functions with which `tk_at` makes missing folders where `make=1` is set. */
export const makingFolders = (wanted: Ownership): string =>
  [
    // In a folder that other users can change, the new folder is made in a folder of root's, and moved when owner and mode are set.
    `tk_own() { ${chown(wanted, '"$1"') || ':'}${wanted.mode === undefined ? '' : ` && chmod ${octal(wanted.mode)} -- "$1"`}; }`,
    `tk_make() {
  if tk_kind "$k"; [ -z "$open$lost" ]; then mkdir -- "./$c" && tk_own "./$c" || exit 1
  else tk_hide; mkdir ./new && tk_own ./new && mv -T -- ./new "../$c" || exit 1; tk_show; fi
}`,
    // For other users than root: the kernel's permissions protect the path.
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

/** Like touch(1). A new file is made in a folder of root's, and linked to its name only if that name is still free. */
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

/** Makes a symbolic link. Where something else has the name (`instead`), the link replaces it by a rename. */
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

/** Makes a hard link. The folder of the target is kept open, so that the link is made to the file that was looked up. */
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
