import { tidyPath } from '../../config/host-path.js'
import { NotObserved } from '../../core/failure.js'
import type { Read } from '../../core/module.js'
import { read } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { unescapeField } from './fstab.js'
import { utf8 } from './nul-records.js'

/** What there is at a place for mounts. */
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
}

/**
 * The kernel lists a mount under its real path, and a source under its real name: links in both are followed on the host.
 * Source: proc_pid_mountinfo(5).
 */
export const mountedAt = (path: string, src: string | undefined): Read<Mounted> =>
  read(
    sh`p=$(readlink -m -- ${path}) || p=${path}
if [ -d "$p" ]; then printf 'folder\0'; elif [ -e "$p" ]; then printf 'file\0'; else printf '\0'; fi
e=$(printf %s "$p" | sed 's/\\/\\134/g; s/ /\\040/g; s/\t/\\011/g') || exit 1
m=$(E=$e awk '($5 "") == (ENVIRON["E"] "")' /proc/self/mountinfo) || exit 1
printf '%s\0' "$m"
${new ShellText(src === undefined ? '' : sourceText(src))}`,
    raw => {
      if (raw.rc !== 0) throw new NotObserved(raw)
      const [kind, lines = '', other] = utf8(raw, raw.stdout).split('\0')
      const layers = lines.split('\n').filter(line => line !== '')
      const seen = { layers: layers.length, folder: kind === 'folder', file: kind === 'file' }
      const top = layers.at(-1)
      if (top === undefined) return seen
      const source = sourceIn(top)
      if (src === undefined) return { ...seen, source }
      return { ...seen, source, same: other === 'same' || tidyPath(src) === tidyPath(source) }
    },
  )

/**
 * Prints `same` where the wanted source is what is mounted, under another name: a device by label or by link, the file behind a loop
 * device, a folder that is bound.
 */
const sourceText = (src: string): string => sh`[ -n "$m" ] || exit 0
n='
'
set -f; set -- ${new ShellText('${m##*"$n"}')}
d=$3
while [ $# -gt 3 ] && [ "$1" != - ]; do shift; done
s=${src}
case $s in
  UUID=*) s=/dev/disk/by-uuid/${new ShellText('${s#*=}')} ;;
  LABEL=*) s=/dev/disk/by-label/${new ShellText('${s#*=}')} ;;
  PARTUUID=*) s=/dev/disk/by-partuuid/${new ShellText('${s#*=}')} ;;
  PARTLABEL=*) s=/dev/disk/by-partlabel/${new ShellText('${s#*=}')} ;;
  /*) ;;
  *) exit 0 ;;
esac
l=/sys/dev/block/$d/loop/backing_file
if [ "$s" -ef "$3" ] || [ "$s" -ef "$p" ] || { [ -r "$l" ] && [ "$s" -ef "$(cat "$l")" ]; }; then printf same; fi`

const sourceIn = (line: string): string => {
  const fields = line.split(' ')
  return unescapeField(fields[fields.indexOf('-') + 2] ?? '')
}
