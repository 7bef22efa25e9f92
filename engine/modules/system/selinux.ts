import { type Change, defineModule } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { read } from '../../core/read.js'
import { quote, ShellText, sh } from '../../shell/quote.js'
import { diagnoseBy, fieldOr, notRoot, notRootMessage } from '../support/diagnose.js'
import { damaged, notTextMessage } from '../support/edit.js'
import { ended, linesOf } from '../support/lines.js'
import { catIfThere, contents, nulSeparated } from '../support/nul-separated.js'
import { object, oneOf, path, str } from '../support/schema.js'

type Mode = 'enforcing' | 'permissive' | 'disabled'

interface Params {
  readonly state: Mode
  readonly policy?: string
  readonly configfile: string
}

interface Seen {
  readonly live: Mode
  readonly config?: string | undefined
  /** Whether the wanted policy is installed. */
  readonly policy: boolean
}

type Selinux = Change &
  (
    | { readonly kind: 'persist'; readonly path: string; readonly text: string }
    | { readonly kind: 'set'; readonly enforce: '0' | '1' }
  )

/** SELinux's mode. Source: selinux(8), and the comments in /etc/selinux/config. */
export const selinux = defineModule<Params, Seen, Selinux>({
  name: 'selinux',
  kind: 'state',
  doc: `Sets SELinux's mode, now and after a reboot.

Switching SELinux on where it is off, or off where it is on, takes a reboot: \`reboot_required\` says so. A machine without SELinux
is as permissive as it gets: only \`enforcing\` is refused there.`,
  params: object(
    {
      state: oneOf('The mode.', ['enforcing', 'permissive', 'disabled']),
      policy: str('The policy; what the file says stays by default.', {
        examples: ['targeted'],
        pattern: '^[\\w.-]+$',
      }),
      configfile: path('The file that is read at boot.', { default: '/etc/selinux/config', aliases: ['conf', 'file'] }),
    },
    ['state'],
  ),
  examples: `- name: let the kubelet do its work
  selinux:
    state: permissive
    policy: targeted
`,

  parts: () => ['selinux'],
  writes: ({ configfile }) => [realFile(configfile), '/sys/fs/selinux/'],
  probe: ({ configfile, policy }) =>
    read(
      [
        'if [ -e /sys/fs/selinux/enforce ]; then cat /sys/fs/selinux/enforce || exit 1; fi',
        "printf '\\0'",
        catIfThere(quote(realFile(configfile))),
        "printf '\\0'",
        sh`${new ShellText(policy === undefined ? ':' : sh`[ ! -d ${`/etc/selinux/${policy}`} ] || echo policy`)}`,
      ].join('\n'),
      raw => {
        const [enforce = '', config, hasPolicy = ''] = nulSeparated(raw, 3)
        return {
          live: enforce.trim() === '' ? 'disabled' : enforce.trim() === '1' ? 'enforcing' : 'permissive',
          config: contents(config),
          policy: policy === undefined || hasPolicy.includes('policy'),
        }
      },
    ),

  plan({ state, policy, configfile }, { live, config, policy: installed }) {
    const path = realFile(configfile)
    if (config === undefined && live === 'disabled') {
      return state === 'enforcing'
        ? {
            needs: 'SELinux on this machine',
            remedy: 'install a policy (selinux-policy-targeted; Debian: selinux-basics), or leave SELinux off',
          }
        : { changes: [] }
    }
    if (!installed && state !== 'disabled') return { refused: 'no-policy', data: { policy: policy ?? '' } }
    const text = withWord(
      policy === undefined ? (config ?? '') : withWord(config ?? '', 'SELINUXTYPE', policy),
      'SELINUX',
      state,
    )
    const changes: Selinux[] = []
    if (text !== config) {
      const broken = damaged(path, config)
      if (broken !== undefined) return broken
      changes.push({
        kind: 'persist',
        path,
        text,
        summary: `SELinux ${state} in ${path}`,
        diff: { path, before: config, after: text },
      })
    }
    if (live === 'enforcing' && state !== 'enforcing')
      changes.push({ kind: 'set', enforce: '0', summary: 'SELinux: enforcing → permissive' })
    if (live === 'permissive' && state === 'enforcing')
      changes.push({ kind: 'set', enforce: '1', summary: 'SELinux: permissive → enforcing' })
    return { changes }
  },

  async apply(change, _params, host) {
    switch (change.kind) {
      case 'persist':
        await host.put(change.path, change.text)
        return
      case 'set':
        await host.run(['setenforce', change.enforce])
        return
    }
  },

  value: ({ state, policy, configfile }, { live, config }) => ({
    ...omitUndefined({ state, policy, configfile: realFile(configfile) }),
    reboot_required: (config !== undefined || live !== 'disabled') && (state === 'disabled') !== (live === 'disabled'),
  }),

  messages: {
    codes: {
      ...notTextMessage,
      ...notRootMessage,
      'no-policy': data => ({
        what: `the SELinux policy ${fieldOr(data, 'policy')} is not installed (there is no /etc/selinux/${fieldOr(data, 'policy')})`,
        remedy: `install selinux-policy-${fieldOr(data, 'policy')}, or name an installed policy`,
      }),
    },
    diagnose: diagnoseBy([notRoot]),
  },
})

/** RHEL has a link to the file; replacing the link would leave the file as it is. */
const realFile = (path: string): string => (path === '/etc/sysconfig/selinux' ? '/etc/selinux/config' : path)

const withWord = (text: string, key: string, value: string): string => {
  const lines = linesOf(text)
  const at = lines.findIndex(line => line.split('=', 1)[0]?.trim() === key && line.includes('='))
  if (at === -1) return [...ended(lines), `${key}=${value}\n`].join('')
  const said = (lines[at] ?? '').split('=')[1]?.trim()
  return said === value ? text : lines.with(at, `${key}=${value}\n`).join('')
}
