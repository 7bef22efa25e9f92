import { createHash } from 'node:crypto'
import { LabProblem } from '../support/problem.js'

/** Names in the kernel. An interface's is at most 15 characters, so long ones are shortened to a digest. */
export const bridgeName = (lab: string): string => (lab.length <= 12 ? `tk-${lab}` : `tk-${digest(lab)}`)
export const vethName = (lab: string, number: number): string => `tk${digest(lab)}n${number}`
export const netnsName = (lab: string, host: string): string => `tkplay-${lab}-${host}`
export const nftTable = (lab: string): string => `tkplay_${lab.replaceAll('-', '_')}`
export const cgroupName = (lab: string, host: string): string => `tkplay-${lab}-${host}`
export const machineName = (lab: string, host: string): string => `tkplay-${lab}-${host}`

export const checkLabName = (name: string): string => {
  if (/^[a-z][a-z0-9-]{0,23}$/.test(name)) return name
  throw new LabProblem(
    `«${name}» is no name for a lab`,
    'use up to 24 lower-case letters, digits and hyphens, a letter first',
  )
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6)
