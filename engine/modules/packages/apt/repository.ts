import type { Messages } from '../../../core/messages.js'
import type { Change } from '../../../core/module.js'
import { fieldOr, type Rule } from '../../support/diagnose.js'
import { type Undo, undoOf } from '../../support/undo.js'
import { whyStale } from './lists.js'
import { aptMessages, aptRules } from './messages.js'
import type { Lists } from './seen.js'

export type RefreshChange = Change & {
  readonly kind: 'refresh'
  /** Sources that this step has added: one that cannot be fetched would be in the way of all that apt does. */
  readonly undo?: readonly Undo[]
}

/**
 * After a change of the sources; and where a killed run has written them and got no further: they are newer than the lists.
 */
export const planRefresh = (
  { update_cache: asked, state }: { readonly update_cache: boolean; readonly state: 'present' | 'absent' },
  before: readonly Change[],
  lists: Lists,
): readonly RefreshChange[] => {
  const changing = before.length > 0
  const stale = !lists.any || lists.fetched < lists.sources
  if (!asked || !(changing || stale)) return []
  const undo = before.flatMap(({ kind, diff }) =>
    state === 'present' && kind === 'write' && diff !== undefined ? [undoOf(diff.path, diff.before)] : [],
  )
  return [
    {
      kind: 'refresh',
      ...(undo.length === 0 ? {} : { undo }),
      summary: `fetch the package lists${changing ? '' : ` (${whyStale(lists)})`}`,
    },
  ]
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
  'broken-armor': () => ({
    what: 'the armor of the key is broken: what stands between its BEGIN and END lines is no OpenPGP key',
    remedy: 'copy the key anew, with all its lines and the blank one after the headers',
  }),
  'no-key-download': data => ({
    what: `the key ${fieldOr(data, 'url', '')} cannot be fetched: ${fieldOr(data, 'reason', 'no answer')}`,
    remedy: 'see that the host reaches the key’s URL (name servers, route, proxy), or give the key itself by `key`',
  }),
}

export const repositoryRules: readonly Rule[] = [
  { code: 'broken-armor', pattern: /the key's armor is broken/ },
  { code: 'not-a-key', pattern: /what was fetched is not an OpenPGP key\n(?<head>[^\n]{0,80})/ },
  { code: 'key-checksum', pattern: /the key's checksum is (?<is>[0-9a-f]+), not (?<wanted>\S+)/ },
  ...aptRules,
]
