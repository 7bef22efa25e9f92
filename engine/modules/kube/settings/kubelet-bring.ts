import { sh } from '../../../shell/quote.js'
import { clock } from '../../support/clock.js'
import { freshFunction } from '../heartbeat.js'
import { kubectl } from '../kubectl.js'
import { adminConf, kubeletBefore, kubeletConf, kubeletPatched, stateDir } from '../paths.js'
import { takeBackFunction } from './settings-back.js'

export const kubeletFile = '/var/lib/kubelet/config.yaml'

interface Bring {
  readonly node: string
  readonly timeout: number
  /** A folder of kubeadm's patches on the host; '' for none. */
  readonly patches: string
  /** Of the cluster's settings as they were read. */
  readonly sha256: string
}

/**
 * Gives the kubelet the cluster's settings. It is restarted only where its file becomes another one, and has come up when it answers on
 * /healthz and its Lease and its Node are of after the restart; a Node that was Ready has to be so again. Where it does not come up, it gets
 * back the file of before. An API server that is silent says nothing about the kubelet: then the new file stays, and the next run looks again.
 *
 * On stderr a line `tkplay: WORD` says what went wrong, and the kubelet's last words follow.
 */
export const bringScript = ({ node, timeout, patches, sha256 }: Bring): string => {
  const k = kubectl(kubeletConf)
  const options = patches === '' ? [] : ['--patches', patches]
  return sh`: kubeadm upgrade node phase kubelet-config ${options}
umask 077
${clock}
${freshFunction(kubeletConf)}
${takeBackFunction(sha256)}
say() { printf 'tkplay: %s\n' "$*" >&2; }
setting() { sed -n "s/^$1: *[\"']\{0,1\}\([^\"' ]*\).*/\1/p" ${kubeletFile}; }
healthy() {
  port=$(setting healthzPort); at=$(setting healthzBindAddress)
  [ -n "$port" ] || port=10248
  [ -n "$at" ] || at=127.0.0.1
  [ "$port" != 0 ] || { systemctl is-active -q kubelet; return; }
  case $at in *:*) at="[$at]" ;; esac
  timeout 5 kubectl --kubeconfig=/dev/null --cache-dir=/dev/null --request-timeout=3s -s "http://$at:$port" get --raw /healthz >/dev/null 2>&1
}
ready() { timeout 10 ${k} get --raw ${`/api/v1/nodes/${node}`} 2>/dev/null | grep -q ${'"type":"Ready","status":"True"'}; }
reported() { healthy && fresh ${node} && { [ $was = 0 ] || ready; }; }
restart() {
  systemctl reset-failed kubelet 2>/dev/null
  timeout 90 systemctl restart kubelet
}
# A kubelet that systemd has begun again twice does not get any further.
comes_up() {
  end=$(($(now) + $1))
  while [ "$(now)" -lt $end ]; do
    reported && return 0
    [ "$(systemctl show -p NRestarts --value kubelet 2>/dev/null || echo 0)" -lt 2 ] || healthy || return 1
    sleep 1
  done
  return 1
}
mkdir -p -m 0700 ${stateDir} || exit 1
new=${`${stateDir}/kubelet-config.cluster`}
timeout 30 ${k} get configmap kubelet-config -n kube-system -o ${'jsonpath={.data.kubelet}'} >$new || { rm -f $new; say silent; exit 1; }
sum=$(sha256sum <$new); rm -f $new
case $sum in ${sha256}*) ;; *) say changed; exit 1 ;; esac
again=1
[ -e ${kubeletBefore} ] || { again=0; cp -p ${kubeletFile} ${kubeletBefore}.new && mv ${kubeletBefore}.new ${kubeletBefore}; } || exit 1
was=1; ready || was=0
if ! timeout 120 kubeadm upgrade node phase kubelet-config ${options}; then
  cp -p ${kubeletBefore} ${kubeletFile}
  [ $again = 1 ] || rm -f ${kubeletBefore}
  exit 1
fi
note() { rm -f ${kubeletBefore}; printf '%s %s\n' ${sha256} "$(sha256sum <${kubeletFile} | cut -c1-64)" >${kubeletPatched}; }
if [ $again = 0 ] && cmp -s ${kubeletBefore} ${kubeletFile}; then note; exit 0; fi
cursor=$(journalctl -u kubelet -n 0 --show-cursor 2>/dev/null | sed -n 's/^-- cursor: //p')
restart
comes_up ${timeout} && { note; exit 0; }
if healthy && ! timeout 10 ${k} get --raw /readyz >/dev/null 2>&1; then say unseen; exit 1; fi
words=$(journalctl -u kubelet --after-cursor="$cursor" --no-pager -o cat 2>/dev/null | grep -E '^[EF][0-9]|rror:|panic:' | tail -n 3 | cut -c1-600)
cp -p ${kubeletBefore} ${kubeletFile}
restart
word=not-up
if comes_up 60; then
  word=not-up-back
  [ -e ${adminConf} ] && take_back
elif healthy; then word=not-up-back; fi
rm -f ${kubeletBefore}
say $word
printf '%s\n' "$words" >&2
exit 1`
}
