import { isMode } from './mode.js'
import { isAddress, isCidr } from './networks.js'

/** The `format` values that schemas may use. */
export const formats: { readonly [name: string]: (text: string) => boolean } = {
  mode: isMode,
  version: text => /^v?\d+(?:\.\d+)*(?:[-+~:.][\w.+~-]+)*$/.test(text),
  ip: isAddress,
  cidr: isCidr,
  'absolute-path': text => text.startsWith('/') && !text.includes('\0'),
  hostname: text => text.length <= 253 && /^[A-Za-z0-9]([A-Za-z0-9-]{0,62}\.?)*$/.test(text),
}

/** Keywords of our schemas that ajv ignores. */
export const annotations: readonly string[] = ['aliases', 'secret', 'tidy', 'inert']
