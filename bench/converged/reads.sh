# The reads of tasks.yml by hand, one line a task: the least that has to be asked. It fails where a host is not converged.
set -e
stat -c '%F %a %U %G' /etc/modules-load.d/k8s.conf; cat /etc/modules-load.d/k8s.conf
grep -cxF 'net.bridge.bridge-nf-call-iptables = 1' /etc/sysctl.d/99-k8s.conf
grep -cxF 'net.bridge.bridge-nf-call-ip6tables = 1' /etc/sysctl.d/99-k8s.conf
grep -cxF 'net.ipv4.ip_forward = 1' /etc/sysctl.d/99-k8s.conf
stat -c '%F %a %U %G' /etc/docker
stat -c '%F %a %U %G' /etc/docker/daemon.json; cat /etc/docker/daemon.json
getent passwd deploy
getent group docker
dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' curl ca-certificates gnupg
cat /etc/fstab
systemctl show -p LoadState,ActiveState,UnitFileState ssh
systemctl is-system-running
grep -cxF '10.77.0.11 node1' /etc/hosts
grep -cxF '10.77.0.12 node2' /etc/hosts
grep -cxF '10.77.0.13 node3' /etc/hosts
stat -c '%F %a %U %G' /etc/crictl.yaml; cat /etc/crictl.yaml
stat -c '%F %a %U %G' /opt/a
stat -c '%F %a %U %G' /opt/b
readlink /opt/link
swapon --show | wc -l
