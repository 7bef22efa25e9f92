import fc from 'fast-check'
import type { JsonObject } from '../../../../engine/core/json.js'
import type { Family, Situation } from '../laws.js'
import { type Entry, file } from '../world.js'
import { optionally, people } from './paths.js'

/** What may stand where a file goes. */
const standing = (path: string, text: string): fc.Arbitrary<readonly Entry[]> =>
  fc.constantFrom<readonly Entry[]>(
    [],
    [file(path, text)],
    [file(path, text, { mode: 0o600, uid: 1000 })],
    [file(path, 'another\n')],
    [file(path, '\xff\0', { raw: true })],
    [{ kind: 'folder', path }],
    [{ kind: 'link', path, to: '/srv/real' }, file('/srv/real', 'another\n')],
    [{ kind: 'link', path, to: '/srv/nowhere/at all' }],
  )

const each = (
  module: string,
  world: fc.Arbitrary<readonly Entry[]>,
  params: fc.Arbitrary<object>,
): fc.Arbitrary<Situation> =>
  fc.tuple(world, params).map(([there, given]) => ({
    world: [...people, ...there],
    tasks: [{ module, params: given as JsonObject }],
  }))

const admin = 'apiVersion: v1\nkind: Config\n'

const kubeconfig = fc
  .tuple(
    fc.constantFrom<readonly Entry[]>(
      [],
      ...Array(4).fill([file('/etc/kubernetes/admin.conf', admin, { mode: 0o600 })]),
    ),
    fc.constantFrom<readonly Entry[]>(
      [],
      [{ kind: 'folder', path: '/home/kim', uid: 1000 }],
      [{ kind: 'folder', path: '/home/kim/.kube', mode: 0o700, uid: 1000 }],
      [file('/home/kim/.kube', 'foreign\n', { uid: 1000 })],
    ),
    fc.boolean(),
  )
  .chain(([source, home, kept]) =>
    home.some(({ path, kind }) => path.endsWith('.kube') && kind === 'folder')
      ? standing('/home/kim/.kube/config', admin).map(there => [
          ...source,
          ...home,
          ...there,
          ...(kept ? [file('/home/kim/.kube/cache', 'foreign\n', { uid: 1000 })] : []),
        ])
      : fc.constant([...source, ...home]),
  )

export const kubernetes: Family = {
  kubectl_config: each(
    'kubectl_config',
    kubeconfig,
    fc.record({ user: fc.constantFrom('root', 'kim', 'kim', 'none-such') }),
  ),
  kube_completion: each(
    'kube_completion',
    standing('/etc/bash_completion.d/kubectl', 'source <(kubectl completion bash)\n'),
    optionally({
      programs: fc.subarray(['kubectl', 'kubeadm', 'crictl']),
      shell: fc.constantFrom('bash', 'zsh'),
    }),
  ),
  containerd_registry: each(
    'containerd_registry',
    fc.oneof(
      standing('/etc/containerd/certs.d/registry.example.com:5000/hosts.toml', 'server = "x"\n'),
      fc.constant<readonly Entry[]>([file('/etc/containerd/certs.d', 'foreign\n')]),
    ),
    fc
      .tuple(
        fc.record({
          registry: fc.constantFrom('registry.example.com:5000', 'docker.io', '_default'),
          mirrors: fc.subarray(['http://192.0.2.1:5000', 'https://mirror.example.com/v2/x']),
        }),
        optionally({ certs_dir: fc.constantFrom('/etc/containerd/certs.d', '/srv/certs of') }),
      )
      .map(([named, more]) => ({ ...named, ...more })),
  ),
  kube_repository: each(
    'kube_repository',
    fc
      .tuple(
        standing('/etc/apt/sources.list.d/kubernetes.list', 'another\n'),
        fc.constantFrom<readonly Entry[]>([], [file('/etc/kubernetes/kubelet.conf', 'kind: Config\n')]),
      )
      // Fetching the key takes a server.
      .map(([list, node]) => [...list, ...node, file('/etc/apt/keyrings/kubernetes-apt-keyring.asc', 'key\n')]),
    fc.record({
      version: fc.constantFrom('1.34.4', 'v1.35.0'),
      url: fc.constant('https://pkgs.example.com/core:/stable:/v1.34/deb/'),
      key_url: fc.constant('https://pkgs.example.com/core:/stable:/v1.34/deb/Release.key'),
    }),
  ),
}
