import { sh } from './quote.js'
import { makingFolders } from './safe-change.js'
import { safePath } from './safe-path.js'

/**
 * Copies a folder and everything beneath it; symbolic links are copied as links. The copy is made in a folder of root's beside
 * the target. Where the target exists, the new files are then renamed into it, each in a folder that was entered without
 * following a link; so other users cannot exchange either tree meanwhile. Existing folders keep their owner and mode.
 */
export const copyTreeScript = (from: string, to: string): string =>
  [
    safePath,
    makingFolders({}),
    walking,
    'set -e; umask 022',
    sh`make=1
if [ "$tk_me" != 0 ]; then [ -d ${to} ] || tk_plain ${to}; cp -R -P -p -- ${`${from}/.`} ${`${to}/`}; exit; fi
make=; tk_at ${`${from}/.`}; exec 7<.
make=1`,
    sh`if [ -d ${to} ]; then tk_at ${`${to}/.`}; there=1; else tk_at ${to}; there=; fi`,
    `exec 5<.
tk_hide; exec 6<.
trap 'cd -P /proc/self/fd/6; tk_show' EXIT
mkdir ./new; exec 4<./new
tk_take ''
if [ -z "$there" ]; then cd -P /proc/self/fd/6; mv -T -- ./new "../$n"; exit; fi
cd -P /proc/self/fd/4; dev=$(stat -c %d .)
cd -P /proc/self/fd/5; tk_give ''`,
  ].join('\n')

/**
 * Recursive functions; `$1` is a path beneath folders that are kept open: fd 7 the source, fd 4 the copy, fd 5 the target. The
 * path is a parameter because POSIX sh has no local variables.
 */
const walking = `tk_down() {
  cd -P "/proc/self/fd/$1"; r=$2
  while [ -n "$r" ]; do
    c=\${r%%/*}
    case $r in */*) r=\${r#*/} ;; *) r= ;; esac
    w=\${PWD%/}/$c; cd -P -- "./$c"
    [ "$PWD" = "$w" ] || tk_no "$w" "\${w%/*}"
  done
}
tk_take() {
  tk_down 7 "$1"
  find . -mindepth 1 -maxdepth 1 '(' -type f -o -type l ')' -exec sh -c 'cp -P -p -- "$@" "$0"' "/proc/self/fd/4/$1" {} +
  for e in * .[!.]* ..?*; do
    if [ -L "./$e" ] || [ -f "./$e" ] || [ ! -e "./$e" ]; then continue; fi
    if [ ! -d "./$e" ]; then
      k=$(tk_stat .); tk_kind "$k"; [ -z "$open" ] || { printf 'tkplay: special file: %s: %s\\n' "$(stat -c %U .)" "\${PWD%/}/$e" >&2; exit 77; }
      cp -R -P -p -- "./$e" "/proc/self/fd/4/$1"
      continue
    fi
    mkdir -- "/proc/self/fd/4/$1/$e"
    tk_take "\${1:+$1/}$e"; tk_down 7 "$1"
  done
  a=$(LC_ALL=C stat -c '%u:%g %a' .)
  chown "\${a% *}" "/proc/self/fd/4/$1"; chmod "\${a#* }" "/proc/self/fd/4/$1"; touch -r . "/proc/self/fd/4/$1"
}
tk_give() {
  tk_down 5 "$1"
  k=$(LC_ALL=C stat -c '%u %f %g %d' .); tk_kind "$k"
  [ "\${k##* }" = "$dev" ] || [ -z "$open" ] || tk_no "$PWD" .
  for e in "/proc/self/fd/4/$1"/* "/proc/self/fd/4/$1"/.[!.]* "/proc/self/fd/4/$1"/..?*; do
    if [ ! -e "$e" ] && [ ! -L "$e" ]; then continue; fi
    if [ -d "$e" ] && [ ! -L "$e" ] && [ -d "./\${e##*/}" ] && [ ! -L "./\${e##*/}" ]; then
      tk_give "\${1:+$1/}\${e##*/}"; tk_down 5 "$1"
    else mv -fT -- "$e" "./\${e##*/}"; fi
  done
}`
