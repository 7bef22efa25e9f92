#!/bin/bash
# Bare hosts become a cluster by the plainest means: the documented steps in a shell script over ssh. It is the peer that
# site.yml is measured against: the same packages, images and settings, and nothing looked at before it is changed.
#
# plain-kubernetes.sh MIRROR KEY CONTROL_PLANE WORKER...
#   MIRROR         http://address:port of the lab's mirror (lab/mirror/README.md)
#   KEY            private key that root's login on every host accepts
#   CONTROL_PLANE, WORKER   addresses
#   SSH_OPTIONS    more options for ssh, such as -o UserKnownHostsFile=FILE
#   UNTIL=ready    end when the nodes are Ready; otherwise nginx is deployed and asked, too
set -euo pipefail
[ $# -ge 4 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
mirror=$1 key=$2 first=$3
shift 3
workers=("$@")
pods=10.244.0.0/16

on() { # HOST ARGUMENT... : a script on stdin, run there by root
  local host=$1
  shift
  # shellcheck disable=SC2086
  ssh -i "$key" -o BatchMode=yes ${SSH_OPTIONS-} "root@$host" bash -euo pipefail -s -- "${@@Q}"
}

began=$EPOCHREALTIME last=$EPOCHREALTIME
lap() { # WHAT : how long it took since the last one
  local now=$EPOCHREALTIME
  awk -v what="$1" -v a="$last" -v b="$now" 'BEGIN { printf "%-28s %6.1f s\n", what, b - a }'
  last=$now
}

everywhere() { # FUNCTION HOST... : on all hosts at once; fails if one did
  local what=$1 pids=()
  shift
  for host in "$@"; do
    "$what" "$host" >"$logs/$what.$host" 2>&1 &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || { tail -n 20 "$logs/$what".*; exit 1; }; done
}

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

prepare() {
  on "$1" "$mirror" <<'SCRIPT'
mirror=$1
export DEBIAN_FRONTEND=noninteractive
swapoff -a
sed -i '/\sswap\s/s/^[^#]/# &/' /etc/fstab
printf 'overlay\nbr_netfilter\n' >/etc/modules-load.d/k8s.conf
printf 'net.ipv4.ip_forward = 1\nnet.bridge.bridge-nf-call-iptables = 1\nnet.bridge.bridge-nf-call-ip6tables = 1\n' >/etc/sysctl.d/99-kubernetes.conf
sysctl -q -p /etc/sysctl.d/99-kubernetes.conf
apt-get -qq update
apt-get -qq install -y --no-install-recommends containerd runc curl gnupg ca-certificates iptables conntrack ethtool socat

mkdir -p /etc/containerd /etc/apt/keyrings
containerd config default | sed \
  -e 's/SystemdCgroup = false/SystemdCgroup = true/' \
  -e 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' \
  -e 's#sandbox_image = .*#sandbox_image = "registry.k8s.io/pause:3.10.1"#' \
  -e 's#config_path = ""#config_path = "/etc/containerd/certs.d"#' \
  -e 's#bin_dir = .*#bin_dir = "/opt/cni/bin"#' >/etc/containerd/config.toml
for registry in registry.k8s.io docker.io; do
  mkdir -p /etc/containerd/certs.d/$registry
  printf 'server = "https://%s"\n\n[host."%s"]\n  capabilities = ["pull", "resolve"]\n' $registry "$mirror" >/etc/containerd/certs.d/$registry/hosts.toml
done
systemctl restart containerd

repository="$mirror/core:/stable:/v1.34/deb/"
curl -fsS "${repository}Release.key" | gpg --dearmor >/etc/apt/keyrings/kubernetes-apt-keyring.gpg
echo "deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.gpg] $repository /" >/etc/apt/sources.list.d/kubernetes.list
apt-get -qq update
apt-get -qq install -y --no-install-recommends kubelet kubeadm kubectl cri-tools
apt-mark -q hold kubelet kubeadm kubectl
systemctl -q enable --now kubelet
SCRIPT
}

initialise() {
  on "$1" "$1" "$pods" "$mirror" <<'SCRIPT'
address=$1 pods=$2 mirror=$3
umask 077
cat >/root/kubeadm.yaml <<YAML
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: $address}
nodeRegistration:
  criSocket: unix:///run/containerd/containerd.sock
  ignorePreflightErrors: [SystemVerification]
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.34.4
controlPlaneEndpoint: $address:6443
networking: {podSubnet: $pods, serviceSubnet: 10.96.0.0/12}
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: systemd
failCgroupV1: false
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
conntrack: {maxPerCore: 0, min: null, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
YAML
kubeadm init --config /root/kubeadm.yaml
mkdir -p /root/.kube
cp /etc/kubernetes/admin.conf /root/.kube/config
curl -fsS "$mirror/projectcalico/calico/v3.28.5/manifests/calico-vxlan.yaml" |
  sed -e 's/# - name: CALICO_IPV4POOL_CIDR/- name: CALICO_IPV4POOL_CIDR/' -e "s|#   value: \"192.168.0.0/16\"|  value: \"$pods\"|" |
  kubectl apply --server-side -f - >/dev/null
SCRIPT
}

join() {
  on "$1" "$command" <<'SCRIPT'
$1 --ignore-preflight-errors=SystemVerification
SCRIPT
}

settle() {
  on "$1" <<'SCRIPT'
kubectl wait --for=condition=Ready node --all --timeout=300s
kubectl -n kube-system rollout status daemonset/calico-node deployment/calico-kube-controllers deployment/coredns --timeout=300s
SCRIPT
}

deploy() {
  on "$1" <<'SCRIPT'
kubectl create deployment nginx --image=nginx:1.16.1 --replicas=2 --port=80
kubectl expose deployment nginx --type=NodePort --port=80
kubectl rollout status deployment/nginx --timeout=300s
port=$(kubectl get service nginx -o jsonpath='{.spec.ports[0].nodePort}')
for node in $(kubectl get nodes -o jsonpath='{.items[*].status.addresses[?(@.type=="InternalIP")].address}'); do
  curl -fsS --retry 10 --retry-connrefused --max-time 5 "http://$node:$port/" | grep -q nginx/1.16.1
  echo "nginx answers on http://$node:$port/"
done
kubectl run lookup --image=busybox:1.35 --restart=Never --command -- nslookup nginx.default.svc.cluster.local
kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/lookup --timeout=120s
kubectl logs lookup
SCRIPT
}

everywhere prepare "$first" "${workers[@]}"; lap 'hosts prepared'
everywhere initialise "$first"; lap 'kubeadm init, Calico applied'
command=$(on "$first" <<<'kubeadm token create --ttl 15m --print-join-command')
everywhere join "${workers[@]}"; lap 'workers joined'
everywhere settle "$first"; lap 'nodes Ready, Calico, CoreDNS'
awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%-28s %6.1f s\n", "bare to Ready", b - a }'
[ "${UNTIL-}" != ready ] || exit 0
everywhere deploy "$first"; lap 'nginx answers, name resolves'
cat "$logs/deploy.$first"
