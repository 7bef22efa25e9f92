import type { Json } from '../../../core/json.js'
import type { Messages } from '../../../core/messages.js'
import { fieldOr, notRoot, notRootMessage, type Rule } from '../../support/diagnose.js'
import { field } from '../../support/message-data.js'

/** For all who take dpkg's lock, and wait for it as long as `lock_timeout` says. */
export const lockMessage: Messages['codes'] = {
  'lock-held': data => ({
    what: `${holder(data)} still holds ${fieldOr(data, 'lock', "dpkg's lock")}`,
    remedy: `let it finish (\`ps ${fieldOr(data, 'pid', 'aux')}\` shows what it does) and run again, or wait longer by \`lock_timeout\``,
  }),
}

export const aptMessages: Messages['codes'] = {
  ...notRootMessage,
  ...lockMessage,
  'no-package': data => ({
    what: `no repository of this host has the package ${fieldOr(data, 'package', 'that was asked for')}`,
    remedy: 'correct its name, or add its repository in an earlier task (`apt_repository`)',
  }),
  'no-version': data => ({
    what: `no repository of this host has version ${fieldOr(data, 'version', 'that was asked for')} of ${fieldOr(data, 'package')}`,
    remedy: `\`apt-cache madison ${fieldOr(data, 'package', 'NAME')}\` lists the versions that there are`,
  }),
  'disk-full': data => ({
    what: `there is no room${field(data, 'path') === '' ? ' on the disk' : ` in ${field(data, 'path')}`}`,
    remedy:
      'free some (`df -h`, `apt-get clean`, `journalctl --vacuum-size=100M`) and run again: what was begun is then finished',
  }),
  'key-expired': data => ({
    what: `the key that signs ${fieldOr(data, 'repository', 'a repository')} has expired (EXPKEYSIG ${fieldOr(data, 'key', '')})`,
    remedy: 'fetch the repository’s new key into the file that `signed-by` names',
  }),
  'no-key': data => ({
    what: `nothing vouches for ${fieldOr(data, 'repository', 'a repository')}: its key ${fieldOr(data, 'key', '')} is not here (NO_PUBKEY)`,
    remedy: 'put the key into /etc/apt/keyrings and name it by `signed-by` in the repository’s line',
  }),
  unsigned: data => ({
    what: `the repository ${fieldOr(data, 'repository', '')} is not signed`,
    remedy: 'correct its address or suite; for a repository without signatures write [trusted=yes] into its line',
  }),
  'no-such-repository': data => ({
    what: `there is no repository at ${fieldOr(data, 'url', 'that address')} (${fieldOr(data, 'reason', 'not found')})`,
    remedy: 'correct the address, suite or components in its line under /etc/apt/sources.list.d',
  }),
  unreachable: data => ({
    what: `${fieldOr(data, 'url', 'a repository')} cannot be reached: ${fieldOr(data, 'reason', 'no answer')}`,
    remedy: 'see that the host reaches it (name servers, route, proxy: `Acquire::http::Proxy`), or use a mirror',
  }),
  certificate: data => ({
    what: `${fieldOr(data, 'url', 'a repository')} shows a certificate that this host does not trust`,
    remedy: 'install ca-certificates, set the clock, or add the proxy’s own authority to the host’s',
  }),
  'not-yet-valid': data => ({
    what: `the lists of ${fieldOr(data, 'repository', 'a repository')} come from the future: the host’s clock is wrong`,
    remedy: 'set the clock (`timedatectl set-ntp true`)',
  }),
  'lists-expired': data => ({
    what: `the lists of ${fieldOr(data, 'repository', 'a repository')} have expired`,
    remedy: 'use a mirror that is kept up to date, or set the clock if it is ahead',
  }),
  conflict: data => ({
    what: `two lines name the repository ${fieldOr(data, 'repository', '')} with different keys`,
    remedy: 'remove one of the two under /etc/apt/sources.list.d',
  }),
  'bad-source': data => ({
    what: `apt does not understand ${fieldOr(data, 'file', 'a file of sources')} (${fieldOr(data, 'reason', 'malformed')})`,
    remedy: 'correct or remove that line',
  }),
  unmet: () => ({
    what: 'the packages do not fit together (unmet dependencies)',
    remedy:
      'the lines above name who wants what: ask for a version that fits, or finish another installation by `state: fixed`',
  }),
  held: data => ({
    what: `${fieldOr(data, 'package', 'a package')} is held${field(data, 'from') === '' ? '' : ` at ${field(data, 'from')}`}, and ${fieldOr(data, 'to', 'another version')} is wanted`,
    remedy:
      'set `allow_change_held_packages: true`, or let go of it first (`dpkg_selections: {name, selection: install}`)',
  }),
  'held-removal': data => ({
    what: `${fieldOr(data, 'package', 'a package')} is held and is to be removed`,
    remedy:
      'set `allow_change_held_packages: true`, or let go of it first (`dpkg_selections: {name, selection: install}`)',
  }),
  downgrade: data => ({
    what: `${fieldOr(data, 'package', 'a package')} is there in a newer version${field(data, 'from') === '' ? '' : ` (${field(data, 'from')})`} than is wanted${field(data, 'to') === '' ? '' : ` (${field(data, 'to')})`}`,
    remedy: 'set `allow_downgrade: true` if the older one shall take its place',
  }),
  essential: () => ({
    what: 'packages would be removed without which the host does not work',
    remedy: 'leave them; `force: true` removes them all the same',
  }),
  removal: () => ({
    what: 'packages would have to be removed',
    remedy: 'set `fail_on_autoremove: false` if they may go',
  }),
  interrupted: () => ({
    what: 'an earlier installation was interrupted inside dpkg',
    remedy: 'run again: it is finished first; or `dpkg --configure -a` on the host',
  }),
  script: data => ({
    what: `the ${fieldOr(data, 'script', 'installation')} script of ${fieldOr(data, 'package', 'a package')} failed`,
    remedy: 'its own words stand above; mend their cause and run again',
  }),
  reinstall: data => ({
    what: `${fieldOr(data, 'package', 'a package')} is half-installed, and no repository has it`,
    remedy: `remove it by \`dpkg --remove --force-remove-reinstreq ${fieldOr(data, 'package', 'NAME')}\``,
  }),
  'deb-name': data => ({
    what: `${fieldOr(data, 'url', 'the URL')} does not tell which package and version it holds`,
    remedy: 'fetch it by `get_url` in an earlier task, and give `deb` the path',
  }),
}

