import type { JsonObject } from '../../core/json.js'
import { type Change, defineModule, nothing, type Probe } from '../../core/module.js'
import { pythonRegex } from '../../python/regex.js'
import { firstMatch } from '../support/lines.js'
import { field } from '../support/message-data.js'
import * as schema from '../support/schema.js'
import { probeWaiting, type Waiting, type WaitParams } from './waiting.js'

interface Params extends WaitParams {
  readonly msg?: string
}

type Pause = Change & { readonly kind: 'pause'; readonly seconds: number }

const isPause = ({ port, path }: Params): boolean => port === undefined && path === undefined

/** Waits on the host for a port or a path. Semantics: Ansible's `wait_for`. */
export const waitFor = defineModule<Params, Waiting, Pause>({
  name: 'wait_for',
  kind: params => (isPause(params) ? 'action' : 'wait'),
  doc: `Waits until a port answers or a file is there, or until it is gone.

The host itself looks, so \`host\` is as seen from there. With neither \`port\` nor \`path\` it just waits for \`timeout\` seconds.`,
  params: schema.object(
    {
      host: schema.str('Whose port.', { default: '127.0.0.1' }),
      port: schema.int('The TCP port.', { minimum: 1, maximum: 65535 }),
      path: schema.path('The file or folder.'),
      search_regex: schema.str('A pattern that the file holds, or that the port answers with.'),
      state: schema.oneOf(
        '`started` and `present` wait for it, `stopped` and `absent` for its end, `drained` for the end of its connections.',
        ['absent', 'drained', 'present', 'started', 'stopped'],
        'started',
      ),
      timeout: schema.int('Seconds to wait at most.', { default: 300, minimum: 0 }),
      connect_timeout: schema.int('Seconds for one attempt to connect.', { default: 5, minimum: 1 }),
      delay: schema.int('Seconds before the first look.', { default: 0, minimum: 0 }),
      sleep: schema.int('Seconds between looks.', { default: 1, minimum: 1 }),
      active_connection_states: schema.list('What counts as a connection for `drained`.', {
        default: ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'],
      }),
      msg: schema.str('What to say when the time is over.'),
    },
    [],
    {
      allOf: [schema.exclusive('port', 'path'), schema.whenever('state', ['drained'], schema.needsOne('port'))],
    },
  ),
  examples: `
- name: The API server answers
  wait_for:
    port: 6443
    timeout: 120

- name: apt is done
  wait_for:
    path: /var/lib/dpkg/lock-frontend
    state: absent
`,

  writes: [],
  neverChanged: isPause,
  probe: params => (isPause(params) ? (nothing as Probe<Waiting>) : probeWaiting(params)),

  plan(params, seen) {
    if (isPause(params)) {
      return {
        changes: [
          {
            kind: 'pause',
            seconds: params.timeout + params.delay,
            summary: `waits ${params.timeout + params.delay} s`,
          },
        ],
      }
    }
    if (seen.there) return { changes: [] }
    const what = awaited(params)
    if (!seen.waited)
      return {
        needs: what,
        remedy: 'raise timeout if it only needs longer',
        ...(params.path === undefined ? {} : { at: [params.path] }),
      }
    return {
      refused: 'timeout',
      data: { msg: params.msg ?? `Timeout when waiting for ${what}`, seconds: seen.elapsed },
    }
  },

  async apply({ seconds }, _params, host) {
    await host.run(['sleep', String(seconds)])
    return { elapsed: seconds, changed: false }
  },

  value(params, { elapsed, line }, applied) {
    const base = { state: params.state, port: params.port ?? null, path: params.path ?? null }
    const result = { ...base, search_regex: params.search_regex ?? null, ...groupsOf(params.search_regex, line) }
    return isPause(params) ? { ...result, ...(applied[0] as JsonObject) } : { ...result, elapsed: elapsed ?? 0 }
  },

  messages: {
    codes: {
      timeout: data => ({
        what: `${field(data, 'msg')} (${field(data, 'seconds')} s)`,
        remedy: 'look on the host why it does not come; raise timeout if it only needs longer',
      }),
    },
  },
})

const awaited = ({ host, port, path, state, search_regex }: Params): string => {
  const what = path ?? `${host}:${port}`
  const text = search_regex === undefined ? '' : `search string ${search_regex} in `
  if (state === 'drained') return `${what} to drain`
  if (state === 'stopped' || state === 'absent') return `${what} to ${path === undefined ? 'stop' : 'be absent'}`
  return `${text}${path !== undefined && text === '' ? 'file ' : ''}${what}`
}

const groupsOf = (pattern: string | undefined, line: string | undefined): JsonObject => {
  const match =
    pattern === undefined || line === undefined ? null : firstMatch(pythonRegex(pattern, { multiline: true }), line)
  return { match_groups: match?.slice(1).map(one => one ?? null) ?? [], match_groupdict: { ...match?.groups } }
}
