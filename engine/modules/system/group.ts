import { NotObserved } from '../../core/failure.js'
import { type Change, defineModule } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { read } from '../../core/read.js'
import { sh } from '../../shell/quote.js'
import { diagnoseBy, fieldOr, notRoot, notRootMessage } from '../support/diagnose.js'
import { nulSeparated } from '../support/nul-separated.js'
import { bool, int, object, oneOf, str } from '../support/schema.js'
import { accountFiles } from '../support/writes.js'

interface Params {
  readonly name: string
  readonly gid?: number
  readonly state: 'present' | 'absent'
  readonly system: boolean
  readonly non_unique: boolean
  readonly force: boolean
}

interface Seen {
  readonly gid?: number
  /** The wanted number is another group's. */
  readonly taken?: true
  /** A user whose primary group it is; only where it is to go. */
  readonly primaryOf?: string
}

type Group = Change & { readonly kind: 'add' | 'number' | 'remove'; readonly argv: readonly string[] }

/** Groups of users. Source: groupadd(8), groupmod(8), groupdel(8). */
export const group = defineModule<Params, Seen, Group>({
  name: 'group',
  kind: 'state',
  doc: 'Makes, renumbers or removes a group.',
  params: object(
    {
      name: str('The group.', { pattern: '^[A-Za-z_][\\w.-]*\\$?$', maxLength: 32, examples: ['docker'] }),
      gid: int('Its number.', { minimum: 0 }),
      state: oneOf('Whether it is there.', ['present', 'absent'], 'present'),
      system: bool('A new group gets a number of the system’s range.', false),
      non_unique: bool('The number may belong to another group already.', false),
      force: bool('Remove it even where it is the primary group of a user.', false),
    },
    ['name'],
  ),
  examples: `- name: who may talk to containerd
  group:
    name: containers
    system: true
`,

  parts: ({ name }) => [`group ${name}`],
  writes: accountFiles,
  probe: ({ name, gid, state }) =>
    read(
      [
        sh`getent group ${name} ${gid === undefined ? [] : [String(gid)]} || [ $? -eq 2 ] || exit 1`,
        "printf '\\0'",
        state === 'absent'
          ? sh`id=$(getent group ${name} | cut -d: -f3); [ -z "$id" ] || grep -m 1 "^[^:]*:[^:]*:[^:]*:$id:" /etc/passwd || :`
          : ':',
      ].join('\n'),
      raw => {
        const [groups = '', users = ''] = nulSeparated(raw, 2)
        const lines = groups.split('\n').map(line => line.split(':'))
        const own = lines.find(([one]) => one === name)
        if (own !== undefined && !/^\d+$/.test(own[2] ?? '')) throw new NotObserved(raw)
        const taken = lines.some(([one = '', , number]) => one !== '' && one !== name && number === String(gid))
        return omitUndefined({
          gid: own === undefined ? undefined : Number(own[2]),
          taken: taken || undefined,
          primaryOf: users.split(':')[0] || undefined,
        })
      },
    ),

  plan(p, seen) {
    if (p.state === 'absent') {
      if (seen.gid === undefined) return { changes: [] }
      if (seen.primaryOf !== undefined && !p.force) return { refused: 'primary', data: { user: seen.primaryOf } }
      const argv = ['groupdel', ...(p.force ? ['-f'] : []), p.name]
      return { changes: [{ kind: 'remove', argv, summary: `remove group ${p.name}` }] }
    }
    if (seen.taken === true && !p.non_unique && p.gid !== seen.gid)
      return { refused: 'gid-taken', data: { gid: String(p.gid) } }
    const number = p.gid === undefined ? [] : ['-g', String(p.gid), ...(p.non_unique ? ['-o'] : [])]
    if (seen.gid === undefined) {
      const argv = ['groupadd', ...number, ...(p.system ? ['-r'] : []), p.name]
      return { changes: [{ kind: 'add', argv, summary: `group ${p.name}${p.gid === undefined ? '' : ` (${p.gid})`}` }] }
    }
    if (p.gid === undefined || p.gid === seen.gid) return { changes: [] }
    const argv = ['groupmod', ...number, p.name]
    return { changes: [{ kind: 'number', argv, summary: `group ${p.name}: ${seen.gid} → ${p.gid}` }] }
  },

  async apply(change, _params, host) {
    await host.run(change.argv)
  },

  value: (p, seen) => omitUndefined({ name: p.name, state: p.state, system: p.system, gid: p.gid ?? seen.gid }),

  messages: {
    codes: {
      ...notRootMessage,
      'gid-taken': data => ({
        what: `another group has the number ${fieldOr(data, 'gid')}`,
        remedy: `choose another \`gid\`, or set \`non_unique: true\`; \`getent group ${fieldOr(data, 'gid')}\` names the other group`,
      }),
      primary: data => ({
        what: `the group is the primary group of user ${fieldOr(data, 'user')}`,
        remedy: 'remove that user first, or set `force: true`',
      }),
      locked: data => ({
        what: `another program is changing ${fieldOr(data, 'file', 'the list of groups')}`,
        remedy: `try again; if no such program runs, remove ${fieldOr(data, 'file', '/etc/group')}.lock`,
      }),
    },
    diagnose: diagnoseBy([
      { code: 'gid-taken', pattern: /GID '?(?<gid>\d+)'? already exists/ },
      { code: 'primary', pattern: /cannot remove the primary group of user '(?<user>[^']+)'/ },
      // Before what comes of it: who may not lock a file is told to try again later.
      notRoot,
      { code: 'locked', pattern: /cannot lock (?<file>[^;\s]+); try again later/ },
    ]),
  },
})
