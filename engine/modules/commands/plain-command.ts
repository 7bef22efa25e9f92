/** What a shell does itself, in dash, bash, ksh and busybox: words that are no programs there. */
const ownWords = new Set(
  `. : [ alias bg bind break builtin caller case cd chdir command compgen complete compopt continue coproc declare dirs disown do done
  echo elif else enable esac eval exec exit export false fc fg fi for function getopts hash help history if in jobs kill let local
  logout mapfile popd print printf pushd pwd read readarray readonly return select set shift shopt source suspend test then time
  times trap true type typeset ulimit umask unalias unset until wait whence while`.split(/\s+/),
)

/**
 * Whether shell text is one program with plain words: a shell would find it, start it and wait, and nothing else. Such a text needs no
 * shell of its own, and hides nothing: its words stand in the list of processes anyway.
 */
export const isPlainCommand = (text: string): boolean => {
  const [first = ''] = text.split(' ')
  return /^[\w./+-]+(?: +[\w./:,@%+-]+)*$/.test(text) && !ownWords.has(first) && !first.startsWith('-')
}
