import { NotObserved } from '../../../core/failure.js'
import type { Raw, Read } from '../../../core/module.js'
import { omitUndefined } from '../../../core/omit-undefined.js'
import { read } from '../../../core/read.js'
import { quote, ShellText, sh } from '../../../shell/quote.js'
import { nulSeparated } from '../../support/nul-separated.js'
import { packageFormat, parsePackages, queryInto } from '../dpkg.js'
import { type AptParams, debIsUrl, packageNames, type Upgrade, upgradeOf } from './params.js'
import { parsePolicy } from './policy.js'
import { successStamp } from './refresh.js'
import type { AptSeen, Lists, Simulated } from './seen.js'
import { casePattern, parseSpec, qualified } from './spec.js'

/**
 * dpkg's list in one fork. Only where something is missing (or might be newer) it asks apt, and looks for what would stand in the way
 * of an installation.
 */
export const readApt = (p: AptParams): Read<AptSeen> => {
  const specs = packageNames(p).map(parseSpec)
  const names = [...new Set(specs.map(qualified))]
  return read(
    [
      'export LC_ALL=C',
      names.length === 0
        ? 'n= q='
        : `n=$(dpkg --print-architecture) || exit\n${queryInto([...new Set(specs.map(one => one.name))])}`,
      `printf '%s\\n%s\\0' "$n" "$q"`,
      countInstalled(specs.map(casePattern)),
      `if ${asks(p, new Set(specs.map(one => one.name)).size)}; then`,
      names.length === 0 || p.state === 'absent' ? ':' : asNobody(sh`apt-cache ${release(p)} policy ${names}`),
      next,
      names.length === 0 || p.state === 'absent'
        ? ':'
        : sh`dpkg-query -W -f ${providesFormat} | grep -wF ${names.flatMap(name => ['-e', name])}`,
      next,
      brokenText,
      next,
      holderText,
      next,
      listsText,
      next,
      upgradeOf(p) === 'no' ? ':' : asNobody(`apt-get -qq -s -o Debug::NoLocking=1 ${upgradeWord(upgradeOf(p))}`),
      next,
      p.autoremove ? asNobody('apt-get -qq -s -o Debug::NoLocking=1 autoremove') : ':',
      next,
      p.deb === undefined ? ':' : debText(p.deb),
      next,
      downloadsText(p),
      'fi',
    ].join('\n'),
    raw => parseSeen(p, raw),
    // A host without caches of its own builds them in memory: more than a second on a small machine.
    { timeout: 60_000 },
  )
}

/** Where nobody said what manages packages; without apt nothing is seen. */
export const ifAptIsThere = (probe: Read<AptSeen>): Read<AptSeen | Record<never, never>> => ({
  ...probe,
  sh: `if ! command -v apt-get >/dev/null; then exit ${noApt}; fi\n${probe.sh}`,
  parse: raw => (raw.rc === noApt ? {} : probe.parse(raw)),
})

const noApt = 90

const next = `printf '\\0'`

/** Format of dpkg-query, not a template of ours. */
const providesFormat = '${db:Status-Status}|${Package}|${Provides}\\n'

const release = ({ default_release }: AptParams): readonly string[] =>
  default_release === undefined ? [] : ['-o', `APT::Default-Release=${default_release}`]

export const upgradeWord = (upgrade: Upgrade): string =>
  upgrade === 'full' || upgrade === 'dist' ? 'dist-upgrade' : 'upgrade --with-new-pkgs'

/**
 * Root would leave 70 MB of caches behind. Nobody cannot, and still uses those that are there (30 ms instead of 800);
 * where that does not work (no setpriv, not root, sources that only root may read), apt works in memory.
 */
const asNobody = (command: string): string =>
  [
    `setpriv --reuid=65534 --regid=65534 --clear-groups ${command} 2>/dev/null ||`,
    command.replace(/^(\S+)/, '$1 -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache='),
    '|| exit 1',
  ].join(' ')

/** Counts the named packages that are installed at a fitting version, each once, without a fork. */
const countInstalled = (patterns: readonly string[]): string =>
  patterns.length === 0
    ? 'found=0'
    : `found=0 counted=
while IFS='|' read -r name arch want status version; do
  case "$name=$arch=$version=$status" in
    ${patterns.join(' | ')})
      case " $counted " in *" $name "*) ;; *) counted="$counted $name" found=$((found+1)) ;; esac ;;
  esac
done <<LINES
$q
LINES`

/** Whether the shell goes on to the dearer questions. */
const asks = (p: AptParams, wanted: number): string => {
  const more =
    upgradeOf(p) !== 'no' || p.autoremove || p.autoclean || p.clean || p.deb !== undefined || p.state === 'fixed'
  if (more || wanted === 0 || p.state === 'latest') return 'true'
  return p.state === 'absent' ? '[ -n "$q" ]' : `[ "$found" -lt ${wanted} ]`
}

/** dpkg --audit also complains of packages that lack md5sums: that stops nobody. */
const brokenText = `for file in /var/lib/dpkg/updates/[0-9]*; do [ ! -e "$file" ] || { echo "dpkg's journal"; break; }; done
grep -E -B1 '^Status: [a-z]+ [a-z]+ (half-installed|unpacked|half-configured|triggers-awaited|triggers-pending)$' /var/lib/dpkg/status | sed -n 's/^Package: //p'`

const holderText = `if inode=$(stat -c %i /var/lib/dpkg/lock-frontend 2>/dev/null); then
  while read -r _ _ _ _ pid where _; do
    case $where in *:$inode) read -r program <"/proc/$pid/comm" && printf '%s\n' "$pid $program"; break ;; esac
  done </proc/locks
fi 2>/dev/null`

