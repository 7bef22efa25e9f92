import { isIP } from 'node:net'
import { parseAddress } from '../../python/ip-address.js'

export const isAddress = (text: string): boolean => isIP(text) !== 0

/** Whether a text is an address with a prefix length, or several of them with commas between (dual stack). */
export const isCidr = (text: string): boolean =>
  text.split(',').every(one => /\/\d+$/.test(one.trim()) && parseAddress(one) !== undefined)
