import { AGNHOST_TAG, KUBERNETES } from '../versions.js'
import type { GoModule } from './go-module.js'

/** What Kubernetes calls staging modules: in its own tree they are folders, for everyone else modules of version 0.x. */
const STAGING =
  `api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider cluster-bootstrap
  code-generator component-base component-helpers controller-manager cri-api cri-client csi-translation-lib
  dynamic-resource-allocation endpointslice externaljwt kms kube-aggregator kube-controller-manager kube-proxy kube-scheduler
  kubectl kubelet metrics mount-utils pod-security-admission sample-apiserver sample-cli-plugin sample-controller`
    .trim()
    .split(/\s+/)

const pins = {
  require: { 'k8s.io/kubernetes': `v${KUBERNETES}` },
  replace: Object.fromEntries(STAGING.map(name => [`k8s.io/${name}`, `v${KUBERNETES.replace(/^1\./, '0.')}`])),
}

const version = 'k8s.io/component-base/version'
const [major = '', minor = ''] = KUBERNETES.split('.')

/** The seven programs of a Kubernetes node and control plane, stamped as a release is. */
export const kubernetes: GoModule = {
  name: 'kubernetes',
  ...pins,
  stamps: {
    [`${version}.gitVersion`]: `v${KUBERNETES}`,
    [`${version}.gitMajor`]: major,
    [`${version}.gitMinor`]: minor,
    [`${version}.gitTreeState`]: 'clean',
    [`${version}.gitCommit`]: '0'.repeat(40),
    [`${version}.buildDate`]: '2026-01-01T00:00:00Z',
    'k8s.io/client-go/pkg/version.gitVersion': `v${KUBERNETES}`,
  },
  programs: `kubeadm kubectl kubelet kube-apiserver kube-controller-manager kube-scheduler kube-proxy`
    .split(' ')
    .map(name => ({ name, package: `k8s.io/kubernetes/cmd/${name}` })),
}

/** Says which image of agnhost the tests of this Kubernetes ask for. */
const ASKED = `package main

import (
	"fmt"

	"k8s.io/kubernetes/test/utils/image"
)

func main() {
	fmt.Println(image.GetE2EImage(image.Agnhost))
}
`

/** What Kubernetes' own tests run in pods: servers, clients and questions about the network, in one program. */
export const agnhost: GoModule = {
  name: 'agnhost',
  ...pins,
  stamps: { 'main.Version': AGNHOST_TAG },
  files: { 'main.go': ASKED },
  programs: [
    { name: 'agnhost', package: 'k8s.io/kubernetes/test/images/agnhost' },
    { name: 'asked-image', package: '.' },
  ],
}
