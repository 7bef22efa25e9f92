/** Kubernetes versions as people write them: `1.34.4`, `v1.34.4`. */
export interface KubeVersion {
  readonly minor: number
  readonly patch: number
}

/** kubeadm v1beta4 is understood from 1.31 on, and v1beta3 is gone in 1.37: one configuration serves all from here. */
export const floorMinor = 31

/** undefined where it is not a version of the form 1.N.P. */
export const parseVersion = (text: string): KubeVersion | undefined => {
  const match = /^v?1\.(\d+)\.(\d+)$/.exec(text.trim())
  return match === null ? undefined : { minor: Number(match[1]), patch: Number(match[2]) }
}

/** The pause image that kubeadm of that minor names (cmd/kubeadm/app/constants PauseVersion); containerd must name the same. */
export const pauseImage = (minor: number, repository = 'registry.k8s.io'): string =>
  `${repository}/pause:${minor >= 34 ? '3.10.1' : '3.10'}`
