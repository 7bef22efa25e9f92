import { NotObserved } from '../core/failure.js'
import { given } from '../core/given.js'
import { type Change, defineModule } from '../core/module.js'
import { read, text } from '../core/read.js'
import { sh } from '../shell/quote.js'
import { diagnoseBy, fieldOr, notRoot, notRootMessage } from './lib/diagnose.js'
import { bool, int, object, oneOf, str } from './lib/schema.js'
import { accountFiles } from './lib/writes.js'

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

  edits: true,
  writes: accountFiles,
  probe: ({ name }) =>
    read(sh`getent group ${name}`, raw => {
      if (raw.rc === 2) return {}
      const gid = Number(text(raw.stdout).split(':')[2])
      if (raw.rc !== 0 || !Number.isInteger(gid)) throw new NotObserved(raw)
      return { gid }
    }),

  plan(p, seen) {
    if (p.state === 'absent') {
      if (seen.gid === undefined) return { changes: [] }
      const argv = ['groupdel', ...(p.force ? ['-f'] : []), p.name]
      return { changes: [{ kind: 'remove', argv, summary: `remove group ${p.name}` }] }
    }
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

  value: (p, seen) => given({ name: p.name, state: p.state, system: p.system, gid: p.gid ?? seen.gid }),

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
