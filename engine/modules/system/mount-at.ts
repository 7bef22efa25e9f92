import { ShellText, sh } from '../../shell/quote.js'
import { safePath } from '../../shell/safe-path.js'

const begin = (path: string): ShellText =>
  new ShellText(sh`${new ShellText(safePath)}set -e; make=
tk_at ${path}`)

/**
 * mount(8) on a folder that another user could exchange: it is gone into, held, and mounted on as such. By its name it is mounted on only where the
 * folder above is root's alone.
 *
 * @param byName the command
 * @param held the same without the mount point at its end
 */
export const mountScript = (
  path: string,
  byName: readonly string[],
  held: readonly string[],
): string => sh`${begin(path)}
[ -n "$open" ] || exec ${byName}
[ -d "./$n" ] || tk_no "$p" .
tk_enter "$n" "./$n"; exec 7<.
exec ${held} /proc/self/fd/7`

/** The folder above is held; a mount point in use can be neither renamed nor removed. */
export const unmountScript = (path: string): string => sh`${begin(path)}
[ -n "$open" ] || exec umount ${path}
exec umount -c "./$n"`

export const rmdirScript = (path: string): string => sh`${begin(path)}
rmdir -- "./$n"`
