import type { Log } from '../support/log.js'
import { LabProblem } from '../support/problem.js'
import { attempt, reason, sh } from '../support/shell.js'

/** What the lab itself needs on this machine. */
export const LAB_PACKAGES = [
  'debian-archive-keyring',
  'iproute2',
  'mmdebstrap',
  'nftables',
  'openssh-client',
  'openssl',
  'systemd-container',
] as const

/** Installs what is missing of these Debian packages, and says so. They stay when the lab goes. */
export const ensurePackages = async (names: readonly string[], log: Log): Promise<void> => {
  const missing = await absent(names)
  if (missing.length === 0) return
  log(`installing Debian packages on this machine: ${missing.join(' ')}`)
  const apt = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=600', '-o', 'APT::Get::Assume-Yes=true']
  try {
    await sh`apt-get ${apt} update`
    await sh({
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })`apt-get ${apt} install --no-install-recommends ${missing}`
  } catch (error) {
    throw new LabProblem(
      `the packages ${missing.join(', ')} could not be installed:\n${reason(error)}`,
      `make «apt-get install ${missing.join(' ')}» work on this machine (Debian or Ubuntu), then start again`,
    )
  }
}

const absent = async (names: readonly string[]): Promise<readonly string[]> => {
  const query = await attempt`dpkg-query -W -f '\${db:Status-Status} \${Package}\n' ${names}`
  const installed = new Set(
    query.stdout
      .split('\n')
      .filter(line => line.startsWith('installed '))
      .map(line => line.slice('installed '.length)),
  )
  return names.filter(name => !installed.has(name))
}
