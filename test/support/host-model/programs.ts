/** Programs of the model, in place of those that would change this machine. Their state is files. */
export const programs: { readonly [name: string]: string } = {
  // modprobe(8): -r takes it out.
  modprobe: `#!/bin/sh
if [ "$1" = -r ]; then
  name=$(printf %s "$2" | tr - _)
  exec rm -r "/sys/module/$name"
fi
name=$(printf %s "$1" | tr - _)
mkdir -p "/sys/module/$name" && echo live >"/sys/module/$name/initstate"
`,

  // hostname(1), as root.
  hostname: `#!/bin/sh
if [ $# = 0 ]; then exec cat /proc/sys/kernel/hostname; fi
printf '%s\\n' "$1" >/proc/sys/kernel/hostname
`,

  setenforce: `#!/bin/sh
printf %s "$1" >/sys/fs/selinux/enforce
`,

  // swapoff(8): one that is not in use is an error.
  swapoff: `#!/bin/sh
[ "$1" != -- ] || shift
for device in "$@"; do
  escaped=$(printf %s "$device" | sed 's/ /\\\\\\\\040/g')
  grep -q "^$escaped[[:space:]]" /proc/swaps || { echo "swapoff: $device: swapoff failed: Invalid argument" >&2; exit 1; }
  left=$(grep -v "^$escaped[[:space:]]" /proc/swaps)
  printf '%s\\n' "$left" >/proc/swaps
done
`,

  // systemctl(1): what is enabled and masked are links below /etc, as with the real one; what runs is files below /run/units.
  systemctl: `#!/bin/sh
force= now= lines= who=system
while :; do
  case $1 in
    --force) force=1 ;; --now) now=1 ;; --no-block | --system | -q) ;; --user | --global) who=\${1#--} ;;
    -p) lines=$2; shift ;; --) ;; *) break ;;
  esac
  shift
done
verb=$1; shift
while :; do case $1 in --now) now=1 ;; -p) lines=$2; shift ;; --force) force=1 ;; --) ;; *) break ;; esac; shift; done
etc=/etc/systemd/$who vendor=/usr/local/lib/systemd/$who
each() { for unit; do case $unit in *.service | *.target | *.socket | *.timer) ;; *) unit=$unit.service ;; esac; "$verb" || exit; done; }
file() { for f in "$etc/$unit" "$vendor/$unit"; do [ ! -e "$f" ] || { echo "$f"; return; }; done; return 1; }
masked() { [ "$(readlink "$etc/$unit")" = /dev/null ]; }
known() { masked || file >/dev/null || { echo "Unit file $unit does not exist." >&2; exit 1; }; }
enable() {
  known
  if masked; then echo "Failed to enable unit: Unit file $etc/$unit is masked." >&2; exit 1; fi
  mkdir -p "$etc/multi-user.target.wants" && ln -sf "$(file)" "$etc/multi-user.target.wants/$unit"
}
disable() {
  rm -f "$etc"/*.wants/"$unit"
  if [ -n "$now" ]; then stop; fi
  # What such a service has made goes with it.
  case $unit in zramswap.service) left=$(grep -v '^/dev/zram' /proc/swaps); printf '%s\\n' "$left" >/proc/swaps ;; esac
}
mask() {
  [ -L "$etc/$unit" ] || [ ! -e "$etc/$unit" ] || { echo "Failed to mask unit: File $etc/$unit already exists." >&2; exit 1; }
  mkdir -p "$etc" && ln -sfn /dev/null "$etc/$unit"
}
unmask() { if masked; then rm "$etc/$unit"; fi; }
start() {
  if masked; then echo "Failed to start $unit: Unit $unit is masked." >&2; exit 1; fi
  file >/dev/null || { echo "Failed to start $unit: Unit $unit not found." >&2; exit 5; }
  mkdir -p /run/units && echo active >"/run/units/$unit"
}
stop() { rm -f "/run/units/$unit"; }
restart() { start; }
reload() { [ -e "/run/units/$unit" ] || { echo "Unit $unit cannot be reloaded because it is inactive." >&2; exit 1; }; }
daemon() { rm -rf /run/stale; }
enabled() {
  if masked; then echo masked; exit 1; fi
  f=$(file) || exit 4
  for link in "$etc"/*.wants/"$unit"; do if [ -L "$link" ]; then echo enabled; exit 0; fi; done
  if grep -q '^\\[Install\\]' "$f"; then echo disabled; exit 1; fi
  echo static
}
show() {
  load=not-found path=
  if masked; then load=masked; elif path=$(file); then load=loaded; grep -q ^Broken "$path" && load=bad-setting; fi
  active=inactive; [ ! -e "/run/units/$unit" ] || active=$(cat "/run/units/$unit")
  stale=no; [ ! -e "/run/stale/$unit" ] || stale=yes
  type=simple; grep -qs ^Type=oneshot "$path" && type=oneshot
  printf '%s\\n' "Id=$unit" "LoadState=$load" "ActiveState=$active" "FragmentPath=$path" "NeedDaemonReload=$stale" "Type=$type" Result=success
}
case $verb in
  daemon-reload | daemon-reexec) daemon ;;
  is-enabled) verb=enabled; each "$@" ;;
  show)
    if [ "$1" != '*' ]; then each "$@"; exit; fi
    for one in /run/stale/*; do [ ! -e "$one" ] || { unit=\${one##*/} verb=show; show; echo; }; done ;;
  enable | disable | mask | unmask | start | stop | restart | reload) each "$@" ;;
  *) echo "systemctl of the model does not know $verb" >&2; exit 1 ;;
esac
`,
  journalctl: `#!/bin/sh
`,
}
