import { textOf } from '../support/files.js'

/**
 * The hosts' /etc/resolv.conf: this machine's servers, less those on its own loopback, which a host cannot reach; systemd-resolved
 * keeps the real ones aside.
 */
export const resolvConf = async (): Promise<string> => {
  for (const path of ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']) {
    const lines = ((await textOf(path)) ?? '').split('\n').filter(line => /^(nameserver|search|options) /.test(line))
    const usable = lines.filter(line => !/^nameserver (127\.|::1)/.test(line))
    if (usable.some(line => line.startsWith('nameserver '))) return `${usable.join('\n')}\n`
  }
  return ''
}
