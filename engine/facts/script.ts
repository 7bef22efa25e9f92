import { ShellText, sh } from '../shell/quote.js'

/** Small files that one grep reads whole; each line is printed as `PATH:LINE`. */
const files = [
  '/etc/os-release',
  '/etc/lsb-release',
  '/etc/debian_version',
  '/etc/alpine-release',
  '/etc/redhat-release',
  '/etc/machine-id',
  '/etc/resolv.conf',
  '/etc/selinux/config',
  '/proc/1/comm',
  '/proc/cmdline',
  '/proc/loadavg',
  '/proc/swaps',
  '/proc/uptime',
  '/proc/sys/crypto/fips_enabled',
  '/proc/sys/kernel/hostname',
  '/proc/sys/kernel/osrelease',
  '/proc/sys/kernel/ostype',
  '/proc/sys/kernel/version',
  '/run/systemd/container',
  '/sys/fs/selinux/enforce',
  '/sys/fs/selinux/policyvers',
  ...[
    'bios_date',
    'bios_vendor',
    'bios_version',
    'board_asset_tag',
    'board_name',
    'board_serial',
    'board_vendor',
    'board_version',
    'chassis_asset_tag',
    'chassis_serial',
    'chassis_vendor',
    'chassis_version',
    'product_name',
    'product_serial',
    'product_uuid',
    'product_version',
    'sys_vendor',
  ].map(name => `/sys/class/dmi/id/${name}`),
]

/**
 * The lines that are read from longer files: processors, memory, allowed processors, and mounts of devices and servers.
 */
const interesting = [
  '^(processor|vendor_id|model name|physical id|cpu cores|siblings|flags)[[:blank:]]*:',
  '^(MemTotal|MemFree|Buffers|Cached|SwapCached|SwapTotal|SwapFree):',
  '^Cpus_allowed_list:',
  '^/',
  '^[^ ]*:/',
].join('|')

/** In order of preference: where several are installed, the first one found is the distribution's own. */
const packageManagers = ['dnf5', 'dnf', 'yum', 'apt-get', 'zypper', 'apk', 'pacman', 'xbps-install', 'emerge']

/** Units whose presence roles check with the fact `units`. */
const candidateUnits = [
  'apparmor',
  'auditd',
  'chrony',
  'chronyd',
  'containerd',
  'cri-docker',
  'crio',
  'docker',
  'firewalld',
  'iptables',
  'kubelet',
  'multipathd',
  'NetworkManager',
  'nftables',
  'ntp',
  'systemd-networkd',
  'systemd-resolved',
  'systemd-timesyncd',
  'ufw',
  'unattended-upgrades',
]

/**
 * The script for all facts. It starts about a dozen processes; the rest is done with builtins. The script writes
 * nothing and asks no name server, so that facts can also be gathered from a host whose resolver is down.
 */
export const script: string = sh`echo '@files'
command -v ip >/dev/null 2>&1 || for f in /sys/class/net/*; do i=$i" $f/address $f/mtu $f/operstate $f/type $f/flags"; done
grep -sH '' ${files} /etc/ssh/ssh_host_*_key.pub $i
grep -sHE ${interesting} /proc/cpuinfo /proc/meminfo /proc/self/status /proc/mounts
echo '@hosts'
read n < /proc/sys/kernel/hostname
grep -shF -e "$n" /etc/hosts
echo '@machine'
uname -m
echo '@tests'
for p in ${packageManagers}; do if command -v "$p" >/dev/null 2>&1; then printf '%s\n' "pkg $p"; fi; done
for d in /sys/fs/cgroup/cgroup.controllers /sys/fs/cgroup /run/systemd/system /run/openrc /sys/fs/selinux /sys/kernel/security/apparmor /.dockerenv /run/.containerenv /proc/xen /dev/kvm /sbin/openrc-run /sys/module/kvm; do if [ -e "$d" ]; then printf '%s\n' "is $d"; fi; done
for b in /sys/class/net/*/bridge /sys/class/net/*/bonding; do if [ -e "$b" ]; then printf '%s\n' "net $b"; fi; done
for u in ${candidateUnits}; do
  for d in /etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system /etc/init.d; do
    if [ -e "$d/$u.service" ] || { [ "$d" = /etc/init.d ] && [ -x "$d/$u" ]; }; then printf '%s\n' "unit $u"; break; fi
  done
done
echo '@virt'
if command -v systemd-detect-virt >/dev/null 2>&1; then systemd-detect-virt 2>/dev/null; fi
echo '@container'
if [ -r /proc/1/environ ]; then tr '\0' '\n' 2>/dev/null </proc/1/environ | grep '^container='; fi
echo '@date'
LC_ALL=C date '+%Y %m %d %H %M %S %s %Z %z %A %w %V'
echo '@user'
u=$(id); printf '%s\n' "$u"
u=${new ShellText('${u#uid=}')} u=${new ShellText('${u%%[!0-9]*}')}
if command -v getent >/dev/null 2>&1; then getent passwd "$u"; else grep "^[^:]*:[^:]*:$u:" /etc/passwd; fi
echo '@df'
if command -v timeout >/dev/null 2>&1; then LC_ALL=C timeout 3 df -Pk 2>/dev/null; fi
echo '@addr'
if command -v ip >/dev/null 2>&1; then
  ip -o addr 2>/dev/null
  echo '@link'
  ip -o link 2>/dev/null
  echo '@route4'
  ip -4 route get 8.8.8.8 2>/dev/null
  echo '@route6'
  ip -6 route get 2404:6800:400a:800::1012 2>/dev/null
fi
echo '@env'
env -0 2>/dev/null || env
exit 0`
