import { sh } from './quote.js'
import type { Ownership } from './safe-change.js'

/** Makes a temporary file. `$t` is the new file, `$o` the old one, `$u` the folder of both, `$shown` the new one's path for a validating command. */
export const temporary = `if [ -n "$open" ]; then
  tk_hide; t=./new o=./old u=..
  read -r tk_self tk_rest </proc/self/stat; shown=/proc/$tk_self/cwd/new
  if [ -e "../$n" ] || [ -L "../$n" ]; then if [ -L "../$n" ] || [ ! -d "../$n" ]; then tk_hold; fi; fi
  : >"$t"
else
  t=$(mktemp "\${PWD%/}/.tkplay.XXXXXXXX"); trap 'rm -f -- "$t"' EXIT; o=./$n u=. shown=$t
fi`

/**
 * Refuses (76) where the old file is not the one that the new text was made from. In a folder that another user can change, the
 * path may have led to a secret file when it was read, whose text must not be written here.
 */
export const unchanged = `if [ -n "$open" ]; then
  s=; if [ -f "$o" ] && [ ! -L "$o" ]; then s=$(sha256sum <"$o"); fi
  [ "\${s%% *}" = "$was" ] || { printf 'tkplay: changed meanwhile: %s\\n' "$p" >&2; exit 76; }
fi`

/**
 * Gives the new file the owner and mode of the old one, or those that are wanted. Where the old one is a symbolic link, the mode
 * of its target counts. When the owner changes, set-id bits are dropped: a program that another user wrote must not run as root.
 */
export const ownership = ({ owner, group, mode }: Ownership): string => `a=
if [ -e "$o" ] && { [ ! -L "$o" ] || [ -z "$open" ]; }; then a=$(LC_ALL=C stat -L -c '%u:%g %a' -- "$o"); chown "\${a% *}" "$t"; a=\${a#* }; fi
${owner === undefined ? '' : sh`chown ${owner} "$t"`}
${group === undefined ? '' : sh`chgrp ${group} "$t"`}
${
  mode === undefined
    ? `${owner === undefined && group === undefined ? '[ ! -L "$o" ]' : 'false'} || case $a in ????) a=\${a#?} ;; esac
chmod "\${a:-0644}" "$t"`
    : `chmod ${octal(mode)} "$t"`
}`

/** Copies the old file to a name that is free. `ln -T` fails where the name exists, so that no file is overwritten. */
export const backup = `if [ -f "$o" ]; then
  s=$n.$(date +%Y-%m-%d@%H:%M:%S) b=$s~ i=1
  if [ -n "$open" ]; then c=./copy; else c=$(mktemp "\${PWD%/}/.tkplay.XXXXXXXX"); trap 'rm -f -- "$t" "$c"' EXIT; fi
  cp -p -- "$o" "$c"
  while [ -e "$u/$b" ] || [ -L "$u/$b" ] || { [ -n "$open" ] && ! ln -T -- "$c" "$u/$b"; }; do i=$((i + 1)); [ "$i" -lt 100 ] || exit 1; b=$s.$i~; done
  if [ -n "$open" ]; then rm -f -- "$c"; else mv -fT -- "$c" "$u/$b"; fi
  case $p in */*) kept=\${p%/*}/$b ;; *) kept=$b ;; esac
fi`

export const replace = `sync "$t" 2>/dev/null || :
mv -fT -- "$t" "$u/$n"`

export const inPlace = ({
  owner,
  group,
  mode,
}: Ownership): string => `if [ -n "$open" ] && [ ! -f "$o" ]; then mv -fT -- "$t" "$u/$n"; exit; fi
[ -z "$open" ] || [ ! -L "$o" ] || tk_no "$p" ..
cat -- "$t" >"$o"
${owner === undefined ? '' : sh`chown ${owner} "$o"`}
${group === undefined ? '' : sh`chgrp ${group} "$o"`}
${mode === undefined ? '' : `chmod ${octal(mode)} "$o"`}
sync "$o" 2>/dev/null || :`

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')
