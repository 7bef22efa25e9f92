import { tidyPath } from '../../config/schema/host-path.js'
import { NotObserved } from '../../core/failure.js'
import type { Read } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { read } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { utf8 } from '../support/nul-records.js'
import { parentCheck } from '../support/path.js'
import { unescapeField } from './fstab.js'

/** What there is at a mount point. */
export interface Mounted {
  /** How many mounts lie there, one on the other. */
  readonly layers: number
  /** Whether the topmost is of the source that is wanted; absent where nothing is mounted, or no source is wanted. */
  readonly same?: boolean
  /** The topmost one's source. */
  readonly source?: string
  readonly folder: boolean
  /** A file, onto which one can be bound. */
  readonly file: boolean
  /** The real path of the mount point, where a link leads there. */
  readonly real?: string
  /** The path itself is a link. */
  readonly link?: true
  /** What is on the way there and no folder. */
  readonly barred?: string
  /** There is something in the folder, on which nothing is mounted; only where that is asked. */
  readonly full?: true
  /** What the source is on this host; only where it is a path. */
  readonly sourceKind?: 'folder' | 'other' | 'absent'
}

export interface MountedOptions {
  readonly src?: string
  /** Look whether the folder is empty. */
  readonly asksEmpty?: boolean
}

/**
 * The kernel lists a mount under its real path, and a source under its real name: links in both are followed on the host.
 * Source: proc_pid_mountinfo(5).
 */
export const mountedAt = (path: string, { src, asksEmpty = false }: MountedOptions): Read<Mounted> =>
  read(
    sh`p=$(readlink -m -- ${path}) || p=${path}
printf '%s\0' "$p"
if [ -L ${path} ]; then printf 'link\0'; else printf '\0'; fi
if [ -d "$p" ]; then printf 'folder\0\0'; elif [ -e "$p" ]; then printf 'file\0\0'; else printf '\0'; f=$p; ${new ShellText(parentCheck)}; fi
e=$(printf %s "$p" | sed 's/\\/\\134/g; s/ /\\040/g; s/\t/\\011/g') || exit 1
m=$(E=$e awk '($5 "") == (ENVIRON["E"] "")' /proc/self/mountinfo) || exit 1
printf '%s\0' "$m"
${new ShellText(asksEmpty ? emptyText : '')}
printf '\0'
${new ShellText(src === undefined ? '' : sourceText(src))}`,
    raw => {
      if (raw.rc !== 0) throw new NotObserved(raw)
      const [real, link, kind, above = '', lines = '', full, sourceKind, other] = utf8(raw, raw.stdout).split('\0')
      const layers = lines.split('\n').filter(line => line !== '')
      const seen = {
        layers: layers.length,
        folder: kind === 'folder',
        file: kind === 'file',
        ...omitUndefined({
          real: real === path ? undefined : real,
          link: link === 'link' || undefined,
          barred: above.startsWith('barred ') ? above.slice('barred '.length) : undefined,
          full: full === 'full' || undefined,
          sourceKind: (['folder', 'other', 'absent'] as const).find(one => one === sourceKind),
        }),
      }
      const top = layers.at(-1)
      if (top === undefined) return seen
      const source = sourceIn(top)
      if (src === undefined) return { ...seen, source }
      return { ...seen, source, same: other === 'same' || tidyPath(src) === tidyPath(source) }
    },
  )

const emptyText = `if [ -z "$m" ] && [ -d "$p" ]; then
  l=$(LC_ALL=C ls -A -- "$p" | head -n 1) || exit 1
  [ -z "$l" ] || printf full
fi`

/**
 * Prints what the source is, where it is a path, and `same` where the wanted source is what is mounted, under another name: a device by label or by
 * link, the file behind a loop device, a folder that is bound.
 */
const sourceText = (src: string): string => sh`s=${src}
case $s in
  UUID=*) s=/dev/disk/by-uuid/${new ShellText('${s#*=}')} ;;
  LABEL=*) s=/dev/disk/by-label/${new ShellText('${s#*=}')} ;;
  PARTUUID=*) s=/dev/disk/by-partuuid/${new ShellText('${s#*=}')} ;;
  PARTLABEL=*) s=/dev/disk/by-partlabel/${new ShellText('${s#*=}')} ;;
  /*) if [ -d "$s" ]; then printf folder; elif [ -e "$s" ]; then printf other; else printf absent; fi ;;
  *) exit 0 ;;
esac
printf '\0'
[ -n "$m" ] || exit 0
n='
'
set -f; set -- ${new ShellText('${m##*"$n"}')}
d=$3
while [ $# -gt 3 ] && [ "$1" != - ]; do shift; done
l=/sys/dev/block/$d/loop/backing_file
if [ "$s" -ef "$3" ] || [ "$s" -ef "$p" ] || { [ -r "$l" ] && [ "$s" -ef "$(cat "$l")" ]; }; then printf same; fi`

const sourceIn = (line: string): string => {
  const fields = line.split(' ')
  return unescapeField(fields[fields.indexOf('-') + 2] ?? '')
}