/** The clock, whether there are lists, and the times of what tells their age. */
export const listsText = `date +%s
for file in /var/lib/apt/lists/*Release; do [ ! -e "$file" ] || { echo any; break; }; done
stat -c '%.Y %n' /var/lib/apt/lists ${successStamp} /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null
:`

const downloadsText = (p: AptParams): string => {
  if (p.clean) return `for file in /var/cache/apt/archives/*.deb; do [ ! -e "$file" ] || { echo '*'; break; }; done`
  return p.autoclean ? asNobody('apt-get -s -o Debug::NoLocking=1 autoclean') : ':'
}

/** What is in the file, and what is installed under its name. */
const debText = (deb: string): string => {
  const named = debName(deb)
  const installed = (name: ShellText) => sh`dpkg-query -W -f ${packageFormat} -- ${name} 2>/dev/null`
  if (named !== undefined) return installed(new ShellText(quote(named.name)))
  if (debIsUrl(deb)) return ':'
  return sh`if [ -e ${deb} ]; then
  package=$(dpkg-deb -f ${deb} Package) && dpkg-deb -f ${deb} Package Version || exit 1
  ${new ShellText(installed(new ShellText('"$package"')))}
fi`
}

/** `name_version_arch.deb` at the end of a URL. */
const debName = (deb: string): { readonly name: string; readonly version: string } | undefined => {
  if (!debIsUrl(deb)) return undefined
  const [name, version, rest] = decodeURIComponent(deb.split('/').at(-1) ?? '').split('_')
  return name === undefined || version === undefined || rest === undefined ? undefined : { name, version }
}

const parseSeen = (p: AptParams, raw: Raw): AptSeen => {
  const all = nulSeparated(raw, 2)
  const [native = '', ...named] = (all[0] ?? '').split('\n')
  const packages = parsePackages(raw, named.join('\n'))
  const own = native === '' ? {} : { native }
  if (all.length === 2 && all[1] === '') return { packages, ...own }
  const [
    ,
    policy = '',
    provides = '',
    broken = '',
    holder = '',
    lists = '',
    upgrades = '',
    unneeded = '',
    deb = '',
    downloads = '',
  ] = nulSeparated(raw, 10)
  const ofDeb = lines(deb).filter(line => line.includes('|'))
  return omitUndefined({
    ...own,
    packages: [...packages, ...parsePackages(raw, ofDeb.join('\n'))],
    policy: parsePolicy(policy),
    provided: parseProvides(provides),
    broken: lines(broken),
    holder: parseHolder(holder),
    lists: parseLists(raw, lists),
    upgrades: upgradeOf(p) === 'no' ? undefined : parseSimulated(upgrades),
    unneeded: p.autoremove ? parseSimulated(unneeded) : undefined,
    deb: parseDeb(p, deb),
    downloads: p.clean || p.autoclean ? lines(downloads).filter(line => /^(\*|Del )/.test(line)) : undefined,
  })
}

export const lines = (text: string): readonly string[] => text.split('\n').filter(line => line !== '')

const parseProvides = (text: string): { readonly [virtual: string]: string } =>
  Object.fromEntries(
    lines(text)
      .map(line => line.split('|'))
      .filter(([status]) => status === 'installed')
      .flatMap(([, name = '', provides = '']) =>
        provides.split(',').map(one => [one.trim().split(' ')[0] ?? '', name]),
      ),
  )

const parseHolder = (text: string): AptSeen['holder'] => {
  const [, pid, program] = /^(\d+) (.+)$/m.exec(text) ?? []
  return pid === undefined || program === undefined ? undefined : { pid: Number(pid), program }
}

/** @throws NotObserved where there is no clock or no folder of lists: no apt */
export const parseLists = (raw: Raw, text: string): Lists => {
  const [now = '', ...rest] = lines(text)
  const stamps = rest.map(line => line.split(' ')).filter(([, file]) => file !== undefined)
  const newest = (of: (file: string) => boolean): number =>
    Math.max(0, ...stamps.filter(([, file = '']) => of(file)).map(([time]) => Number(time)))
  const hasStamp = stamps.some(([, file]) => file === successStamp)
  if (!/^\d+$/.test(now)) throw new NotObserved(raw, 'the age of the package lists')
  const folder = newest(file => file === '/var/lib/apt/lists')
  const stamp = newest(file => file === successStamp)
  return {
    now: Number(now),
    // The folder's own time says little, but where nobody wrote the stamp it is all there is.
    fetched: hasStamp ? stamp : folder,
    sources: newest(file => file.startsWith('/etc/apt/')),
    // A repository without packages leaves no list; lists that were removed leave a younger folder.
    any: rest.includes('any') || (stamp > 0 && stamp >= folder),
  }
}

const parseSimulated = (text: string): Simulated => ({
  installs: lines(text).flatMap(line => /^Inst (\S+)/.exec(line)?.[1] ?? []),
  removes: lines(text).flatMap(line => /^(?:Remv|Purg) (\S+)/.exec(line)?.[1] ?? []),
})

const parseDeb = (p: AptParams, text: string): AptSeen['deb'] => {
  if (p.deb === undefined) return undefined
  if (debIsUrl(p.deb)) return debName(p.deb)
  const [, name] = /^Package: (\S+)$/m.exec(text) ?? []
  const [, version] = /^Version: (\S+)$/m.exec(text) ?? []
  return name === undefined || version === undefined ? undefined : { name, version }
}
