import { NotObserved } from '../core/failure.js'
import { type Change, defineModule } from '../core/module.js'
import { read, text } from '../core/read.js'
import { sh } from '../shell/quote.js'
import { said } from './kube/kubeadm-messages.js'
import { adminConf } from './kube/paths.js'
import { object, path, str } from './lib/schema.js'

interface Params {
  readonly user: string
  readonly src: string
}

interface Seen {
  readonly source: boolean
  /** undefined: no such user. */
  readonly user: { readonly home: string; readonly group: string } | undefined
  readonly state: 'same' | 'other' | 'absent'
}

type KubectlConfig = Change & {
  readonly kind: 'install'
  readonly home: string
  readonly group: string
  readonly keep: boolean
}

/** The administrator's kubeconfig for a user of the control plane. */
export const kubectlConfig = defineModule<Params, Seen, KubectlConfig>({
  name: 'kubectl_config',
  kind: 'state',
  doc: `Gives a user of this machine the cluster's admin.conf as ~/.kube/config, readable by that user alone.

A file with other content that is there is kept beside it as config.before-tkplay.`,
  params: object(
    {
      user: str('The user.', { examples: ['root'] }),
      src: path('The kubeconfig to hand out.', { default: adminConf }),
    },
    ['user'],
  ),
  examples: `
- name: kubectl for root
  kubectl_config: {user: root}
`,

  writes: (_p, seen) => [`${seen?.user?.home ?? '~'}/.kube/`],
  probe: p =>
    read(
      sh`entry=$(getent passwd ${p.user}) || exit 44
home=$(printf %s "$entry" | cut -d: -f6) group=$(printf %s "$entry" | cut -d: -f4)
printf '%s\n%s\n' "$home" "$group"
[ -e ${p.src} ] && echo source || echo none
if [ ! -e "$home/.kube/config" ]; then echo absent
elif cmp -s ${p.src} "$home/.kube/config" && [ "$(stat -c '%a %U' "$home/.kube/config")" = ${`600 ${p.user}`} ]; then echo same
else echo other; fi`,
      answer => {
        if (answer.rc === 44) return { source: true, user: undefined, state: 'absent' }
        const [home, group, source, state] = text(answer.stdout).trim().split('\n')
        if (answer.rc !== 0 || home === undefined || group === undefined) throw new NotObserved(answer)
        return {
          source: source === 'source',
          user: { home, group },
          state: state === 'same' || state === 'other' ? state : 'absent',
        }
      },
    ),

  plan(p, { source, user, state }) {
    if (user === undefined) return { refused: 'no-user', data: { user: p.user } }
    if (state === 'same') return { changes: [] }
    if (!source) return { needs: 'a control plane (admin.conf)' }
    const summary = `${user.home}/.kube/config: ${state === 'absent' ? 'new' : 'replaced'}`
    return { changes: [{ kind: 'install', home: user.home, group: user.group, keep: state === 'other', summary }] }
  },

  async apply({ home, group, keep }, { user, src }, host) {
    const config = `${home}/.kube/config`
    if (keep) await host.run(['cp', '-p', config, `${config}.before-tkplay`])
    await host.run(['install', '-d', '-m', '0700', '-o', user, '-g', group, `${home}/.kube`])
    await host.run(['install', '-m', '0600', '-o', user, '-g', group, src, config])
  },

  messages: {
    codes: {
      'no-user': data => ({
        what: `there is no user ${said(data, 'user')} on this machine`,
        remedy: 'make the user, or take the name out of kubectl_users',
      }),
    },
  },
})
