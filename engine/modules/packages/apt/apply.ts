import type { Json } from '../../../core/json.js'
import type { Session } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { aptEnvironment, installArgv, installUrlArgv, plainArgv, removeArgv, repairArgv, underPolicy } from './argv.js'
import type { AptChange } from './change.js'
import { type AptParams, upgradeOf } from './params.js'
import { upgradeWord } from './read.js'
import { refreshLists } from './refresh.js'

/** Under one name for all of apt: a run that lost its client is waited for before another begins. */
export const applyApt = async (change: AptChange, p: AptParams, host: Session): Promise<Json> => {
  if (change.waitsFor !== undefined) host.progress(`waiting for ${change.waitsFor} to let go of dpkg's lock`)
  const { stdout, stderr } =
    change.kind === 'refresh'
      ? await refreshLists(host, p.lock_timeout, p.update_cache_retries)
      : await host.long('apt', argvOf(change, p), { env: aptEnvironment })
  return { kind: change.kind, stdout: text(stdout), stderr: text(stderr) }
}

const argvOf = (change: Exclude<AptChange, { kind: 'refresh' }>, p: AptParams): readonly string[] => {
  switch (change.kind) {
    case 'repair':
      return underPolicy(p.policy_rc_d, repairArgv(p))
    case 'upgrade':
      return underPolicy(p.policy_rc_d, plainArgv(p, upgradeWord(upgradeOf(p)).split(' ')))
    case 'install':
      return underPolicy(p.policy_rc_d, installArgv(p, change.words))
    case 'install-url':
      return underPolicy(p.policy_rc_d, installUrlArgv(p, change.url))
    case 'remove':
      return underPolicy(p.policy_rc_d, removeArgv(p, change.words))
    case 'autoremove':
      return underPolicy(p.policy_rc_d, plainArgv(p, p.purge ? ['--purge', 'autoremove'] : ['autoremove']))
    case 'autoclean':
    case 'clean':
      return plainArgv(p, [change.kind])
  }
}
