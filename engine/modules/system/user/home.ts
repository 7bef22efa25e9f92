import { ShellText, sh } from '../../../shell/quote.js'
import { makingFolders } from '../../../shell/safe-change.js'
import { safePath } from '../../../shell/safe-path.js'
import { keyFile, type UserParams } from './account.js'

const homeIn = (name: string): ShellText => new ShellText(sh`home=$(getent passwd ${name} | cut -d: -f6)`)
const begin = (making: string): ShellText => new ShellText(`${safePath}${making}\nset -e; make=1`)

/**
 * What useradd -m would have made: the skeleton's files, owned by the user, for nobody else to write. It gets its name when it is
 * whole; until then nobody else reaches it.
 */
export const homeScript = ({
  name,
  skeleton = '/etc/skel',
}: UserParams): string => sh`${begin(makingFolders({ mode: 0o755 }))}
${homeIn(name)} skel=
if [ -d ${skeleton} ]; then
  tk_at ${`${skeleton}/.`}; [ -z "$open" ] || tk_no ${skeleton} .
  exec 3<.; skel=/proc/self/fd/3/.
fi
tk_at "$home"; tk_hide
mkdir ./new
[ -z "$skel" ] || cp -R -P -- "$skel" ./new
chown -R -h ${name}: ./new
chmod 0750 ./new
mv -T -- ./new "../$n"`

/** An SSH key: made where nobody else reaches it, and no file of the user's is written through. One that came meanwhile stays. */
export const keyScript = (p: UserParams, comment: string): string => {
  const bits = p.ssh_key_bits === undefined ? [] : ['-b', String(p.ssh_key_bits)]
  // `chown NAME:` is the user's own group.
  const folders = makingFolders({ mode: 0o700, owner: p.name, group: '' })
  return sh`${begin(folders)}
umask 077
${homeIn(p.name)}
key=${keyFile(p)}
case $key in /*) ;; *) [ -d "$home" ] || { printf '%s: No such file or directory\n' "$home" >&2; exit 1; }; key=$home/$key ;; esac
tk_at "$key" follow; tk_hide
ssh-keygen -q -t ${p.ssh_key_type} ${bits} -N '' -C ${comment} -f ./new
chown ${p.name}: ./new ./new.pub
chmod 0644 ./new.pub
ln -T -- ./new "../$n"
mv -fT -- ./new.pub "../$n.pub"`
}

/**
 * useradd, usermod and userdel make, move and remove home folders by their names: refused where somebody else could exchange a folder on
 * the way meanwhile.
 */
export const homesScript = ({ name, home }: UserParams): string => sh`${new ShellText(safePath)}set -e; make=
${homeIn(name)}
for f in "$home" ${home ?? []}; do
  case $f in /*) f=$(dirname -- "$f") ;; *) continue ;; esac
  while [ ! -d "$f" ] && [ ! -L "$f" ]; do f=$(dirname -- "$f"); done
  tk_at "$f/."; [ -z "$open" ] || tk_no "$f" .
done`
