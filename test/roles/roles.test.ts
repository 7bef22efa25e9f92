import t from 'tap'
import type { JsonObject } from '../../engine/core/json.js'
import type { Role } from '../../engine/core/role.js'
import { modules } from '../../engine/modules/index.js'
import { controls } from '../../engine/playbook/control/controls.js'
import calico from '../../roles/calico/role.js'
import commonPrep from '../../roles/common-prep/role.js'
import docker from '../../roles/docker/role.js'
import kubePackages from '../../roles/kube-packages/role.js'
import masterInit from '../../roles/master-init/role.js'
import reset from '../../roles/reset/role.js'
import workerJoin from '../../roles/worker-join/role.js'
import { paramsOf } from '../support/cases.js'
import { cluster, stepsOf, systems } from '../support/role-view.js'

const roles = [
  commonPrep,
  docker,
  kubePackages,
  masterInit,
  calico,
  workerJoin,
  reset,
] as unknown as readonly Role<unknown>[]

const settings: readonly JsonObject[] = [
  {},
  { cni: 'flannel', firewall: 'open', flannel_iface: 'eth1' },
  {
    firewall: 'open',
    swap: 'keep',
    selinux: 'disabled',
    http_proxy: 'http://proxy.example.com:3128',
    no_proxy: ['.example.com'],
  },
  {
    containerd_repo_url: 'https://download.docker.com/linux/debian',
    containerd_registry_mirrors: { 'docker.io': ['http://192.0.2.1'] },
    containerd_registry_credentials: { 'docker.io': { username: 'ci', password: 'hunter2' } },
  },
  { calico_install: 'operator', calico_version: 'v3.31.7' },
  { calico_typha: 'always' },
  { kube_packages_hold: false, kubeadm_proxy: { mode: 'nftables' }, cni: 'none', kube_completion: ['bash', 'zsh'] },
]

/** Modules that the roles use on systems whose package manager is not there yet. */
const names = new Map(
  modules.flatMap(module => [module.name, ...(module.aliases ?? [])].map(name => [name, module] as const)),
)

for (const role of roles) {
  const known = Object.keys((role.params['properties'] ?? {}) as JsonObject)
  t.test(role.name, async t => {
    for (const [system, facts] of Object.entries(systems)) {
      for (const host of ['node1', 'node2']) {
        for (const given of settings) {
          const own = Object.fromEntries(Object.entries(given).filter(([name]) => known.includes(name)))
          for (const step of stepsOf(role, cluster(facts), host, own)) {
            if (controls.has(step.module)) continue
            const module = names.get(step.module)
            if (module === undefined) {
              t.equal(system, 'rhel9', `${step.name}: no module ${step.module} for ${system}`)
              continue
            }
            t.doesNotThrow(() => paramsOf(module, step.params as JsonObject), `${system} ${host}: ${step.name}`)
          }
        }
      }
    }
  })
}
