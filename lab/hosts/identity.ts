import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LOGINS } from '../base/base-files.js'
import { hostPaths, labDir } from '../state/paths.js'
import type { HostState, LabState } from '../state/state.js'
import { placeFile, replaceFile } from '../support/files.js'
import { sh } from '../support/shell.js'

/** Who the lab's user is to its hosts. All of it lies in the lab's folder and goes with it. */
export interface Identity {
  /** An ed25519 key without a passphrase, mode 0600. */
  readonly key: string
  readonly publicKey: string
  /** The hosts' keys, pinned before they first boot. */
  readonly knownHosts: string
  /** For `ssh -F`: host names, key and known hosts of this lab. */
  readonly sshConfig: string
  /** The file with the password that `opsp` gives to sudo. */
  readonly opspPassword: string
}

/** What sshd offers on a fresh Debian, less RSA, which is slow to make. */
const HOST_KEYS = ['ed25519', 'ecdsa'] as const

export const identityOf = (lab: string): Identity => {
  const at = (name: string) => join(labDir(lab), name)
  return {
    key: at('id_ed25519'),
    publicKey: at('id_ed25519.pub'),
    knownHosts: at('known_hosts'),
    sshConfig: at('ssh_config'),
    opspPassword: at('opsp.password'),
  }
}

export const ensureIdentity = async (lab: string): Promise<void> => {
  const { key, publicKey, opspPassword } = identityOf(lab)
  if (!existsSync(publicKey)) {
    await rm(key, { force: true })
    await sh`ssh-keygen -q -t ed25519 -N ${''} -C ${`tkplay-lab-${lab}`} -f ${key}`
  }
  if (!existsSync(opspPassword)) await replaceFile(opspPassword, `${randomBytes(12).toString('base64url')}\n`, 0o600)
}

/** The host's own keys, made outside and once, so that a host that is reset is still the same host to its clients. */
export const ensureHostKeys = async (lab: string, host: string): Promise<void> => {
  const { keys } = hostPaths(lab, host)
  await mkdir(keys, { recursive: true, mode: 0o700 })
  for (const type of HOST_KEYS) {
    const path = join(keys, `ssh_host_${type}_key`)
    if (existsSync(`${path}.pub`)) continue
    await rm(path, { force: true })
    await sh`ssh-keygen -q -t ${type} -N ${''} -C ${`root@${host}`} -f ${path}`
  }
}

/** Puts keys, logins and the sudo password of `opsp` into a host's tree. */
export const placeIdentity = async (lab: string, host: string, root: string): Promise<void> => {
  const { publicKey, opspPassword } = identityOf(lab)
  const { keys } = hostPaths(lab, host)
  for (const type of HOST_KEYS) {
    const name = `ssh_host_${type}_key`
    await placeFile(join(root, 'etc/ssh', name), await readFile(join(keys, name), 'utf8'), 0o600)
    await placeFile(join(root, 'etc/ssh', `${name}.pub`), await readFile(join(keys, `${name}.pub`), 'utf8'))
  }
  const authorized = await readFile(publicKey, 'utf8')
  for (const { home, uid } of LOGINS) {
    const folder = join(root, home, '.ssh')
    const file = join(folder, 'authorized_keys')
    await placeFile(file, authorized, 0o600)
    await chmod(folder, 0o700)
    await chown(folder, uid, uid)
    await chown(file, uid, uid)
  }
  const hash = (await sh`openssl passwd -6 -in ${opspPassword}`).stdout.trim()
  await sh({ input: `opsp:${hash}\n`, stdio: ['pipe', 'pipe', 'pipe'] })`chroot ${root} chpasswd --encrypted`
}

/** Writes known_hosts and ssh_config for the hosts that the lab has now. */
export const writeClientFiles = async (lab: LabState): Promise<void> => {
  const { key, knownHosts, sshConfig } = identityOf(lab.name)
  const lines = await Promise.all(lab.hosts.map(host => knownHostLines(lab.name, host)))
  await replaceFile(knownHosts, lines.flat().join(''), 0o644)
  const config = [
    ...lab.hosts.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n  HostKeyAlias ${address}\n`),
    `Host *\n  User root\n  IdentityFile ${key}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${knownHosts}\n`,
    '  StrictHostKeyChecking yes\n  LogLevel ERROR\n',
  ]
  await replaceFile(sshConfig, config.join(''), 0o644)
}

const knownHostLines = (lab: string, { name, address }: HostState): Promise<string[]> =>
  Promise.all(
    HOST_KEYS.map(async type => {
      const text = await readFile(join(hostPaths(lab, name).keys, `ssh_host_${type}_key.pub`), 'utf8')
      return `${name},${address} ${text.split(' ').slice(0, 2).join(' ')}\n`
    }),
  )
