import type { Raw, Session } from '../../../core/module.js'
import { aptEnvironment } from './argv.js'

/** Ansible's stamp, which Ubuntu writes by itself. */
export const successStamp = '/var/lib/apt/periodic/update-success-stamp'

/**
 * A source that cannot be fetched is an error, not a warning. That it went well is told by a stamp, put back before and set after: apt
 * touches the folder of the lists, and runs its own «success» hooks, after such an error too.
 * @param seconds how long to wait for another program that fetches lists
 */
export const refreshLists = async (host: Session, seconds = 60, retries = 5): Promise<Raw> => {
  const answer = await host.long('apt', refreshArgv(seconds, retries), { env: aptEnvironment })
  await host.run(['touch', successStamp])
  return answer
}

const refreshArgv = (seconds: number, retries: number): readonly string[] => [
  'apt-get',
  '-q',
  '-o',
  `DPkg::Lock::Timeout=${seconds}`,
  '-o',
  `Acquire::Retries=${retries}`,
  '-o',
  'APT::Update::Error-Mode=any',
  '-o',
  `APT::Update::Pre-Invoke::=mkdir -p /var/lib/apt/periodic && touch -d @0 ${successStamp}`,
  'update',
]
