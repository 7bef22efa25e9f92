import { type Change, defineModule } from '../../core/module.js'
import { read } from '../../core/read.js'
import { sh } from '../../shell/quote.js'
import { diagnoseBy, notRoot, notRootMessage } from '../support/diagnose.js'
import { catIfThere, contents, nulSeparated } from '../support/nul-separated.js'
import { object, str } from '../support/schema.js'

interface Params {
  readonly name: string
}

interface Seen {
  readonly live: string
  readonly file?: string | undefined
}

type Hostname = Change & ({ readonly kind: 'persist'; readonly text: string } | { readonly kind: 'set' })

const file = '/etc/hostname'
const live = '/proc/sys/kernel/hostname'

/** The name a machine has of itself. Source: hostname(5), sethostname(2): at most 64 bytes. */
export const hostname = defineModule<Params, Seen, Hostname>({
  name: 'hostname',
  kind: 'state',
  doc: `Names the machine, now and after a reboot.

\`/etc/hosts\` stays as it is: give the machine a line there too, or \`sudo\` and others wait for name servers.`,
  params: object(
    {
      name: str('The name: letters, digits, hyphens; dots where it is a full name.', {
        pattern: '^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$',
        maxLength: 64,
        examples: ['node1'],
      }),
      use: str('Ansible’s choice of a tool; no effect: the name is set in the same way on every Linux.'),
    },
    ['name'],
  ),
  examples: `- name: called as in the inventory
  hostname:
    name: "{{ inventory_hostname }}"
`,

  // The running kernel is asked for nothing where it has the name: whoever else writes to /proc would seem to undo it.
  writes: ({ name }, seen) => (seen?.live === name ? [file] : [file, live]),
  probe: () =>
    read(`cat ${live} || exit 1\nprintf '\\0'\n${catIfThere(file)}`, raw => {
      const [name, text] = nulSeparated(raw, 2)
      return { live: (name ?? '').trim(), file: contents(text) }
    }),

  plan({ name }, seen) {
    const changes: Hostname[] = []
    const text = `${name}\n`
    if (firstName(seen.file ?? '') !== name) {
      changes.push({
        kind: 'persist',
        text,
        summary: `${file}: ${firstName(seen.file ?? '') || 'empty'} → ${name}`,
        diff: { path: file, before: seen.file, after: text },
      })
    }
    if (seen.live !== name) changes.push({ kind: 'set', summary: `hostname: ${seen.live} → ${name}` })
    return { changes }
  },

  async apply(change, { name }, host) {
    switch (change.kind) {
      case 'persist':
        await host.put(file, change.text, { mode: 0o644 })
        return
      case 'set':
        // A minimal RHEL has no hostname(1), a chroot no hostnamed.
        await host.shell(sh`hostname ${name} 2>/dev/null || hostnamectl set-hostname ${name}`)
        return
    }
  },

  value: ({ name }) => ({
    name,
    ansible_facts: {
      ansible_hostname: name.split('.')[0] ?? name,
      ansible_nodename: name,
      ansible_fqdn: name,
      ansible_domain: name.split('.').slice(1).join('.'),
    },
  }),

  messages: { codes: notRootMessage, diagnose: diagnoseBy([notRoot]) },
})

/** Comments and blank lines are allowed before the name. */
const firstName = (text: string): string =>
  text
    .split('\n')
    .map(line => line.trim())
    .find(line => line !== '' && !line.startsWith('#')) ?? ''
