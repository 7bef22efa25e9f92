import { NotObserved } from '../../../core/failure.js'
import { all, type Change, defineModule, type Facts } from '../../../core/module.js'
import { holds, read, text } from '../../../core/read.js'
import { ShellText, sh } from '../../../shell/quote.js'
import { noFile, ownFileMessages } from '../../support/edit.js'
import { type FileSeen, textFile } from '../../support/file-seen.js'
import { field } from '../../support/message-data.js'
import { object, str } from '../../support/schema.js'
import { applyWrite, type WriteFile, writeFile } from '../../support/write-file.js'
import { kubeletConf } from '../paths.js'
import { download } from './download.js'
import { aptSource, dnfRepository, keyPath, listPath, type RepositorySettings, repoPath } from './repository.js'
import { parseVersion } from './version.js'

interface Params extends RepositorySettings {
  readonly version: string
}

interface Seen {
  readonly source: FileSeen
  /** Whether the key is there. dnf fetches it by itself. */
  readonly key: boolean
  readonly node: { readonly joined: boolean; readonly kubelet: string }
}

type KubeRepository = WriteFile | (Change & { readonly kind: 'key'; readonly path: string })

/** The packages of one minor version of Kubernetes. Source: kubernetes.io, «Installing kubeadm»; sources.list(5); dnf.conf(5). */
export const kubeRepository = defineModule<Params, Seen, KubeRepository>({
  name: 'kube_repository',
  kind: 'state',
  doc: `Makes a repository of Kubernetes packages known to apt or dnf: its key and its source.

Each minor version of Kubernetes has a repository of its own. On a node of a cluster the minor version is not changed in passing: that is
an upgrade, and is refused.`,
  params: object(
    {
      version: str('The version of Kubernetes that will be installed.', {
        pattern: '^v?1\\.\\d+\\.\\d+$',
        examples: ['1.34.4'],
      }),
      url: str('The folder that has the packages and their index.', {
        examples: ['https://pkgs.k8s.io/core:/stable:/v1.34/deb/'],
      }),
      key_url: str('The key that signs it.', {
        examples: ['https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key'],
      }),
      name: str('The name of its files.', { default: 'kubernetes', pattern: '^[A-Za-z0-9_-]+$' }),
    },
    ['version', 'url', 'key_url'],
  ),
  examples: `
- name: packages of Kubernetes 1.34
  kube_repository:
    version: '1.34.4'
    url: https://pkgs.k8s.io/core:/stable:/v1.34/deb/
    key_url: https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key
`,

  writes: (p, seen) => [
    ...new Set([keyPath(p), listPath(p), repoPath(p), ...(seen === undefined ? [] : [seen.source.path])]),
  ],
  probe: (p, facts) =>
    all<Seen>({
      source: textFile(isRpm(facts) ? repoPath(p) : listPath(p)),
      key: holds(isRpm(facts) ? 'true' : sh`[ -s ${keyPath(p)} ]`),
      node: read(
        sh`[ -e ${kubeletConf} ] && echo joined || echo new
${new ShellText(isRpm(facts) ? "rpm -q --qf '%{VERSION}' kubelet" : "dpkg-query -W -f '${Version}' kubelet")} 2>/dev/null; exit 0`,
        answer => {
          if (answer.rc !== 0) throw new NotObserved(answer)
          const [state, kubelet = ''] = text(answer.stdout).split('\n')
          return { joined: state === 'joined', kubelet }
        },
      ),
    }),

  plan(p, { source, key, node }, facts) {
    const installed = parseVersion(node.kubelet.replace(/-.*$/, ''))
    const wanted = parseVersion(p.version)
    if (node.joined && installed !== undefined && installed.minor !== wanted?.minor) {
      return { refused: 'upgrade', data: { installed: `1.${installed.minor}.${installed.patch}`, wanted: p.version } }
    }
    const contents = isRpm(facts) ? dnfRepository(p) : aptSource(p)
    const changes: KubeRepository[] = []
    if (!key) changes.push({ kind: 'key', path: keyPath(p), summary: `the key of ${p.url}` })
    if (source.text === contents) return { changes }
    const named = isRpm(facts) ? repoPath(p) : listPath(p)
    return noFile(source) ?? { changes: [...changes, writeFile(source, contents, { mode: '0644', named })] }
  },

  async apply(change, p, host) {
    switch (change.kind) {
      case 'write':
        await applyWrite(host, change)
        return
      case 'key':
        await host.run(['mkdir', '-p', '-m', '0755', '/etc/apt/keyrings'])
        await host.shell(download(p.key_url, change.path), { timeout: 120_000 })
        return
    }
  },

  messages: {
    codes: {
      ...ownFileMessages,
      upgrade: data => ({
        what: `this node runs Kubernetes ${field(data, 'installed')}, wanted is ${field(data, 'wanted')}: that is an upgrade`,
        remedy:
          'set kubernetes_version to what runs here; an upgrade takes one minor version at a time, the control plane first',
      }),
      'not-there': data => ({
        what: `there is no repository at that address: ${field(data, 'text')}`,
        remedy: 'see kubernetes_version (does that minor version exist?) and kube_packages_repo',
      }),
      unreachable: data => ({
        what: `the repository cannot be reached: ${field(data, 'text')}`,
        remedy:
          'see DNS and the way out of this host, or set http_proxy, https_proxy, or kube_packages_repo to a mirror',
      }),
      'no-downloader': () => ({
        what: 'the host has neither curl nor wget',
        remedy: 'install curl on the host',
      }),
    },
    diagnose({ stdout, stderr }) {
      const output = `${stderr}\n${stdout}`
      const found = patterns.find(([, pattern]) => pattern.test(output))
      if (found === undefined) return undefined
      const line = output.split('\n').find(one => found[1].test(one))
      return { code: found[0], data: { text: line?.trim() ?? '' } }
    },
  },
})

const isRpm = (facts: Facts): boolean => facts['os_family'] === 'RedHat'

const patterns: readonly (readonly [string, RegExp])[] = [
  ['no-downloader', /neither curl nor wget/],
  ['not-there', /\b40[34]\b/],
  [
    'unreachable',
    /Could not (?:resolve|connect)|Connection (?:refused|timed out|failed)|Temporary failure resolving|Failed to connect/,
  ],
]
