import { clock } from '../../support/clock.js'
import type { AptParams } from './params.js'

/** Nobody answers questions, and needrestart only lists what it would restart. */
export const aptEnvironment = {
  DEBIAN_FRONTEND: 'noninteractive',
  DEBIAN_PRIORITY: 'critical',
  NEEDRESTART_MODE: 'l',
  APT_LISTCHANGES_FRONTEND: 'none',
  LC_ALL: 'C.UTF-8',
} as const

const base = (p: AptParams): readonly string[] => ['apt-get', '-y', '-q', '-o', `DPkg::Lock::Timeout=${p.lock_timeout}`]

const forDpkg = (p: AptParams): readonly string[] => [
  '-o',
  'Dpkg::Use-Pty=0',
  ...p.dpkg_options
    .split(',')
    .filter(option => option !== '')
    .flatMap(option => ['-o', `Dpkg::Options::=--${option}`]),
]

const permissions = (p: AptParams): readonly string[] => [
  ...(p.allow_downgrade || p.force ? ['--allow-downgrades'] : []),
  ...(p.allow_change_held_packages ? ['--allow-change-held-packages'] : []),
  ...(p.allow_unauthenticated || p.force ? ['--allow-unauthenticated'] : []),
  ...(p.force ? ['--allow-remove-essential'] : []),
  ...(p.fail_on_autoremove ? ['--no-remove'] : []),
]

export const installArgv = (p: AptParams, words: readonly string[]): readonly string[] => [
  ...base(p),
  ...forDpkg(p),
  ...permissions(p),
  ...(p.install_recommends === undefined ? [] : ['-o', `APT::Install-Recommends=${p.install_recommends}`]),
  ...(p.only_upgrade ? ['--only-upgrade'] : []),
  ...(p.autoremove ? ['--auto-remove'] : []),
  ...(p.default_release === undefined ? [] : ['-t', p.default_release]),
  'install',
  ...words,
]

export const removeArgv = (p: AptParams, words: readonly string[]): readonly string[] => [
  ...base(p),
  ...forDpkg(p),
  ...permissions(p),
  ...(p.autoremove ? ['--auto-remove'] : []),
  p.purge ? 'purge' : 'remove',
  ...words,
]

export const plainArgv = (p: AptParams, words: readonly string[]): readonly string[] => [
  ...base(p),
  ...forDpkg(p),
  ...permissions(p),
  ...words,
]

/**
 * `dpkg --configure -a` does not wait for the lock by itself; and what it cannot finish because something is missing, apt can.
 */
export const repairArgv = (p: AptParams): readonly string[] => [
  'sh',
  '-c',
  `${clock.text}
end=$(( $(now) + $1 )); shift
while said=$(dpkg --force-confdef --force-confold --configure -a 2>&1 </dev/null); status=$?; :; do
  printf '%s\\n' "$said"
  [ $status -ne 0 ] || exit 0
  case $said in *'locked by another process'*) ;; *) break ;; esac
  [ "$(now)" -lt "$end" ] || break
  sleep 1
done
exec "$@"`,
  'repair',
  String(p.lock_timeout),
  ...base(p),
  ...forDpkg(p),
  '--fix-broken',
  'install',
]

/** Downloads by apt's own means, which every host with apt has, and hands the file to the installing command. */
export const installUrlArgv = (p: AptParams, url: string): readonly string[] => [
  'sh',
  '-c',
  `set -e
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
/usr/lib/apt/apt-helper download-file "$1" "$dir/package.deb"
shift
"$@" "$dir/package.deb"`,
  'install-url',
  url,
  ...installArgv(p, []),
]

/** Puts a policy-rc.d in place while the command runs; one that was there comes back. */
export const underPolicy = (code: number | undefined, argv: readonly string[]): readonly string[] =>
  code === undefined
    ? argv
    : [
        'sh',
        '-c',
        `file=/usr/sbin/policy-rc.d kept=
if [ -e "$file" ]; then kept=$file.tkplay; mv "$file" "$kept" || exit 1; fi
trap 'rm -f "$file"; [ -z "$kept" ] || mv "$kept" "$file"' EXIT
printf '#!/bin/sh\\nexit %s\\n' "$1" >"$file" && chmod 755 "$file" || exit 1
shift
"$@"`,
        'policy-rc.d',
        String(code),
        ...argv,
      ]
