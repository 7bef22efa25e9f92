import { NotObserved } from '../../core/failure.js'
import type { Raw, Read } from '../../core/module.js'
import { read, text } from '../../core/read.js'

/** What a firewall lets in, as far as `firewall_open` minds. */
export interface Opened {
  /** `6443/tcp`, `30000-32767/udp` */
  readonly ports: readonly string[]
  /** IP protocols by name. */
  readonly protocols: readonly string[]
  /** Networks that are trusted as a whole. */
  readonly sources: readonly string[]
}

export interface FirewallSeen {
  /** undefined: not installed. Its rules, as `ufw show added` writes them, each a command. */
  readonly ufw?: readonly string[]
  /** What both the running firewalld and its files let in; its files alone where it does not run. */
  readonly firewalld?: Opened & { readonly running: boolean }
}

/** Each of firewalld's programs takes a third of a second: one listing for each zone and each of the two states. */
export const firewalls: Read<FirewallSeen> = read(
  `if command -v ufw >/dev/null; then echo ufw; LC_ALL=C ufw show added || exit 1; fi
printf '\\0'
command -v firewall-cmd >/dev/null || exit 0
if firewall-cmd -q --state 2>/dev/null; then
  echo running
  for state in '' --permanent; do
    printf '\\0'; firewall-cmd $state --list-all || exit 1
    printf '\\0'; firewall-cmd $state --zone=trusted --list-all || exit 1
  done
else
  echo stopped
  printf '\\0'; firewall-offline-cmd --list-all || exit 1
  printf '\\0'; firewall-offline-cmd --zone=trusted --list-all || exit 1
fi`,
  answer => parse(answer),
  { timeout: 30_000 },
)

const parse = (answer: Raw): FirewallSeen => {
  if (answer.rc !== 0) throw new NotObserved(answer)
  const [ufw = '', state = '', ...listings] = text(answer.stdout).split('\0')
  const rules = ufw.split('\n').filter(line => line.startsWith('ufw '))
  const firewalld = { running: state.trim() === 'running', ...common(pairs(listings).map(opened)) }
  return {
    ...(ufw.startsWith('ufw\n') ? { ufw: rules } : {}),
    ...(state.trim() === '' ? {} : { firewalld }),
  }
}

/** The listing of the default zone, and that of the zone `trusted`. */
const pairs = (listings: readonly string[]): readonly (readonly [string, string])[] =>
  listings.flatMap((listing, index) => (index % 2 === 0 ? [[listing, listings[index + 1] ?? ''] as const] : []))

const opened = ([zone, trusted]: readonly [string, string]): Opened => ({
  ports: words(zone, 'ports'),
  protocols: words(zone, 'protocols'),
  sources: words(trusted, 'sources'),
})

const words = (listing: string, name: string): readonly string[] =>
  (new RegExp(`^\\s+${name}:(.*)$`, 'm').exec(listing)?.[1] ?? '').split(/\s+/).filter(word => word !== '')

/** What is in both, so that what is open only until the next boot is opened for good. */
const common = ([first, second]: readonly Opened[]): Opened => {
  const both = (name: keyof Opened): readonly string[] =>
    (first?.[name] ?? []).filter(word => second === undefined || second[name].includes(word))
  return { ports: both('ports'), protocols: both('protocols'), sources: both('sources') }
}

/** Whether one of the open ranges has the whole of the wanted one. firewalld joins ranges that meet. */
export const isOpen = (wanted: string, open: readonly string[]): boolean => {
  const want = range(wanted)
  return open.map(range).some(one => one.protocol === want.protocol && one.from <= want.from && want.to <= one.to)
}

const range = (port: string): { readonly from: number; readonly to: number; readonly protocol: string } => {
  const [numbers = '', protocol = ''] = port.split('/')
  const [from = 0, to = from] = numbers.split('-').map(Number)
  return { from, to, protocol }
}
