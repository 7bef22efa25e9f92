import t from 'tap'
import { controlFile, debFile, packages } from '../../../../lab/mirror/debian/packages.js'

const named = (name: string) => {
  const found = packages.find(one => one.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

t.test('the packages of the public repository, under its versions', async t => {
  t.strictSame(packages.map(debFile), [
    'kubeadm_1.34.4-1.1_amd64.deb',
    'kubelet_1.34.4-1.1_amd64.deb',
    'kubectl_1.34.4-1.1_amd64.deb',
    'cri-tools_1.36.0-1.1_amd64.deb',
    'kubernetes-cni_1.7.1-1.1_amd64.deb',
  ])
})

t.test('a control file has one line a field, and no empty ones', async t => {
  const control = controlFile(named('kubelet'), 81_900)
  t.match(control, /^Package: kubelet\nVersion: 1\.34\.4-1\.1\nArchitecture: amd64\n/)
  t.match(control, /\nInstalled-Size: 81900\n/)
  t.match(control, /\nDepends: kubernetes-cni \(>= 1\.2\.0\), mount, util-linux\n/)
  t.ok(control.endsWith('\n'))
  for (const line of control.trimEnd().split('\n')) t.match(line, /^[A-Z][A-Za-z-]+: \S/)
  t.notMatch(controlFile(named('kubeadm'), 1), /Depends/)
})

t.test('kubelet is started the way kubeadm expects', async t => {
  const dropIn = named('kubeadm').files?.['usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf']?.text ?? ''
  t.match(dropIn, /\nExecStart=\nExecStart=\/usr\/bin\/kubelet \$KUBELET_KUBECONFIG_ARGS /)
  t.match(dropIn, /EnvironmentFile=-\/var\/lib\/kubelet\/kubeadm-flags\.env/)
  t.ok(named('kubernetes-cni').programs.some(program => program.path === 'opt/cni/bin/loopback'))
})
