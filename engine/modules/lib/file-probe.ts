import { NotObserved } from '../../core/failure.js'
import type { Raw, Read } from '../../core/module.js'
import { read, text } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { type PathStat, parentCheck, parseStat, saysAbsent, shellPath, statFormat } from './path.js'

/** All that the file module needs to know of a path. */
export interface PathFacts {
  /** With `~` resolved. */
  readonly path: string
  readonly parent: boolean
  /** Of the path itself. */
  readonly own?: PathStat
  /** What a symbolic link says, where it leads, and what is there. */
  readonly target?: string
  readonly real?: string
  readonly stat?: PathStat
  /** Of `src`: whether it is there, and whether it is the very same file. */
  readonly src?: 'absent' | 'there' | 'same'
  readonly empty?: boolean
  /** Everything below a folder, for `recurse`. */
  readonly below?: readonly { readonly path: string; readonly stat: PathStat }[]
}

export interface PathQuestion {
  readonly path: string
  readonly src?: string
  readonly recurse: boolean
}

/** One fork for a plain path, two more for a link, one for `recurse`. */
export const probePath = ({ path, src, recurse }: PathQuestion): Read<PathFacts> =>
  read(
    sh`f=${shellPath(path.replace(/(?<=.)\/+$/, ''))}
echo "path $f"
${new ShellText(parentCheck)}
${src === undefined ? new ShellText('') : new ShellText(srcCheck(src))}
o=$(LC_ALL=C stat -c ${statFormat} -- "$f") || exit 1
echo "own $o"
if [ -L "$f" ]; then
  echo "target $(readlink -- "$f")"
  r=$(readlink -f -- "$f") && [ -n "$r" ] && [ -e "$r" ] && echo "real $r" && echo "stat $(stat -c ${statFormat} -- "$r")"
fi
if [ -d "$f" ]; then
  set -- "$f"/* "$f"/.[!.]* "$f"/..?*
  e=empty; for x in "$@"; do if [ -e "$x" ] || [ -L "$x" ]; then e=full; break; fi; done; echo $e
  ${new ShellText(recurse ? sh`find "$f/" -mindepth 1 -exec stat -c ${`below ${statFormat}|%n`} {} + || exit 2` : '')}
fi
exit 0`,
    parsePath,
    recurse ? { timeout: 120_000 } : {},
  )

const srcCheck = (src: string): string =>
  sh`s=${shellPath(src)}
case $s in /*) ;; *) s=$d/$s ;; esac
if [ "$s" -ef "$f" ]; then echo 'src same'; elif [ -e "$s" ]; then echo 'src there'; else echo 'src absent'; fi`

const parsePath = (raw: Raw): PathFacts => {
  const lines = text(raw.stdout).split('\n')
  const told = (name: string): string | undefined =>
    lines.find(line => line.startsWith(`${name} `))?.slice(name.length + 1)
  const path = told('path')
  if (path === undefined) throw new NotObserved(raw)
  const src = told('src') as PathFacts['src']
  const base = { path, parent: lines.includes('parent'), ...(src === undefined ? {} : { src }) }
  if (raw.rc === 1 && saysAbsent(raw)) return base
  const own = parseStat(told('own') ?? '')
  if (raw.rc !== 0 || own === undefined) throw new NotObserved(raw)
  const [target, real] = [told('target'), told('real')]
  const stat = own.kind === 'link' ? parseStat(told('stat') ?? '') : own
  return {
    ...base,
    own,
    ...(target === undefined ? {} : { target }),
    ...(real === undefined ? {} : { real }),
    ...(stat === undefined ? {} : { stat }),
    ...(own.kind === 'directory' ? { empty: lines.includes('empty') } : {}),
    ...belowOf(lines),
  }
}

const belowOf = (lines: readonly string[]): Pick<PathFacts, 'below'> => {
  const below = lines
    .filter(line => line.startsWith('below '))
    .flatMap(line => {
      const fields = line.slice(6).split('|')
      const stat = parseStat(fields.slice(0, 12).join('|'))
      return stat === undefined
        ? []
        : [
            {
              path: fields
                .slice(12)
                .join('|')
                .replace(/\/{2,}/g, '/'),
              stat,
            },
          ]
    })
  return below.length === 0 ? {} : { below }
}
