import type { JsonObject, JsonSchema } from '../../engine/core/json.js'
import { type Logins, loginsSchema } from '../../engine/modules/kube/registry-auth.js'
import type { ProxyParams } from '../shared/cluster.js'
import { proxyProperties, shared } from '../shared/properties.js'

export interface Params extends ProxyParams {
  readonly kubernetes_version: string
  readonly container_runtime: 'containerd'
  readonly containerd_package: string
  readonly containerd_version: string
  readonly containerd_repo_url: string
  readonly containerd_repo_key_url: string
  readonly containerd_pause_image: string
  readonly kubeadm_image_repository: string
  readonly containerd_registry_mirrors: { readonly [registry: string]: readonly string[] }
  readonly containerd_registry_credentials: Logins
  readonly containerd_restrict_oom_score_adj: boolean
  readonly containerd_config: JsonObject
}

export const properties = {
  kubernetes_version: shared.kubernetes_version,
  container_runtime: { enum: ['containerd'], default: 'containerd', description: 'The container runtime.' },
  containerd_package: {
    type: 'string',
    default: '',
    description:
      "The package; the distribution's containerd on Debian and Ubuntu, containerd.io where Docker's repository is used.",
    examples: ['containerd.io'],
  },
  containerd_version: {
    type: 'string',
    default: '',
    description: 'Its version, with * for the rest.',
    examples: ['2.1.*'],
  },
  containerd_repo_url: {
    type: 'string',
    default: '',
    description: "Docker's repository or a mirror of it, in place of the distribution's containerd.",
    examples: ['https://download.docker.com/linux/debian'],
  },
  containerd_repo_key_url: {
    type: 'string',
    default: '',
    description: 'The key that signs it; gpg in that folder by default.',
    examples: ['https://download.docker.com/linux/debian/gpg'],
  },
  containerd_pause_image: {
    type: 'string',
    default: '',
    description: 'The image of the pod sandbox; the one that this version of kubeadm names by default.',
    examples: ['registry.k8s.io/pause:3.10.1'],
  },
  kubeadm_image_repository: shared.kubeadm_image_repository,
  containerd_registry_mirrors: {
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    default: {},
    description: 'Mirrors of registries, asked before the registry itself.',
    examples: [{ 'registry.k8s.io': ['http://192.0.2.1:5000'] }],
  },
  containerd_registry_credentials: loginsSchema,
  containerd_restrict_oom_score_adj: {
    type: 'boolean',
    default: false,
    description: 'Never lower an oom_score_adj: for machines that are containers themselves.',
  },
  containerd_config: { type: 'object', default: {}, description: "More of containerd's config.toml, merged in." },
  ...proxyProperties,
} satisfies { readonly [name in keyof Params]: JsonSchema }
