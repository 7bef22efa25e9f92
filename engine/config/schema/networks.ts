import { isIP } from 'node:net'

export const isAddress = (text: string): boolean => isIP(text) !== 0

/** An address and a prefix length, or several of them joined by a comma (dual stack). */
export const isCidr = (text: string): boolean =>
  text.split(',').every(one => {
    const [address = '', length = '', ...more] = one.trim().split('/')
    const family = isIP(address)
    return more.length === 0 && family !== 0 && /^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128)
  })
