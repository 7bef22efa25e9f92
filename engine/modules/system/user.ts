import { defineModule } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { diagnoseBy, fieldOr, notRoot, notRootMessage } from '../support/diagnose.js'
import { barredMessage } from '../support/path.js'
import { bool, inert, int, list, object, oneOf, path, str } from '../support/schema.js'
import { keyFile, type UserParams, type UserSeen, unlocked } from './user/account.js'
import { homeScript, homesScript, keyScript } from './user/home.js'
import { planUser, type UserChange } from './user/plan.js'
import { readUser } from './user/read.js'
import { userWrites } from './user/writes.js'

/** Users. Source: useradd(8), usermod(8), userdel(8), chpasswd(8), passwd(5), shadow(5). */
export const user = defineModule<UserParams, UserSeen, UserChange>({
  name: 'user',
  kind: 'state',
  doc: `Makes, changes or removes a user.

\`password\` takes a hash (\`{{ secret | password_hash('sha512', salt) }}\` with a fixed salt, or it changes each time); it reaches the host
on chpasswd's standard input. \`groups\` replaces the supplementary groups unless \`append\` is true.`,
  params: object(
    {
      name: str('The user.', {
        pattern: '^[A-Za-z_][\\w.-]*\\$?$',
        maxLength: 32,
        aliases: ['user'],
        examples: ['deploy'],
      }),
      state: oneOf('Whether there is such a user.', ['present', 'absent'], 'present'),
      uid: int('The number.', { minimum: 0 }),
      non_unique: bool('The number may belong to another user already.', false),
      group: str('The primary group, by name or number. A new user gets one of its own name.'),
      groups: list('Supplementary groups; an empty list takes the user out of all.', { examples: [['docker', 'adm']] }),
      append: bool('Add `groups` to those that the user has.', false),
      comment: str('Usually the full name.', { pattern: '^[^:\\n]*$' }),
      home: path('The home directory.', { pattern: '^/[^:\\n]*$' }),
      create_home: bool('Make the home directory where it is missing.', true, { aliases: ['createhome'] }),
      move_home: bool('Where `home` changes, move what is in the old one.', false),
      skeleton: path('What a new home directory starts with.'),
      shell: path('The login shell.', { pattern: '^[^:\\n]*$' }),
      system: bool('A new user gets a number of the system’s range.', false),
      password: str('The hash of the password, or `!` or `*` for none that fits.', {
        secret: true,
      }),
      update_password: oneOf(
        '`on_create` leaves the password of a user who exists.',
        ['always', 'on_create'],
        'always',
      ),
      password_lock: bool('Whether the password is locked.'),
      expires: { type: 'number', description: 'When the account ends, in seconds since 1970; negative: never.' },
      remove: bool('With `state: absent`, remove the home directory too.', false),
      force: bool('With `state: absent`, even while the user is logged in.', false),
      generate_ssh_key: bool('Make an SSH key without a passphrase where there is none.', false),
      ssh_key_type: oneOf('Kind of that key.', ['ed25519', 'rsa', 'ecdsa'], 'ed25519'),
      ssh_key_bits: int('Size of that key.', { minimum: 256 }),
      ssh_key_file: path('Where that key goes, from the home directory; `.ssh/id_TYPE` by default.'),
      ...Object.fromEntries(
        ['authorization', 'hidden', 'login_class', 'profile', 'role'].map(name => [
          name,
          inert('it is of other systems than Linux'),
        ]),
      ),
      ssh_key_comment: str('Comment of that key.'),
    },
    ['name'],
  ),
  examples: `- name: who deploys
  user:
    name: deploy
    groups: [adm, docker]
    append: true
    shell: /bin/bash

- name: gone, with what was at home
  user:
    name: mallory
    state: absent
    remove: true
`,

  newSession: true,
  parts: ({ name }) => [`user ${name}`],
  writes: userWrites,
  probe: readUser,
  plan: planUser,

  async apply(change, p, host) {
    switch (change.kind) {
      case 'add':
      case 'change':
      case 'remove':
        if (touchesHome(change))
          await host.shell(homesScript(p), { shown: `look at where the home folder of ${p.name} is` })
        await host.run(change.argv)
        return
      case 'password':
        await host.run(['chpasswd', '-e'], { stdin: `${p.name}:${hashFor(p, change.locked)}\n`, secret: true })
        return
      case 'home':
        await host.shell(homeScript(p), { shown: `make the home folder of ${p.name}` })
        return
      case 'key':
        await host.shell(keyScript(p, p.ssh_key_comment ?? `ansible-generated on ${host.host}`), {
          shown: `make an SSH key for ${p.name}`,
        })
        return
    }
  },

  value: (p, { account, groups, known }) =>
    omitUndefined({
      name: p.name,
      state: p.state,
      uid: account?.uid,
      group: p.group === undefined ? account?.gid : (known[p.group] ?? p.group),
      groups: p.groups === undefined ? undefined : groups,
      home: account?.home,
      shell: account?.shell,
      comment: account?.comment,
      append: p.append,
      create_home: p.create_home,
      system: p.system,
      move_home: p.move_home,
      password: p.password === undefined ? undefined : 'NOT_LOGGING_PASSWORD',
      ssh_key_file: p.generate_ssh_key ? keyFile(p) : undefined,
    }),

  messages: {
    codes: {
      ...notRootMessage,
      ...barredMessage,
      'not-a-hash': data => ({
        what: `the password of ${fieldOr(data, 'user')} is not a hash`,
        remedy: 'hash it: password: "{{ secret | password_hash(\'sha512\', salt) }}"',
      }),
      'uid-taken': data => ({
        what: `${fieldOr(data, 'user', 'another user')} has the number ${fieldOr(data, 'uid')}`,
        remedy: `choose another \`uid\`, or set \`non_unique: true\`; \`getent passwd ${fieldOr(data, 'uid')}\` names the other user`,
      }),
      'logged-in': data => ({
        what: `${fieldOr(data, 'user', 'the user')} has processes (${fieldOr(data, 'pid', 'one')} among them)`,
        remedy: `end them (\`loginctl terminate-user ${fieldOr(data, 'user', 'USER')}\`), or set \`force: true\` when removing`,
      }),
      'no-group': data => ({
        what: `there is no group ${fieldOr(data, 'group')}`,
        remedy: 'make it in an earlier task (`group`), or correct the name',
      }),
      locked: data => ({
        what: `another program is changing ${fieldOr(data, 'file', 'the list of users')}`,
        remedy: `try again; if no such program runs, remove ${fieldOr(data, 'file', '/etc/passwd')}.lock`,
      }),
      'home-taken': data => ({
        what: `the home folder cannot be moved to ${fieldOr(data, 'home')}: there is something already`,
        remedy: `move that away, or leave out \`move_home\` where ${fieldOr(data, 'home')} is to be used as it is`,
      }),
      'home-is-link': data => ({
        what: `the home folder ${fieldOr(data, 'home')} is a link that leads nowhere`,
        remedy: 'remove it in an earlier task (`file` with state: absent), or make what it leads to',
      }),
      'home-is-no-folder': data => ({
        what: `${fieldOr(data, 'home')} is the home of the user, but no folder: userdel would not remove it`,
        remedy: 'leave out `remove`; `file` with state: absent removes it in a task of its own',
      }),
      'home-of-another': data => ({
        what: `the home folder ${fieldOr(data, 'home')} is not owned by ${fieldOr(data, 'user')}`,
        remedy: 'leave out `remove`, and the folder stays; or set `force: true`, and it goes all the same',
      }),
      'no-password': data => ({
        what: `${fieldOr(data, 'user')} has no password that could be unlocked: anyone could log in`,
        remedy: 'set `password`, or leave out `password_lock`',
      }),
      'home-not-moved': data => ({
        what: `the home folder ${fieldOr(data, 'from')} could not be moved to ${fieldOr(data, 'to')}; the account has the new one already`,
        remedy: `move it by hand: mv ${fieldOr(data, 'from')} ${fieldOr(data, 'to')}`,
      }),
      'no-shell': data => ({
        what: `${fieldOr(data, 'shell', 'the shell')} is not a program on this host`,
        remedy: 'install it in an earlier task, or correct `shell`',
      }),
    },
    diagnose: diagnoseBy([
      { code: 'uid-taken', pattern: /UID '?(?<uid>\d+)'? (?:already exists|is not unique)/ },
      { code: 'logged-in', pattern: /user (?<user>\S+) is currently used by process (?<pid>\d+)/ },
      { code: 'no-group', pattern: /group '(?<group>[^']+)' does not exist/ },
      // Before what comes of it: who may not lock a file is told to try again later.
      notRoot,
      { code: 'home-taken', pattern: /usermod: directory (?<home>.+) exists/ },
      { code: 'home-not-moved', pattern: /usermod: cannot rename directory (?<from>.+) to (?<to>\S+)/ },
      { code: 'locked', pattern: /cannot lock (?<file>[^;\s]+); try again later/ },
      { code: 'no-shell', pattern: /invalid shell '(?<shell>[^']+)'/ },
    ]),
  },
})

/** As usermod -L writes it: what begins with `!` fits no password. */
const hashFor = ({ password = '', password_lock }: UserParams, locked: boolean): string =>
  locked ? `!${unlocked(password)}` : password_lock === false ? unlocked(password) : password

/** useradd -m, usermod -m, userdel -r; and usermod -u gives the files in there to the new number. */
const touchesHome = ({
  kind,
  argv,
}: {
  readonly kind: 'add' | 'change' | 'remove'
  readonly argv: readonly string[]
}): boolean => (kind === 'remove' ? ['-r'] : kind === 'add' ? ['-m'] : ['-m', '-u']).some(flag => argv.includes(flag))
