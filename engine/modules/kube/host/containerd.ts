import type { JsonObject } from '../../../core/json.js'
import { mergeSettings } from '../merge.js'
import { type Logins, registryConfigs } from '../registry-auth.js'
import { toToml } from './toml.js'

export interface ContainerdSettings {
  readonly pause_image: string
  readonly systemd_cgroup: boolean
  readonly restrict_oom_score_adj: boolean
  readonly cni_bin_dir: string
  readonly certs_dir: string
  readonly credentials: Logins
  /** More of config.toml, merged in. */
  readonly settings: JsonObject
}

/** The first line says whose file it is: the role reset removes only ours. */
export const managedLine = '# Managed by tkplay (containerd_config): changes made here are undone by the next run.'

/**
 * The whole of config.toml. containerd lays it over its defaults because it says `version`; without that line the
 * keys below would be ignored. Packages that switch CRI off (containerd.io's disabled_plugins) are answered by naming no plugin.
 * Source: containerd docs/cri/config.md of 1.6, 1.7 and 2.x.
 */
export const containerdConfig = (version: ContainerdVersion, p: ContainerdSettings): string =>
  `${managedLine}\n${toToml(mergeSettings(version.major >= 2 ? version3(version, p) : version2(p), p.settings))}`

export interface ContainerdVersion {
  readonly major: number
  readonly minor: number
}

/** Of `containerd --version`: «containerd github.com/containerd/containerd/v2 v2.1.4 75cb2b7…», Debian's «… 1.6.20~ds1 …». */
export const containerdVersion = (said: string): ContainerdVersion | undefined => {
  const [, major, minor] = / v?(\d+)\.(\d+)\.\d/.exec(said) ?? []
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) }
}

const version2 = (p: ContainerdSettings): JsonObject => ({
  version: 2,
  disabled_plugins: [],
  plugins: {
    'io.containerd.grpc.v1.cri': {
      sandbox_image: p.pause_image,
      restrict_oom_score_adj: p.restrict_oom_score_adj,
      cni: { bin_dir: p.cni_bin_dir },
      containerd: { runtimes: { runc: runc(p) } },
      registry: { config_path: p.certs_dir, ...registryConfigs(p.credentials) },
    },
  },
})

const version3 = ({ major, minor }: ContainerdVersion, p: ContainerdSettings): JsonObject => ({
  version: 3,
  disabled_plugins: [],
  plugins: {
    'io.containerd.cri.v1.images': {
      pinned_images: { sandbox: p.pause_image },
      registry: { config_path: p.certs_dir, ...registryConfigs(p.credentials) },
    },
    'io.containerd.cri.v1.runtime': {
      restrict_oom_score_adj: p.restrict_oom_score_adj,
      // 2.1 has a list in its place, and refuses both.
      cni: major === 2 && minor === 0 ? { bin_dir: p.cni_bin_dir } : { bin_dirs: [p.cni_bin_dir] },
      containerd: { runtimes: { runc: runc(p) } },
    },
  },
})

/** Named in full: a runtime that a file names is taken from the file alone, not laid over its default. */
const runc = (p: ContainerdSettings): JsonObject => ({
  runtime_type: 'io.containerd.runc.v2',
  options: { SystemdCgroup: p.systemd_cgroup },
})

/** hosts.toml of one registry: its mirrors in order, then the registry itself. Source: containerd docs/hosts.md. */
export const hostsToml = (registry: string, mirrors: readonly string[]): string => {
  const server = registry === 'docker.io' ? 'https://registry-1.docker.io' : `https://${registry}`
  const host = Object.fromEntries(mirrors.map(url => [url, { capabilities: ['pull', 'resolve'] }]))
  const managed = managedLine.replace('containerd_config', 'containerd_registry')
  return `${managed}\n${toToml({ server, ...(mirrors.length === 0 ? {} : { host }) })}`
}
