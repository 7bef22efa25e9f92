/**
 * Shell functions by which root reaches a file without being led astray: a folder that another user can change may hold a link where a
 * moment ago a folder was, so no name in such a folder is used twice. Plain POSIX sh.
 *
 * - `tk_at PATH [follow]` goes into the folder of PATH and leaves its last part in `$n` (`.` where that is the folder itself). `$open` is
 *   empty where only root can change what is in that folder. Elsewhere:
 * - `tk_hide` makes a folder of root's own (0700) in there and goes into it. The kernel lets nobody but root move it to another parent, so
 *   `../$n` stays in the same folder, and nobody reaches what is made in here.
 * - `tk_hold` gives the file a second name in here, `./old`, that nobody can exchange any more.
 *
 * A symbolic link is followed where only root could make it; elsewhere only if everybody who could have made it may write in the folder
 * that it leads to. For another user than root the kernel's permissions are enough, and nothing is asked. Exit code 77: refused.
 */
export const safePath: string = `tk_me=$(id -u)
tk_no() { printf 'tkplay: foreign path: %s: %s\\n' "$(stat -c %U -- "$2" 2>/dev/null)" "$1" >&2; exit 77; }
tk_cd() { cd -P -- "$1" 2>/dev/null || { if [ -d "$1" ]; then cd -P -- "$1"; else printf '%s: No such file or directory\\n' "$2" >&2; fi; exit 1; }; }
tk_stat() { LC_ALL=C stat -c '%u %f %g' -- "$@"; }
# Who writes in a folder, by tk_stat's answer: root alone; others too, but only what is theirs; others.
tk_kind() {
  case $1 in
    '0 4'?[02468ace][014589cd]' '*) open= ;;
    '0 4'[2367abef]??' '*) open=sticky ;;
    *) open=1 ;;
  esac
}
# Everybody who can make a link in the first folder may write in the second. An access list shows as the group's permission.
tk_same() {
  case $1 in '0 '*) return 1 ;; esac
  [ "\${1%% *}" = "\${2%% *}" ] || return 1
  case $1 in *' 4'?[02468ace][014589cd]' '*) return 0 ;; *' 4'??[2367abef]' '*) return 1 ;; esac
  [ -z "$acl" ] && [ "\${1##* }" = "\${2##* }" ] || return 1
  case $2 in *' 4'?[13579bdf]?' '*) return 0 ;; esac
  return 1
}
# Nobody else can change what this name means in the working folder.
tk_firm() {
  [ -z "$lost" ] || return 1
  tk_kind "$k"
  case $open in '') return 0 ;; 1) return 1 ;; esac
  case $(stat -c %u -- "./$1" 2>/dev/null) in 0 | '') return 0 ;; esac
  return 1
}
tk_link() { hops=$((hops + 1)); [ "$hops" -le 40 ] && l=$(readlink -- "./$1" && printf x) && l=\${l%?x} || { printf '%s: Too many levels of symbolic links\\n' "$PWD/$1" >&2; exit 1; }; }
# By a name that others can change: to the folder of this name, or where whoever made it a link may write.
tk_enter() {
  b=$k w=\${PWD%/}/$1 lost=1
  case $1 in .. | ../* | */.. | */../*) tk_no "$w" . ;; esac
  [ -d "./$2" ] || [ -d "$2" ] || { printf '%s: No such file or directory\\n' "$w" >&2; exit 1; }
  acl=; case $k in *' 4'?[13579bdf]?' '*) case $(ls -ld .) in ??????????+*) acl=1 ;; esac ;; esac
  v=$(stat -c %U .); cd -P -- "$2" || exit 1
  k=$(tk_stat .) || exit 1
  [ "$PWD" = "$w" ] || tk_same "$b" "$k" || { printf 'tkplay: foreign path: %s: %s\\n' "$v" "$w" >&2; exit 77; }
}
# Mostly all folders on the way are root's: one look at all of them.
tk_quick() {
  r=\${1#/} q=; set -- /
  while [ -n "$r" ]; do
    c=\${r%%/*}
    case $r in */*) r=\${r#*/} ;; *) r= ;; esac
    case $c in '' | .) continue ;; ..) return 1 ;; esac
    q=$q/$c; set -- "$@" "$q"
  done
  m=$(tk_stat "$@" 2>/dev/null) || return 1
  IFS='
'; for k in $m; do tk_kind "$k"; [ "$open" != 1 ] || break; done; unset IFS
  [ "$open" != 1 ] && cd -P -- "\${q:-/}" 2>/dev/null
}
tk_walk() {
  r=$1; cd -P /; k='0 41ed 0'
  while [ -n "$r" ]; do
    c=\${r%%/*}
    case $r in */*) r=\${r#*/} ;; *) r= ;; esac
    case $c in '' | .) continue ;; esac
    if [ -n "$make" ] && [ ! -e "./$c" ] && [ ! -L "./$c" ]; then tk_make; fi
    if ! tk_firm "$c"; then tk_enter "$c" "./$c"
    elif [ -L "./$c" ] && [ "$c" != .. ]; then
      tk_link "$c"
      case $l in /*) cd -P /; k='0 41ed 0' ;; esac
      r=$l/$r
    else tk_cd "./$c" "\${PWD%/}/$c"; k=$(tk_stat .) || exit 1; fi
  done
}
tk_into() {
  if [ "$tk_me" != 0 ]; then [ -z "$make" ] || [ -d "$1" ] || tk_plain "$1"; tk_cd "$1" "$1"; k='0 41ed 0'
  elif [ -n "$lost" ] || ! tk_quick "$1"; then tk_walk "$1"; fi
}
tk_at() {
  lost= hops=0 p=$1
  case $p in /*) ;; *) p=\${PWD%/}/$p ;; esac
  while case $p in ?*/) ;; *) false ;; esac; do p=\${p%/}; done
  if [ "$tk_me" != 0 ] && [ -n "$2" ] && [ -L "$p" ] && [ -e "$p" ]; then l=$(readlink -f -- "$p" && printf x) && p=\${l%?x}; fi
  n=\${p##*/} f=\${p%/*}
  case $n in '' | . | ..) tk_into "$p"; n=. ;; *) tk_into "\${f:-/}" ;; esac
  while [ -n "$2" ] && [ -L "./$n" ]; do
    tk_link "$n"
    while case $l in ?*/) ;; *) false ;; esac; do l=\${l%/}; done
    case $l in */*) f=\${l%/*}; f=\${f:-/} ;; *) f=. ;; esac
    if ! tk_firm "$n"; then lost=1; [ "$f" = . ] || tk_enter "$n" "$f"
    else case $f in .) ;; /*) tk_into "$f" ;; *) tk_into "\${PWD%/}/$f" ;; esac; fi
    n=\${l##*/}
    case $n in '' | . | ..) tk_no "$PWD/$n" . ;; esac
  done
  tk_kind "$k"; open=$open$lost
}
tk_hide() {
  h=$(mktemp -d ./.tkplay.XXXXXXXX) || exit 1
  w=\${PWD%/}/\${h#./}; cd -P "$h" 2>/dev/null || tk_no "$w" .
  case $PWD in "$w") ;; *) tk_no "$w" .. ;; esac
  case $(tk_stat .) in "$tk_me 4"?c0' '*) ;; *) tk_no "$w" .. ;; esac
  trap tk_show EXIT
}
# Who took the folder's name away has not stopped what was done in it.
tk_show() { rm -rf ./new ./new.pub ./old ./copy; if cd -P ..; then rmdir "$h" 2>/dev/null || :; fi; trap - EXIT; }
tk_hold() {
  ln -- "../$n" ./old || exit 1
  case $(LC_ALL=C stat -c '%f %h' ./old) in 8???' '[!2]* | 8???' '2?*) tk_no "\${w%/*}/$n (it has another name elsewhere)" .. ;;
  esac
}
`
