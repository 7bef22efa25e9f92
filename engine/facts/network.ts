import type { JsonObject } from '../core/json.js'
import { formatAddress, maskOf, networkOf, parseAddress } from '../python/ip-address.js'
import type { Answer } from './answer.js'

interface Address {
  readonly device: string
  readonly family: 'inet' | 'inet6'
  readonly address: string
  readonly prefix: number
  readonly broadcast: string
  readonly scope: string
}

/** Facts about interfaces, addresses and default routes, with Ansible's names and values. */
export const network = (answer: Answer): JsonObject => {
  const addresses = addressesOf(answer.section('addr'))
  const links = linksOf(answer)
  const isLocal = (one: Address): boolean => one.address.startsWith('127.') || one.address === '::1'
  const all = (family: Address['family']): readonly string[] =>
    addresses.filter(one => one.family === family && !isLocal(one)).map(one => one.address)
  return {
    interfaces: links.map(link => link.device),
    ...Object.fromEntries(links.map(link => [link.device.replace(/[:-]/g, '_'), describe(link, links, addresses)])),
    all_ipv4_addresses: all('inet'),
    all_ipv6_addresses: all('inet6'),
    default_ipv4: byRoute(answer.section('route4'), links, addresses, 'inet'),
    default_ipv6: byRoute(answer.section('route6'), links, addresses, 'inet6'),
  }
}

/** `2: eth0    inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0\       valid_lft forever …` */
const addressesOf = (lines: readonly string[]): readonly Address[] =>
  lines.flatMap(line => {
    const found = /^\d+:\s+(\S+?)(?:@\S+)?\s+(inet6?)\s+([\da-fA-F.:]+)(?:\s+peer\s+\S+?)?(?:\/(\d+))?\s(.*)$/.exec(
      line,
    )
    if (found === null) return []
    const [, device = '', family, address = '', prefix, rest = ''] = found
    return [
      {
        device,
        family: family as Address['family'],
        address,
        prefix: Number(prefix ?? (family === 'inet' ? 32 : 128)),
        broadcast: /\bbrd (\S+)/.exec(rest)?.[1] ?? '',
        scope: /\bscope (\S+)/.exec(rest)?.[1] ?? 'global',
      },
    ]
  })

interface Link {
  readonly device: string
  readonly active: boolean
  readonly promisc: boolean
  readonly type: string
  readonly macaddress?: string
  readonly mtu?: number
  /** The bridge or bond to which the interface belongs. */
  readonly master?: string
}

/** The interfaces, from ip(8). Without ip(8) they come from /sys, which may show another network namespace. */
const linksOf = (answer: Answer): readonly Link[] => {
  const parsed = answer.section('link').flatMap(parseLink)
  const links = parsed.length > 0 ? parsed : sysLinks(answer)
  const masters = new Set(links.map(link => link.master))
  const isBridge = (device: string): boolean =>
    answer.tests('net').includes(`/sys/class/net/${device}/bridge`) || masters.has(device)
  const isBond = (device: string): boolean => answer.tests('net').includes(`/sys/class/net/${device}/bonding`)
  return links.map(link => ({
    ...link,
    type: isBond(link.device) ? 'bonding' : isBridge(link.device) ? 'bridge' : link.type,
  }))
}

/** `4: eth0@if5: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP … master br0\    link/ether 02:fc:… brd …` */
const parseLink = (line: string): readonly Link[] => {
  const found = /^\d+:\s+([^\s:@]+)(?:@[^\s:]+)?:\s+<([^>]*)>\s(.*)$/.exec(line)
  if (found === null) return []
  const [, device = '', flags = '', rest = ''] = found
  const [, kind = '', mac] = /link\/(\S+)(?:\s+([\da-f:]{17,}))?/.exec(rest) ?? []
  const mtu = /\bmtu (\d+)/.exec(rest)?.[1]
  const master = /\bmaster (\S+)/.exec(rest)?.[1]
  return [
    {
      device,
      active: /\bstate \w/.test(rest) ? !/\bstate DOWN\b/.test(rest) : flags.split(',').includes('UP'),
      promisc: flags.split(',').includes('PROMISC'),
      type: /^(sit|ipip|gre|tunnel|none)/.test(kind) ? 'tunnel' : kind,
      ...(mac === undefined || kind === 'loopback' ? {} : { macaddress: mac }),
      ...(mtu === undefined ? {} : { mtu: Number(mtu) }),
      ...(master === undefined ? {} : { master }),
    },
  ]
}

