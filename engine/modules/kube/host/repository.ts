/** Where apt and dnf learn of a repository of Kubernetes packages. */
export interface RepositorySettings {
  /** The name of its files and, for dnf, its id. */
  readonly name: string
  readonly url: string
  readonly key_url: string
}

export const keyPath = ({ name }: RepositorySettings): string => `/etc/apt/keyrings/${name}-apt-keyring.asc`
export const listPath = ({ name }: RepositorySettings): string => `/etc/apt/sources.list.d/${name}.list`
export const repoPath = ({ name }: RepositorySettings): string => `/etc/yum.repos.d/${name}.repo`

/** A flat repository: the packages lie beside their index. apt reads an armoured key from 1.4 on. */
export const aptSource = (p: RepositorySettings): string => `deb [signed-by=${keyPath(p)}] ${p.url} /\n`

/** Excluded from ordinary upgrades, as the installation guide of Kubernetes has it; installs say --disableexcludes. */
export const dnfRepository = (p: RepositorySettings): string =>
  [
    `[${p.name}]`,
    'name=Kubernetes',
    `baseurl=${p.url}`,
    'enabled=1',
    'gpgcheck=1',
    `gpgkey=${p.key_url}`,
    'exclude=kubelet kubeadm kubectl cri-tools kubernetes-cni',
    '',
  ].join('\n')
