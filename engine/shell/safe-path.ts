/**
 * Shell functions with which root opens a path that other users may change at the same time. In a folder that another user can
 * change, a name may be a folder at one moment and a symbolic link at the next, so no name in such a folder is resolved twice.
 * Plain POSIX sh.
 *
 * - `tk_at PATH [follow]` enters the folder of PATH and sets `$n` to the last part of PATH (`.` for the folder itself). `$open`
 *   is empty where only root can change that folder. Otherwise the caller goes on with:
 * - `tk_hide` makes a folder of root's (0700) in there and enters it. Only root can move that folder to another parent, so
 *   `../$n` stays in the same folder, and no other user can open the files that are made in it.
 * - `tk_hold` makes `./old`, a second name for the file, at which no other user can put another file.
 *
 * A symbolic link is followed where only root can have made it. Any other link is followed only if everybody who can have made
 * it may write in the folder that it leads to. For a user other than root nothing is checked: the kernel's permissions are
 * enough. Exit code 77: refused.
 */
export const safePath: string = `tk_me=$(id -u)
tk_no() { printf 'tkplay: foreign path: %s: %s\\n' "$(stat -c %U -- "$2" 2>/dev/null)" "$1" >&2; exit 77; }
tk_cd() { cd -P -- "$1" 2>/dev/null || { if [ -d "$1" ]; then cd -P -- "$1"; else printf '%s: No such file or directory\\n' "$2" >&2; fi; exit 1; }; }
tk_stat() { LC_ALL=C stat -c '%u %f %g' -- "$@"; }
# Sets $open by tk_stat's answer for a folder: empty, only root may write; sticky, others may write, but only their own files; 1, others may write.
tk_kind() {
  case $1 in
    '0 4'?[02468ace][014589cd]' '*) open= ;;
    '0 4'[2367abef]??' '*) open=sticky ;;
    *) open=1 ;;
  esac
}
# True if everybody who can make a link in the first folder may write in the second. An access list shows as group permission.
tk_same() {
  case $1 in '0 '*) return 1 ;; esac
  [ "\${1%% *}" = "\${2%% *}" ] || return 1
  case $1 in *' 4'?[02468ace][014589cd]' '*) return 0 ;; *' 4'??[2367abef]' '*) return 1 ;; esac
  [ -z "$acl" ] && [ "\${1##* }" = "\${2##* }" ] || return 1
  case $2 in *' 4'?[13579bdf]?' '*) return 0 ;; esac
  return 1
}
# True if only root can change what this name in the working folder is.
tk_firm() {
  [ -z "$lost" ] || return 1
  tk_kind "$k"
  case $open in '') return 0 ;; 1) return 1 ;; esac
  case $(stat -c %u -- "./$1" 2>/dev/null) in 0 | '') return 0 ;; esac
  return 1
}
tk_link() { hops=$((hops + 1)); [ "$hops" -le 40 ] && l=$(readlink -- "./$1" && printf x) && l=\${l%?x} || { printf '%s: Too many levels of symbolic links\\n' "$PWD/$1" >&2; exit 1; }; }
# Enters a name that others can change: a real folder, or a link to a folder in which whoever made the link may write.
tk_enter() {
  b=$k w=\${PWD%/}/$1 lost=1
  case $1 in .. | ../* | */.. | */../*) tk_no "$w" . ;; esac
  [ -d "./$2" ] || [ -d "$2" ] || { printf '%s: No such file or directory\\n' "$w" >&2; exit 1; }
  acl=; case $k in *' 4'?[13579bdf]?' '*) case $(ls -ld .) in ??????????+*) acl=1 ;; esac ;; esac
  v=$(stat -c %U .); cd -P -- "$2" || exit 1
  k=$(tk_stat .) || exit 1
  [ "$PWD" = "$w" ] || tk_same "$b" "$k" || { printf 'tkplay: foreign path: %s: %s\\n' "$v" "$w" >&2; exit 77; }
}
# The common case, one stat for all folders of the path: only root can change any of them.
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
# Leaves and removes the folder of tk_hide. Another user may have renamed it meanwhile; that is not an error.
tk_show() { rm -rf ./new ./new.pub ./old ./copy; if cd -P ..; then rmdir "$h" 2>/dev/null || :; fi; trap - EXIT; }
tk_hold() {
  ln -- "../$n" ./old || exit 1
  case $(LC_ALL=C stat -c '%f %h' ./old) in 8???' '[!2]* | 8???' '2?*) tk_no "\${w%/*}/$n (it has another name elsewhere)" .. ;;
  esac
}
`
