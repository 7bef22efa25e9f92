import { ApplyFailed } from '../../../core/failure.js'
import type { Json } from '../../../core/json.js'
import type { Message } from '../../../core/messages.js'
import type { Session } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { jsonText } from '../../../python/json-text.js'
import { sh } from '../../../shell/quote.js'
import { field } from '../../support/message-data.js'
import { kubectl } from '../kubectl.js'
import { adminConf, proxyBefore, settingsBefore, stateDir } from '../paths.js'
import type { KubeletSettingsChange, ProxySettingsChange } from './later-settings.js'
import { proxyPatch, rollOutScript, templateOf } from './proxy-rollout.js'
import { saidByScript } from './script-words.js'

/** kubelets take theirs node by node (kubelet_config); kube-proxy's pods are replaced here. What is written may be what a user calls a secret. */
export const applyLater = (change: KubeletSettingsChange | ProxySettingsChange, host: Session): Promise<void> =>
  change.kind === 'kubelet-settings' ? patchSettings(change, host) : rollOut(change, host)

const note = async (host: Session, path: string, body: string): Promise<void> => {
  await host.put(path, body, { mode: 0o600 })
}

const patchSettings = async ({ patch, back, sha256 }: KubeletSettingsChange, host: Session): Promise<void> => {
  const file = `${stateDir}/kubelet-settings.json`
  await note(host, settingsBefore.patch, jsonText(back))
  await note(host, settingsBefore.now, `${sha256}\n`)
  await note(host, file, jsonText(patch))
  await host.shell(
    sh`timeout 60 ${kubectl(adminConf, 30)} patch configmap kubelet-config -n kube-system --type=merge --patch-file=${file}; rc=$?; rm -f ${file}; exit $rc`,
    { shown: 'kubectl patch configmap kubelet-config -n kube-system' },
  )
}

const rollOut = async (change: ProxySettingsChange, host: Session): Promise<void> => {
  await note(host, proxyPatch, jsonText(change.patch))
  if (!change.resumes) {
    await note(host, proxyBefore.template, jsonText(templateOf(change.rolledOut)))
    // From here on the rollout counts as begun.
    await note(host, proxyBefore.settings, jsonText(change.back))
  }
  try {
    await host.long('kubeadm-kube-proxy', ['sh', '-c', rollOutScript(change.sha256, change.resumes)])
  } catch (error) {
    if (!(error instanceof ApplyFailed)) throw error
    const heard = saidByScript(text(error.raw.stderr))
    const command = 'kubectl rollout status daemonset/kube-proxy -n kube-system'
    throw new ApplyFailed(
      command,
      error.raw,
      heard === undefined ? {} : { diagnosis: { code: 'proxy-settings', data: { ...heard } } },
    )
  }
}

export const proxyMessage = (data: Json): Message => {
  const word = field(data, 'word')
  if (word === 'silent' || word === 'unseen')
    return {
      what: `the API server stopped to answer while kube-proxy was given other settings${word === 'silent' ? ': nothing was changed' : ''}`,
      remedy: 'see why it is silent (`crictl ps -a` on the control plane), then run again: the rollout goes on',
    }
  return {
    what: [`kube-proxy does not run with the new settings; ${proxyNow[word] ?? ''}`, field(data, 'words')]
      .filter(line => line !== '')
      .join('\n'),
    remedy: 'correct kubeadm_proxy, then run again',
  }
}

const proxyNow: { readonly [word: string]: string } = {
  'failed-back': 'the cluster has the old ones again',
  'failed-slow': 'the cluster has the old ones again, and not all of its pods are back yet',
  failed: 'the old ones could not be brought back either',
}
