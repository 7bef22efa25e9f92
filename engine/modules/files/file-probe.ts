import { NotObserved } from '../../core/failure.js'
import type { Raw, Read } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { read } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { type NulRecord, nulRecords, recordOf, resolved } from '../support/nul-records.js'
import { type PathStat, parentCheck, parseStat, saysAbsent, shellPath, statFormat } from '../support/path.js'

/** All that the file module needs to know of a path. */
export interface PathFacts {
  /** With `~` resolved. */
  readonly path: string
  readonly parent: boolean
  /** What is on the way and no folder. */
  readonly barred?: string
  /** Of the path itself. */
  readonly own?: PathStat
  /** What a symbolic link says, where it leads, and what is there. */
  readonly target?: string
  readonly real?: string
  readonly stat?: PathStat
  /** Of `src`: whether it is there, and whether it is the very same file. */
  readonly src?: 'absent' | 'there' | 'same'
  /** What is there, where it is another. */
  readonly srcStat?: PathStat
  readonly empty?: boolean
  /** Everything below a folder, for `recurse`. */
  readonly below?: readonly { readonly path: string; readonly stat: PathStat }[]
}

export interface PathQuestion {
  readonly path: string
  readonly src?: string
  readonly recurse: boolean
}

/** One fork for a plain path, two more for a link, three for `recurse` and each few thousand names beneath. */
export const probePath = ({ path, src, recurse }: PathQuestion): Read<PathFacts> =>
  read(
    sh`f=${shellPath(path.replace(/(?<=.)\/+$/, ''))}
printf 'path %s\0' "$f"
${new ShellText(parentCheck)}
${src === undefined ? new ShellText('') : new ShellText(srcCheck(src))}
o=$(LC_ALL=C stat -c ${statFormat} -- "$f") || exit 1
printf 'own %s\0' "$o"
if [ -L "$f" ]; then
  printf 'target '; readlink -n -- "$f"; printf '\0'
  ${new ShellText(resolved('"$f"'))}
  if [ -n "$r" ] && [ -e "$r" ]; then printf 'real %s\0stat %s\0' "$r" "$(stat -c ${statFormat} -- "$r")"; fi
fi
if [ -d "$f" ]; then
  set -- "$f"/* "$f"/.[!.]* "$f"/..?*
  e=empty; for x in "$@"; do if [ -e "$x" ] || [ -L "$x" ]; then e=full; break; fi; done; printf '%s\0' "$e"
  ${new ShellText(recurse ? sh`find "$f/" -mindepth 1 -exec sh -c ${belowScript} - {} + || exit 2` : '')}
fi
exit 0`,
    parsePath,
    recurse ? { timeout: 120_000 } : {},
  )

/** What stat says of a batch, a line each in the order of its names; then the names themselves. */
const belowScript = sh`printf 'below '; stat -c ${statFormat} -- "$@" && printf '\0' && printf 'name %s\0' "$@"`

const srcCheck = (src: string): string =>
  sh`s=${shellPath(src)}
case $s in /*) ;; *) s=$d/$s ;; esac
if [ "$s" -ef "$f" ]; then printf 'src same\0'; elif [ -e "$s" ]; then printf 'src there\0srcstat %s\0' "$(LC_ALL=C stat -L -c ${statFormat} -- "$s")"; else printf 'src absent\0'; fi`

const parsePath = (raw: Raw): PathFacts => {
  const records = nulRecords(raw)
  const path = recordOf(records, 'path')
  if (path === undefined) throw new NotObserved(raw)
  const src = recordOf(records, 'src') as PathFacts['src']
  const barred = recordOf(records, 'barred')
  const base = {
    path,
    parent: recordOf(records, 'parent') !== undefined,
    ...omitUndefined({ src, srcStat: parseStat(recordOf(records, 'srcstat') ?? ''), barred }),
  }
  if (raw.rc === 1 && saysAbsent(raw)) return base
  const own = parseStat(recordOf(records, 'own') ?? '')
  if (raw.rc !== 0 || own === undefined) throw new NotObserved(raw)
  const [target, real] = [recordOf(records, 'target'), recordOf(records, 'real')]
  const stat = own.kind === 'link' ? parseStat(recordOf(records, 'stat') ?? '') : own
  return {
    ...base,
    own,
    ...omitUndefined({ target, real, stat }),
    ...(own.kind === 'directory' ? { empty: recordOf(records, 'empty') !== undefined } : {}),
    ...omitUndefined({ below: belowOf(raw, records) }),
  }
}

/** Batches of `belowScript`. @throws NotObserved where names and what stat said of them do not go together */
const belowOf = (raw: Raw, records: readonly NulRecord[]): PathFacts['below'] => {
  const stats = records.filter(({ word }) => word === 'below').flatMap(({ value }) => value.trimEnd().split('\n'))
  const names = records.filter(({ word }) => word === 'name').map(({ value }) => value.replace(/\/{2,}/g, '/'))
  if (stats.length !== names.length) throw new NotObserved(raw, 'the folder changed while it was read')
  if (names.length === 0) return undefined
  return names.map((path, index) => {
    const stat = parseStat(stats[index] ?? '')
    if (stat === undefined) throw new NotObserved(raw, 'stat answered in a form that is not known')
    return { path, stat }
  })
}