/** ARPHRD numbers: 1 is Ethernet, 772 loopback, 32 InfiniBand, 768 a tunnel. */
const sysTypes: { readonly [number: string]: string } = { 1: 'ether', 772: 'loopback', 32: 'infiniband', 768: 'tunnel' }

const sysLinks = (answer: Answer): readonly Link[] =>
  [...new Set(answer.paths('/sys/class/net/').map(path => path.split('/')[4] ?? ''))].map(device => {
    const sys = (name: string): string | undefined => answer.line(`/sys/class/net/${device}/${name}`)
    const type = sysTypes[sys('type') ?? ''] ?? 'unknown'
    const [mac, mtu] = [sys('address'), sys('mtu')]
    return {
      device,
      active: sys('operstate') !== 'down',
      promisc: (Number(sys('flags') ?? 0) & 0x100) !== 0,
      type,
      ...(mac === undefined || type === 'loopback' ? {} : { macaddress: mac }),
      ...(mtu === undefined ? {} : { mtu: Number(mtu) }),
    }
  })

const describe = (link: Link, links: readonly Link[], addresses: readonly Address[]): JsonObject => {
  const own = addresses.filter(one => one.device === link.device)
  const [first, ...more] = own.filter(one => one.family === 'inet').map(ipv4)
  const ipv6 = own
    .filter(one => one.family === 'inet6')
    .map(({ address, prefix, scope }) => ({ address, prefix: String(prefix), scope }))
  const { master: _master, ...plain } = link
  const ports = links.filter(one => one.master === link.device).map(one => one.device)
  return {
    ...plain,
    ...(link.type === 'bridge' || link.type === 'bonding' ? { interfaces: ports } : {}),
    ...(first === undefined ? {} : { ipv4: first }),
    ...(more.length === 0 ? {} : { ipv4_secondaries: more }),
    ...(ipv6.length === 0 ? {} : { ipv6 }),
  }
}

const ipv4 = ({ address, prefix, broadcast }: Address): JsonObject => {
  const known = parseAddress(`${address}/${prefix}`)
  return {
    address,
    prefix: String(prefix),
    ...(known === undefined
      ? {}
      : { netmask: formatAddress(4, maskOf(4, prefix)), network: formatAddress(4, networkOf(known)) }),
    broadcast,
  }
}

/** The default route, from `ip route get` for a public address: `8.8.8.8 via 10.0.0.1 dev eth0 src 10.0.0.2 uid 0`. */
const byRoute = (
  lines: readonly string[],
  links: readonly Link[],
  addresses: readonly Address[],
  family: Address['family'],
): JsonObject => {
  const line = lines[0] ?? ''
  const after = (word: string): string | undefined => new RegExp(`\\b${word} (\\S+)`).exec(line)?.[1]
  const [device, source, gateway] = [after('dev'), after('src'), after('via')]
  if (device === undefined || /^(unreachable|prohibit|blackhole)/.test(line)) return {}
  const own = addresses.filter(one => one.device === device && one.family === family)
  const used = own.find(one => one.address === source) ?? own[0]
  const { macaddress, mtu, type } = links.find(link => link.device === device) ?? {}
  return {
    interface: device,
    ...(gateway === undefined ? {} : { gateway }),
    ...(used === undefined
      ? {}
      : family === 'inet'
        ? { ...ipv4(used), alias: device }
        : { address: used.address, prefix: String(used.prefix), scope: used.scope }),
    ...(macaddress === undefined ? {} : { macaddress }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(type === undefined ? {} : { type }),
  }
}

/** The settings of /etc/resolv.conf. Format: resolv.conf(5). */
export const dns = (answer: Answer): JsonObject => {
  const lines = answer.lines('/etc/resolv.conf').map(line =>
    line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/),
  )
  const all = (word: string): readonly string[] =>
    lines.filter(([first]) => first === word).flatMap(([, ...rest]) => rest)
  const options = all('options').map((one): [string, string | boolean] => {
    const [name = '', value] = one.split(':')
    return [name, value ?? true]
  })
  return {
    nameservers: all('nameserver'),
    ...(all('domain').length === 0 ? {} : { domain: all('domain')[0] ?? '' }),
    ...(all('search').length === 0 ? {} : { search: all('search') }),
    ...(options.length === 0 ? {} : { options: Object.fromEntries(options) }),
  }
}
