# tasks.yml in pyinfra's words.
from io import StringIO

from pyinfra.operations import apt, files, server, systemd

files.put(name="modules file", src=StringIO("overlay\nbr_netfilter\n"), dest="/etc/modules-load.d/k8s.conf", mode="644")
for name in ("bridge.bridge-nf-call-iptables", "bridge.bridge-nf-call-ip6tables", "ipv4.ip_forward"):
    files.line(path="/etc/sysctl.d/99-k8s.conf", line=f"net.{name} = 1")
files.directory(path="/etc/docker", mode="755")
files.put(src=StringIO('{"exec-opts":["native.cgroupdriver=systemd"]}'), dest="/etc/docker/daemon.json", mode="644")
server.user(user="deploy", shell="/bin/bash")
server.group(group="docker")
apt.packages(packages=["curl", "ca-certificates", "gnupg"])
files.replace(path="/etc/fstab", text=r"^([^#].*\sswap\s.*)$", replace=r"# \1")
systemd.service(service="ssh", running=True, enabled=True)
server.shell(commands=["systemctl is-system-running"])
for number in (1, 2, 3):
    files.line(path="/etc/hosts", line=f"10.77.0.{10 + number} node{number}")
files.put(src=StringIO("runtime-endpoint: unix:///run/containerd/containerd.sock\n"), dest="/etc/crictl.yaml")
files.directory(path="/opt/a")
files.directory(path="/opt/b")
files.link(path="/opt/link", target="/opt/a")
server.shell(commands=["swapon --show | wc -l"])
