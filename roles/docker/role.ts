import { defineRole, type Finding, type RoleStep, step, type View } from '../../engine/core/role.js'
import { floorMinor, parseVersion, pauseImage } from '../../engine/modules/kube/host/version.js'
import { proxyEnvironment } from '../shared/cluster.js'
import { parameters } from '../shared/properties.js'
import { type Params, properties } from './params.js'

const restart = { notify: ['restart containerd'] }

/** The container runtime: containerd, with the systemd cgroup driver. Seed: «Docker Install», «Cgroup 드라이버 이슈». */
export default defineRole<Params>({
  name: 'docker',
  doc: 'The container runtime: containerd, with the systemd cgroup driver.',
  params: parameters(properties),
  steps: (p, view) => [
    ...repository(p, view),
    install(p, view),
    step(
      'containerd for kubelet',
      'containerd_config',
      {
        pause_image: p.containerd_pause_image || kubeadmsPause(p),
        restrict_oom_score_adj: p.containerd_restrict_oom_score_adj,
        credentials: p.containerd_registry_credentials,
        settings: p.containerd_config,
      },
      restart,
    ),
    ...Object.entries(p.containerd_registry_mirrors).map(([registry, mirrors]) =>
      step(`mirrors of ${registry}`, 'containerd_registry', { registry, mirrors: [...mirrors] }),
    ),
    ...proxy(p, view),
    step('containerd runs', 'systemd', { name: 'containerd', state: 'started', enabled: true }),
    step('crictl finds containerd', 'copy', {
      dest: '/etc/crictl.yaml',
      content:
        'runtime-endpoint: unix:///run/containerd/containerd.sock\nimage-endpoint: unix:///run/containerd/containerd.sock\n',
      mode: '0644',
    }),
  ],
  preflight: (p, view) => oldRuntime(p, view),
  handlers: () => [
    step('restart containerd', 'systemd', { name: 'containerd', state: 'restarted', daemon_reload: true }),
  ],
})

/**
 * The pause image of kubeadm, from the same repository as its other images: a machine that reaches no other registry
 * must find it there.
 */
const kubeadmsPause = (p: Params): string =>
  pauseImage(minorOf(p), p.kubeadm_image_repository === '' ? undefined : p.kubeadm_image_repository)

const minorOf = (p: Params): number => parseVersion(p.kubernetes_version)?.minor ?? floorMinor

/**
 * Warns about containerd 1.x, which Debian 13 and Ubuntu 24.04 still have: 1.35 is the last minor version that supports
 * it.
 */
const oldRuntime = (p: Params, view: View): readonly Finding[] =>
  minorOf(p) > 35 && packageName(p, view) === 'containerd'
    ? [
        {
          level: 'warning',
          host: view.host.name,
          what: `Kubernetes ${p.kubernetes_version} supports containerd 2 only, and the distribution's package may be 1.x`,
          remedy: "set containerd_repo_url to Docker's repository for this distribution, which has containerd.io 2",
        },
      ]
    : []

/** Debian and Ubuntu package containerd themselves; the RHEL family gets it from Docker's repository. */
const packageName = (p: Params, view: View): string =>
  p.containerd_package ||
  (view.facts['os_family'] === 'RedHat' || p.containerd_repo_url !== '' ? 'containerd.io' : 'containerd')

const repository = (p: Params, view: View): readonly RoleStep[] => {
  const { facts } = view
  if (facts['os_family'] === 'RedHat') {
    const url = p.containerd_repo_url || 'https://download.docker.com/linux/centos'
    const lines = [
      '[docker-ce-stable]',
      'name=Docker CE Stable',
      `baseurl=${url}/$releasever/$basearch/stable`,
      'enabled=1',
      'gpgcheck=1',
      `gpgkey=${p.containerd_repo_key_url || `${url}/gpg`}`,
    ]
    return [
      step('repository of containerd', 'copy', {
        dest: '/etc/yum.repos.d/docker-ce.repo',
        content: `${lines.join('\n')}\n`,
        mode: '0644',
      }),
    ]
  }
  if (p.containerd_repo_url === '') return []
  return [
    step('repository of containerd', 'deb822_repository', {
      name: 'docker',
      types: ['deb'],
      uris: [p.containerd_repo_url],
      suites: [String(facts['distribution_release'] ?? '')],
      components: ['stable'],
      signed_by: p.containerd_repo_key_url || `${p.containerd_repo_url}/gpg`,
    }),
  ]
}

const install = (p: Params, view: View): RoleStep => {
  const isRpm = view.facts['os_family'] === 'RedHat'
  const name = packageName(p, view)
  const wanted = p.containerd_version === '' ? name : `${name}${isRpm ? '-' : '='}${p.containerd_version}`
  if (isRpm) return step('containerd', 'package', { name: [wanted], state: 'present' })
  return step(
    'containerd',
    'apt',
    { name: [wanted], state: 'present', install_recommends: false, update_cache: true, cache_valid_time: 3600 },
    { environment: aptEnvironment(p, view) },
  )
}

const aptEnvironment = (p: Params, view: View): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(proxyEnvironment(p, view)).map(([name, value]) => [name.toLowerCase(), value]))

const proxy = (p: Params, view: View): readonly RoleStep[] => {
  const lines = Object.entries(proxyEnvironment(p, view)).map(([name, value]) => `Environment="${name}=${value}"`)
  if (lines.length === 0) return []
  const folder = '/etc/systemd/system/containerd.service.d'
  return [
    step("folder of containerd's drop-ins", 'file', { path: folder, state: 'directory', mode: '0755' }),
    step(
      'containerd pulls by way of the proxy',
      'copy',
      { dest: `${folder}/http-proxy.conf`, content: `[Service]\n${lines.join('\n')}\n`, mode: '0644' },
      restart,
    ),
  ]
}
