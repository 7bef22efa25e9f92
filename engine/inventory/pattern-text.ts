import type { Value } from '../core/value.js'

/** `hosts:` as it is written, a text or a list, as one pattern. */
export const patternText = (hosts: Value): string =>
  Array.isArray(hosts) ? hosts.map(String).join(',') : String(hosts)
