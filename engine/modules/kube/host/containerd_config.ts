import { NotObserved } from '../../../core/failure.js'
import type { Read } from '../../../core/module.js'
import { all, defineModule } from '../../../core/module.js'
import { read, text } from '../../../core/read.js'
import { attributeDifference } from '../../support/attributes.js'
import { noFile, ownFileMessages } from '../../support/edit.js'
import { type FileSeen, textFile } from '../../support/file-seen.js'
import { bool, list, object, path, str } from '../../support/schema.js'
import { applyWrite, type WriteFile, writeFile } from '../../support/write-file.js'
import { fileAt } from '../../support/writes.js'
import { holdsLogin, loginsSchema, withoutLogins } from '../registry-auth.js'
import {
  type ContainerdSettings,
  type ContainerdVersion,
  containerdConfig,
  containerdVersion,
  hostsToml,
} from './containerd.js'

interface Params extends ContainerdSettings {
  readonly path: string
  readonly backup: boolean
}

interface Seen {
  /** undefined: containerd is not installed. */
  readonly version: ContainerdVersion | undefined
  readonly file: FileSeen
}

/** Its text is for showing: what is written is made again from the parameters, with the passwords. */
type WriteConfig = WriteFile & { readonly version: ContainerdVersion }

/** containerd's config.toml for kubelet. Source: containerd docs/cri/config.md, docs/PLUGINS.md. */
export const containerdConfigModule = defineModule<Params, Seen, WriteConfig>({
  name: 'containerd_config',
  kind: 'state',
  doc: `Writes containerd's configuration as Kubernetes needs it, for containerd 1.x (version 2) and 2.x (version 3).

The file is written as a whole and names only what differs from containerd's defaults: the systemd cgroup driver, the pause image,
the folder of CNI programs, and where registries' mirrors are described. CRI is on, also where a package switched it off. The new file
is tried by \`containerd config dump\` before it takes the place of the old one, which is kept as a backup. containerd reads it when it
starts: notify a restart.

Logins to registries (credentials) make it a file of root's alone (0600); no diff shows a password, and a file that may hold one is neither shown
nor kept as a backup.`,
  params: object({
    path: path('The file.', { default: '/etc/containerd/config.toml' }),
    pause_image: str('The image of the pod sandbox; the one that this kubeadm names.', {
      default: 'registry.k8s.io/pause:3.10.1',
    }),
    systemd_cgroup: bool('Let systemd manage the cgroups, as the kubelet does.', true),
    restrict_oom_score_adj: bool(
      'Never lower an oom_score_adj: for containerd inside a container without CAP_SYS_RESOURCE.',
      false,
    ),
    cni_bin_dir: path('The folder of the CNI programs.', { default: '/opt/cni/bin' }),
    certs_dir: path('The folder in which each registry has its hosts.toml.', { default: '/etc/containerd/certs.d' }),
    credentials: loginsSchema,
    settings: { type: 'object', default: {}, description: 'More of config.toml, merged in; null takes a key out.' },
    backup: bool('Keep a copy of the file that was there.', true),
  }),
  examples: `
- name: containerd for kubelet
  containerd_config:
    pause_image: registry.k8s.io/pause:3.10.1
  # notify: restart containerd, where the play has such a handler
`,

  writes: ({ path }, seen) => fileAt(path, seen?.file),
  probe: p => all<Seen>({ version: installedVersion, file: textFile(p.path) }),

  plan(p, { version, file }) {
    if (version === undefined) return { needs: 'containerd' }
    const wanted = containerdConfig(version, p)
    const attributes = holdsLogin(wanted) ? { mode: '0600', owner: 'root' } : {}
    if (file.text === wanted && attributeDifference(attributes, file.stat) === undefined) return { changes: [] }
    const before = file.text ?? ''
    const shown = withoutLogins(wanted)
    const hidden = file.text === undefined ? file : { ...file, text: withoutLogins(before) }
    const refusal = noFile(file)
    if (refusal !== undefined) return refusal
    // Where nothing but a password differs, the diff says so.
    const another = before !== wanted && hidden.text === shown ? withoutLogins(wanted, '*** (another)') : shown
    const write = writeFile(hidden, another, {
      ...attributes,
      backup: p.backup && before !== wanted && !holdsLogin(before),
      validate: 'containerd --config %s config dump',
    })
    return { changes: [{ ...write, version }] }
  },

  async apply(change, p, host) {
    const backup = await applyWrite(host, { ...change, text: containerdConfig(change.version, p) })
    return backup === undefined ? undefined : { backup_file: backup }
  },

  messages: {
    codes: {
      ...ownFileMessages,
      invalid: () => ({
        what: 'containerd does not take the new configuration; the old one is still in place',
        remedy: 'mend containerd_config, which is merged into it',
      }),
    },
    diagnose: ({ stderr }) => (/toml|config/i.test(stderr) ? { code: 'invalid', data: {} } : undefined),
  },
})

const installedVersion: Read<ContainerdVersion | undefined> = read(
  'command -v containerd >/dev/null || exit 44; exec containerd --version',
  answer => {
    if (answer.rc === 44) return undefined
    const version = answer.rc === 0 ? containerdVersion(text(answer.stdout)) : undefined
    if (version === undefined) throw new NotObserved(answer, "containerd's version")
    return version
  },
)

interface RegistryParams {
  readonly registry: string
  readonly mirrors: readonly string[]
  readonly certs_dir: string
}

/** The mirrors of one registry. Source: containerd docs/hosts.md. */
export const containerdRegistry = defineModule<RegistryParams, FileSeen, WriteFile>({
  name: 'containerd_registry',
  kind: 'state',
  doc: `Tells containerd the mirrors of a registry.

They are asked in order, then the registry itself. containerd reads the file at every pull: no restart is needed.`,
  params: object(
    {
      registry: str('The registry as images name it.', {
        pattern: '^[A-Za-z0-9.:_-]+$',
        examples: ['registry.k8s.io'],
      }),
      mirrors: list('URLs of mirrors.', { examples: [['http://192.0.2.1:5000']] }),
      certs_dir: path('The folder that config.toml names as config_path.', { default: '/etc/containerd/certs.d' }),
    },
    ['registry', 'mirrors'],
  ),
  examples: `
- name: registry.k8s.io by way of a mirror
  containerd_registry:
    registry: registry.k8s.io
    mirrors: ['http://192.0.2.1:5000']
`,

  writes: ({ certs_dir, registry }, seen) => fileAt(`${certs_dir}/${registry}/hosts.toml`, seen),
  probe: p => textFile(`${p.certs_dir}/${p.registry}/hosts.toml`),

  plan(p, seen) {
    const wanted = hostsToml(p.registry, p.mirrors)
    if (seen.text === wanted) return { changes: [] }
    const named = `${p.certs_dir}/${p.registry}/hosts.toml`
    return noFile(seen) ?? { changes: [writeFile(seen, wanted, { mode: '0644', named })] }
  },

  async apply(change, _p, host) {
    await applyWrite(host, change)
  },

  messages: { codes: ownFileMessages },
})
