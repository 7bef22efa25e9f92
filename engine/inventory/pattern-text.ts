import type { Value } from '../core/value.js'

/** The value of `hosts:`, a text or a list, as one pattern. */
export const patternText = (hosts: Value): string =>
  Array.isArray(hosts) ? hosts.map(String).join(',') : String(hosts)
