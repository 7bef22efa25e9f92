import { NotObserved } from '../../../core/failure.js'
import { type Change, defineModule } from '../../../core/module.js'
import { read, text } from '../../../core/read.js'
import { ShellText, sh } from '../../../shell/quote.js'
import { foldersScript } from '../../../shell/safe-change.js'
import { applyAttributes } from '../../support/attributes.js'
import { applyHostCopy } from '../../support/copy-on-host.js'
import { ownFileMessages } from '../../support/edit.js'
import { mergeResults } from '../../support/merge-results.js'
import { field } from '../../support/message-data.js'
import { barredRefusal, parentCheck } from '../../support/path.js'
import { object, path, str } from '../../support/schema.js'
import { adminConf } from '../paths.js'

interface Params {
  readonly user: string
  readonly src: string
}

interface Seen {
  readonly source: boolean
  /** undefined: no such user. */
  readonly user: { readonly home: string; readonly group: string } | undefined
  readonly state: 'same' | 'other' | 'absent' | 'folder'
  /** What stands where a folder is to be. */
  readonly barred?: string
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

A file with other content that is there is kept beside it, under a new name each time: \`config.DATE@TIME~\`.`,
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
if [ -d "$home/.kube/config" ]; then echo folder
elif [ ! -e "$home/.kube/config" ]; then echo absent
elif [ -f "$home/.kube/config" ] && cmp -s ${p.src} "$home/.kube/config" && [ "$(stat -c '%a %U' "$home/.kube/config")" = ${`600 ${p.user}`} ]; then echo same
else echo other; fi
f=$home/.kube/config; ${new ShellText(parentCheck)}`,
      answer => {
        if (answer.rc === 44) return { source: true, user: undefined, state: 'absent' }
        const [home, group, source, state, above = ''] = text(answer.stdout).trim().split('\n')
        if (answer.rc !== 0 || home === undefined || group === undefined) throw new NotObserved(answer)
        return {
          source: source === 'source',
          user: { home, group },
          state: state === 'same' || state === 'other' || state === 'folder' ? state : 'absent',
          ...(above.startsWith('barred ') ? { barred: above.slice('barred '.length).replace('\0', '') } : {}),
        }
      },
    ),

  plan(p, { source, user, state, barred }) {
    if (user === undefined) return { refused: 'no-user', data: { user: p.user } }
    if (state === 'same') return { changes: [] }
    if (!source) return { needs: 'a control plane (admin.conf)' }
    if (barred !== undefined) return barredRefusal(barred)
    if (state === 'folder') return { refused: 'is-directory', data: { path: `${user.home}/.kube/config` } }
    const summary = `${user.home}/.kube/config: ${state === 'absent' ? 'new' : 'replaced, the old one is kept'}`
    return { changes: [{ kind: 'install', home: user.home, group: user.group, keep: state === 'other', summary }] }
  },

  async apply({ home, group, keep }, { user, src }, host) {
    const folder = { mode: 0o700, owner: user, group }
    await host.shell(foldersScript(`${home}/.kube`, folder), { shown: `make the folder ${home}/.kube` })
    await applyAttributes(host, { ...folder, path: `${home}/.kube`, via: `${home}/.kube` })
    const file = { from: src, to: `${home}/.kube/config`, folder: false, backup: keep, mode: 0o600, owner: user, group }
    return applyHostCopy({ kind: 'copy-on-host', summary: '', ...file }, host)
  },

  value: (_params, _seen, applied) => mergeResults(applied),

  messages: {
    codes: {
      ...ownFileMessages,
      'no-user': data => ({
        what: `there is no user ${field(data, 'user')} on this machine`,
        remedy: 'make the user, or take the name out of kubectl_users',
      }),
    },
  },
})