const holder = (data: Json): string => {
  const [program, pid] = [field(data, 'program'), field(data, 'pid')]
  if (program !== '') return `${program} (process ${pid})`
  return pid === '' ? 'another program' : `process ${pid}`
}

export const lockRules: readonly Rule[] = [
  {
    code: 'lock-held',
    pattern: /^E: Could not get lock (?<lock>\S+)\. It is held by process (?<pid>\d+) \((?<program>[^)]+)\)/m,
  },
  {
    code: 'lock-held',
    pattern:
      /Unable to acquire the dpkg frontend lock \((?<lock>[^)]+)\)[\s\S]*held by process (?<pid>\d+) \((?<program>[^)]+)\)/,
  },
  { code: 'lock-held', pattern: /lock was locked by another process with pid (?<pid>\d+)/ },
  {
    code: 'lock-held',
    pattern:
      /Unable to (?:acquire the dpkg frontend lock|lock (?:directory|the \w+ directory)) \(?(?<lock>\/[^\s),]+)\)?, is another process/,
  },
]

/** In order: what names its cause best comes first. stderr is looked at before stdout. */
export const aptRules: readonly Rule[] = [
  ...lockRules,
  { code: 'interrupted', pattern: /dpkg was interrupted, you must manually run/ },
  { code: 'disk-full', pattern: /You don't have enough free space in (?<path>\S+?)\.?$/m },
  { code: 'disk-full', pattern: /No space left on device/ },
  { code: 'key-expired', pattern: /(?:GPG error: (?<repository>\S+ \S+)[^\n]*)?EXPKEYSIG (?<key>[0-9A-F]+)/ },
  { code: 'no-key', pattern: /(?:GPG error: (?<repository>\S+ \S+)[^\n]*)?NO_PUBKEY (?<key>[0-9A-F]+)/ },
  {
    code: 'conflict',
    pattern: /Conflicting values set for option Signed-By regarding source (?<repository>\S+ \S+?):? /,
  },
  {
    code: 'bad-source',
    pattern: /Malformed (?:entry|stanza|line) \d+ in (?:list|source) file (?<file>\S+)(?: \((?<reason>[^)]+)\))?/,
  },
  {
    code: 'bad-source',
    pattern:
      /Type '(?<reason>[^']*)' is not known on (?:line|stanza) \d+ in (?:source list|sources list|source file) (?<file>\S+)/,
  },
  { code: 'not-yet-valid', pattern: /Release file for (?<repository>\S+) is not valid yet/ },
  { code: 'lists-expired', pattern: /Release file for (?<repository>\S+) is expired/ },
  { code: 'certificate', pattern: /(?:Failed to fetch (?<url>\S+) [^\n]*)?Certificate verification failed/ },
  {
    code: 'unreachable',
    pattern:
      /Failed to fetch (?<url>\S+) +(?<reason>(?:Could not (?:resolve|connect to|handshake)|Temporary failure resolving|Connection (?:failed|timed out)|Cannot initiate the connection)[^\n]*)/,
  },
  { code: 'unreachable', pattern: /(?<reason>Could not resolve '[^']+'|Could not connect to \S+[^\n]*)/ },
  { code: 'no-such-repository', pattern: /Failed to fetch (?<url>\S+) +(?<reason>(?:4\d\d|5\d\d) [^\n[]*)/ },
  { code: 'no-such-repository', pattern: /The repository '(?<url>[^']+)' does not have a Release file/ },
  { code: 'unsigned', pattern: /The repository '(?<repository>[^']+)' is (?:not|no longer) signed/ },
  { code: 'no-package', pattern: /Unable to locate package (?<package>\S+)/ },
  { code: 'no-package', pattern: /Package '?(?<package>[^'\s]+)'? has no installation candidate/ },
  { code: 'no-package', pattern: /Couldn't find any package by (?:glob|regex) '(?<package>[^']+)'/ },
  { code: 'no-version', pattern: /Version '(?<version>[^']+)' for '(?<package>[^']+)' was not found/ },
  { code: 'held', pattern: /Held packages were changed and -y was used without/ },
  { code: 'downgrade', pattern: /Packages were downgraded and -y was used without/ },
  { code: 'essential', pattern: /Essential packages were removed and -y was used without/ },
  { code: 'removal', pattern: /Packages need to be removed but remove is disabled/ },
  { code: 'script', pattern: /installed (?<package>\S+) package (?<script>[\w-]+) script subprocess returned error/ },
  { code: 'script', pattern: /new (?<package>\S+) package (?<script>[\w-]+) script subprocess returned error/ },
  { code: 'reinstall', pattern: /The package (?<package>\S+) needs to be reinstalled, but I can't find an archive/ },
  { code: 'unmet', pattern: /The following packages have unmet dependencies|Unmet dependencies\. Try/ },
  notRoot,
]
