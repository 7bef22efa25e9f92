import type { Messages } from '../../../core/messages.js'
import type { Change } from '../../../core/module.js'
import { fieldOr, type Rule } from '../diagnose.js'
import { whyStale } from './lists.js'
import { aptMessages, aptRules } from './messages.js'
import type { Lists } from './seen.js'

export type RefreshChange = Change & { readonly kind: 'refresh' }

/**
 * After a change of the sources; and where a killed run has written them and got no further: they are newer than the lists.
 */
export const planRefresh = (asked: boolean, changing: boolean, lists: Lists): readonly RefreshChange[] => {
  const stale = !lists.any || lists.fetched < lists.sources
  if (!asked || !(changing || stale)) return []
  return [{ kind: 'refresh', summary: `fetch the package lists${changing ? '' : ` (${whyStale(lists)})`}` }]
}

/** What `apt-get update` fetches, where it would run: one repository does not undo another's lists. */
export const listsOf = (changes: readonly Change[] | undefined): readonly string[] =>
  changes === undefined || changes.some(({ kind }) => kind === 'refresh') ? ['/var/lib/apt/', '/var/cache/apt/'] : []

export const repositoryMessages: Messages['codes'] = {
  ...aptMessages,
  'not-a-key': data => ({
    what: `what was fetched is not an OpenPGP key but begins «${fieldOr(data, 'head', '')}»`,
    remedy: 'correct the key’s URL, or the proxy that answered in its place',
  }),
  'key-checksum': data => ({
    what: `the key has the checksum ${fieldOr(data, 'is')}, not ${fieldOr(data, 'wanted')}`,
    remedy: 'see on the publisher’s page whether the key was renewed; if so, correct the checksum',
  }),
  'no-key-download': data => ({
    what: `the key cannot be fetched: ${fieldOr(data, 'reason', 'no answer')}`,
    remedy: 'see that the host reaches the key’s URL (name servers, route, proxy), or give the key itself by `key`',
  }),
}

export const repositoryRules: readonly Rule[] = [
  { code: 'not-a-key', pattern: /what was fetched is not an OpenPGP key\n(?<head>[^\n]{0,80})/ },
  { code: 'key-checksum', pattern: /the key's checksum is (?<is>[0-9a-f]+), not (?<wanted>\S+)/ },
  {
    code: 'no-key-download',
    pattern:
      /^E: (?!Some index)(?<reason>(?:\d{3} |Could not |Connection |Temporary failure|Failed to (?!fetch \S+Release))[^\n]*)/m,
  },
  ...aptRules,
]
