import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDir } from '../state/paths.js'
import { placeFile } from '../support/files.js'
import { withLock } from '../support/lock.js'
import type { Log } from '../support/log.js'
import { LabProblem } from '../support/problem.js'
import { attempt, reason, sh } from '../support/shell.js'
import { BASE_FILES, LOGINS, MASKED } from './base-files.js'

/**
 * As bare as a server from Debian's installer with «SSH server» chosen: what the roles need beyond this they install
 * themselves. python3 and python3-apt are there for Ansible, the peer in conformance tests and measures.
 */
const PACKAGES = [
  'ca-certificates',
  'dbus',
  'e2fsprogs',
  'iproute2',
  'iputils-ping',
  'kmod',
  'less',
  'libpam-systemd',
  'mount',
  'netbase',
  'openssh-server',
  'procps',
  'python3',
  'python3-apt',
  'sudo',
  'systemd',
  'systemd-sysv',
] as const

const debianMirror = (): string => process.env['TKPLAY_DEBIAN_MIRROR'] ?? 'http://deb.debian.org'

export const sources = (): readonly string[] => {
  const mirror = debianMirror()
  return [
    `deb ${mirror}/debian bookworm main`,
    `deb ${mirror}/debian bookworm-updates main`,
    `deb ${mirror}/debian-security bookworm-security main`,
  ]
}

/** The base system's folder in the cache; made when it is not there (about a minute, 280 MB). */
export const ensureBase = async (log: Log): Promise<string> => {
  const options = await aptOptions()
  const key = createHash('sha256')
    .update(JSON.stringify([PACKAGES, sources(), options, BASE_FILES, MASKED, LOGINS]))
    .digest('hex')
    .slice(0, 12)
  const folder = join(cacheDir(), `base-bookworm-${key}`)
  if (existsSync(folder)) return folder
  return withLock('base', log, async () => {
    if (!existsSync(folder)) await build(folder, options, log)
    return folder
  })
}

const build = async (folder: string, options: readonly string[], log: Log): Promise<void> => {
  await requireMirror()
  log(`making the hosts' base system from ${debianMirror()} (Debian 12; about a minute, 280 MB, kept in ${cacheDir()})`)
  await mkdir(cacheDir(), { recursive: true })
  const unfinished = `${folder}.unfinished`
  await sh`rm -rf --one-file-system ${unfinished}`
  const flags = ['--variant=minbase', `--include=${PACKAGES.join(',')}`, ...options.map(option => `--aptopt=${option}`)]
  try {
    await sh`mmdebstrap ${flags} bookworm ${unfinished} ${sources()}`
  } catch (error) {
    throw new LabProblem(
      `the base system could not be made:\n${reason(error).split('\n').slice(-12).join('\n')}`,
      `see that ${debianMirror()} answers (TKPLAY_DEBIAN_MIRROR names another mirror), then start again`,
    )
  }
  await customise(unfinished)
  await rename(unfinished, folder)
}

const customise = async (root: string): Promise<void> => {
  for (const { user, uid } of LOGINS) {
    if (uid !== 0) await sh`chroot ${root} useradd --create-home --uid ${uid} --shell /bin/bash ${user}`
  }
  for (const { path, text, mode } of BASE_FILES) await placeFile(join(root, path), text, mode ?? 0o644)
  for (const unit of MASKED) await symlink('/dev/null', join(root, 'etc/systemd/system', unit))
  await sh`chroot ${root} systemctl enable lab-cgroups.service`
  for (const name of await readdir(join(root, 'etc/ssh'))) {
    if (name.startsWith('ssh_host_')) await rm(join(root, 'etc/ssh', name))
  }
}

/** How this machine reaches package archives (a proxy, an archive frozen in time): its hosts do it in the same way. */
export const aptOptions = async (): Promise<readonly string[]> => {
  const { stdout } = await attempt`apt-config dump`
  const line = /^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date) "(.+)";$/
  return stdout
    .split('\n')
    .filter(text => line.test(text))
    .map(text => text.replace(/;$/, ''))
}

const requireMirror = async (): Promise<void> => {
  const url = `${debianMirror()}/debian/dists/bookworm/InRelease`
  const proxied = (await aptOptions()).some(option => option.includes('::Proxy'))
  if (proxied) return
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })
    if (response.ok) return
    throw new Error(`HTTP ${response.status}`)
  } catch (error) {
    throw new LabProblem(
      `Debian's packages cannot be reached: ${url}: ${reason(error)}`,
      'connect this machine to the network, or name a mirror that it reaches in TKPLAY_DEBIAN_MIRROR',
    )
  }
}
