import { createHash } from 'node:crypto'
import { LabProblem } from '../support/problem.js'

/** An IPv4 network as two numbers. */
export interface Subnet {
  readonly first: number
  readonly bits: number
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/

/** @throws LabProblem where the text is no IPv4 network with room for hosts */
export const parseSubnet = (text: string): Subnet => {
  const parts = CIDR.exec(text)?.slice(1).map(Number)
  const [a = 256, b = 256, c = 256, d = 256, bits = 33] = parts ?? []
  if (Math.max(a, b, c, d) > 255 || bits < 16 || bits > 27) {
    throw new LabProblem(`«${text}» is no subnet for a lab`, 'give an IPv4 network of /16 to /27, such as 10.79.0.0/24')
  }
  const size = 2 ** (32 - bits)
  const number = ((a * 256 + b) * 256 + c) * 256 + d
  return { first: number - (number % size), bits }
}

export const formatSubnet = ({ first, bits }: Subnet): string => `${dotted(first)}/${bits}`

/** The n-th address; 1 is the bridge's, hosts follow from 11. */
export const addressIn = (subnet: Subnet, n: number): string => {
  if (n >= 2 ** (32 - subnet.bits) - 1) {
    throw new LabProblem(
      `${formatSubnet(subnet)} has no room for one more host`,
      'take the lab down and give it a larger --subnet',
    )
  }
  return dotted(subnet.first + n)
}

export const overlap = (a: Subnet, b: Subnet): boolean =>
  a.first < b.first + 2 ** (32 - b.bits) && b.first < a.first + 2 ** (32 - a.bits)

/**
 * The first of 10.77.0.0/24 … 10.95.0.0/24 that is not taken. It ends there because Kubernetes' services live in
 * 10.96.0.0/12.
 */
export const freeSubnet = (taken: readonly Subnet[]): Subnet => {
  for (let second = 77; second <= 95; second++) {
    const subnet = parseSubnet(`10.${second}.0.0/24`)
    if (!taken.some(other => overlap(subnet, other))) return subnet
  }
  throw new LabProblem(
    '10.77.0.0/24 to 10.95.0.0/24 are all taken',
    'take a lab down (npm run lab -- down --name NAME), or give a --subnet',
  )
}

/** A locally administered address that is the same each time: a real machine's survives a reboot too. */
export const macOf = (lab: string, host: string): string =>
  ['02', ...(createHash('sha256').update(`${lab}/${host}`).digest('hex').slice(0, 10).match(/../g) ?? [])].join(':')

const dotted = (n: number): string => [24, 16, 8, 0].map(shift => Math.floor(n / 2 ** shift) % 256).join('.')
