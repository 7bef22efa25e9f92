import { readFile, writeFile } from 'node:fs/promises'
import { bridgeName, nftTable } from '../state/names.js'
import type { LabState } from '../state/state.js'
import { LabProblem } from '../support/problem.js'
import { attempt, reason, sh } from '../support/shell.js'
import { addressIn, formatSubnet, freeSubnet, macOf, overlap, parseSubnet, type Subnet } from './subnet.js'

/**
 * The lab's subnet: the one asked for, 10.77.0.0/24 for the lab called «lab», or else the first that nobody uses.
 * @throws LabProblem when the one asked for is in use
 */
export const chooseSubnet = async (
  name: string,
  asked: string | undefined,
  others: readonly LabState[],
): Promise<string> => {
  const taken = [...others.map(lab => parseSubnet(lab.subnet)), ...(await routedSubnets())]
  if (asked === undefined) {
    const usual = parseSubnet('10.77.0.0/24')
    return formatSubnet(
      name === 'lab' && !taken.some(other => overlap(usual, other)) ? usual : freeSubnet([usual, ...taken]),
    )
  }
  const subnet = parseSubnet(asked)
  if (!taken.some(other => overlap(subnet, other))) return formatSubnet(subnet)
  throw new LabProblem(`this machine already has routes or a lab in ${asked}`, 'give another --subnet, or leave it out')
}

const routedSubnets = async (): Promise<readonly Subnet[]> => {
  const routes = JSON.parse((await sh`ip -j -4 route show`).stdout || '[]') as readonly { readonly dst: string }[]
  return routes
    .map(route => /^([\d.]+)\/(\d+)$/.exec(route.dst)?.slice(1))
    .filter(parts => parts !== undefined)
    .map(([address = '', bits]) => ({ first: number(address), bits: Number(bits) }))
}

const number = (address: string): number => address.split('.').reduce((n, part) => n * 256 + Number(part), 0)

export const gatewayOf = (lab: LabState): string => addressIn(parseSubnet(lab.subnet), 1)

/** The bridge with its address, and the one NAT rule by which hosts reach the packages' sources. Can be called again. */
export const ensureNetwork = async (lab: LabState): Promise<void> => {
  const bridge = bridgeName(lab.name)
  const { bits } = parseSubnet(lab.subnet)
  try {
    if ((await attempt`ip link show ${bridge}`).exitCode !== 0) {
      await sh`ip link add ${bridge} address ${macOf(lab.name, 'bridge')} type bridge`
    }
    await sh`ip address replace ${`${gatewayOf(lab)}/${bits}`} dev ${bridge}`
    await sh`ip link set ${bridge} up`
    await writeFile('/proc/sys/net/ipv4/ip_forward', '1')
    await raiseInotify()
    await sh({ input: masquerade(lab), stdio: ['pipe', 'pipe', 'pipe'] })`nft -f -`
  } catch (error) {
    throw new LabProblem(
      `the lab's network could not be made: ${reason(error)}`,
      'the kernel needs bridge, veth and nf_tables with NAT; in a container, give it --privileged',
    )
  }
  await letTrafficPass(bridge)
}

/** Declares the table, empties it and fills it, so that a second run leaves one rule, not two. */
const masquerade = (lab: LabState): string => `
table ip ${nftTable(lab.name)} {}
delete table ip ${nftTable(lab.name)}
table ip ${nftTable(lab.name)} {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${lab.subnet} ip daddr != ${lab.subnet} masquerade
  }
}
`

/** By chain: what would be dropped there by the policy that Docker (FORWARD) or ufw (INPUT, for the mirror) sets. */
const acceptRules = (bridge: string) =>
  [
    ['FORWARD', ['-i', bridge, '-j', 'ACCEPT']],
    ['FORWARD', ['-o', bridge, '-j', 'ACCEPT']],
    ['INPUT', ['-i', bridge, '-j', 'ACCEPT']],
  ] as const

/** Where the policy is to drop, hosts would not even reach each other over the bridge. */
const letTrafficPass = async (bridge: string): Promise<void> => {
  for (const [chain, rule] of acceptRules(bridge)) {
    if (!(await attempt`iptables -S ${chain}`).stdout.includes(`-P ${chain} DROP`)) continue
    if ((await attempt`iptables -C ${chain} ${rule}`).exitCode !== 0) await sh`iptables -I ${chain} ${rule}`
  }
}

export const removeNetwork = async (name: string): Promise<void> => {
  const bridge = bridgeName(name)
  for (const [chain, rule] of acceptRules(bridge)) await attempt`iptables -D ${chain} ${rule}`
  await attempt`nft delete table ip ${nftTable(name)}`
  await attempt`ip link delete ${bridge}`
}

/**
 * One kernel counts the inotify instances of all hosts, and all are root's: the usual 128 are used up by a few hosts, and then a
 * kubelet or containerd no longer sees new files. Only ever raised.
 */
const raiseInotify = async (): Promise<void> => {
  for (const [name, least] of [
    ['max_user_instances', 8192],
    ['max_user_watches', 1_048_576],
  ] as const) {
    const path = `/proc/sys/fs/inotify/${name}`
    if (Number(await readFile(path, 'utf8')) < least) await writeFile(path, String(least))
  }
}
