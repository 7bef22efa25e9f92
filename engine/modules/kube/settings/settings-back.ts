import type { HostSelector, SharedValue } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { ShellText, sh } from '../../../shell/quote.js'
import { kubectl } from '../kubectl.js'
import { adminConf, settingsBefore } from '../paths.js'

const k = kubectl(adminConf, 20)

/**
 * The shell function `take_back`: gives the ConfigMap kubelet-config what it had before it was changed to the settings of this sha256, and says
 * `taken back`. Where it has become another since, or was changed by somebody else, it is left alone.
 */
export const takeBackFunction = (sha256: string): ShellText =>
  new ShellText(sh`take_back() {
  [ -e ${settingsBefore.patch} ] && [ "$(cat ${settingsBefore.now} 2>/dev/null)" = ${sha256} ] || return 1
  timeout 30 ${k} get configmap kubelet-config -n kube-system -o ${'jsonpath={.data.kubelet}'} | sha256sum | grep -q ${`^${sha256}`} || return 1
  timeout 30 ${k} patch configmap kubelet-config -n kube-system --type=merge --patch-file=${settingsBefore.patch} >/dev/null && echo 'taken back'
}`)

/** The same for a worker whose kubelet does not come up: only a control plane may do it. Whether it was done. */
export const settingsTakenBack = (on: HostSelector, node: string, sha256: string): SharedValue<boolean> => ({
  key: `kubelet-settings-back@${on}/${node}`,
  on,
  ttl: 0,
  secret: false,
  async make(session) {
    const { stdout } = await session.shell(
      sh`${takeBackFunction(sha256)}
take_back`,
      { ok: 'any', shown: 'kubectl patch configmap kubelet-config' },
    )
    return text(stdout).includes('taken back')
  },
})
