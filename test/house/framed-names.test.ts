import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { root } from '../../scripts/lib/project.js'
import { sourceFiles } from '../support/source-files.js'

/** Shell text that takes names from the host: it looks into a folder, or reads where a link leads. */
const lists = /\bfind [.$"]|\bfor \w+ in [^;'`]*\*|\breadlink\b|\bls -|\bgrep -\w*H|%n\b/

/**
 * Why no user of the host can forge an answer by a name. `NUL`: each name ends with that byte, and
 * test/engine/modules/hostile/names.test.ts gives hostile ones. Elsewhere only root chooses the names, or none is printed.
 */
const answers: { readonly [file: string]: string } = {
  'engine/facts/script.ts': "the kernel's own names, escaped or without blanks",
  'engine/modules/kube/host/preflight-probe.ts': "root's: /etc/kubernetes",
  'engine/modules/kube/kubeadm/reset-scripts.ts': 'prints none',
  'engine/modules/kube/kubeadm/leftovers.ts': "root's: /var/lib/etcd, /run/netns",
  'engine/modules/packages/apt/read.ts': "root's: /var/lib/apt, /etc/apt",
  'engine/modules/support/copy-on-host.ts': 'NUL',
  'engine/modules/files/file-probe.ts': 'NUL',
  'engine/modules/support/grep-files.ts': "root's: /etc/apt, /etc/modules-load.d, /etc/modprobe.d",
  'engine/modules/system/mounted.ts': "the kernel's, escaped",
  'engine/modules/support/nul-records.ts': 'NUL',
  'engine/modules/commands/run-command.ts': 'prints none: a remedy names a command',
  'engine/modules/system/sysctl-at-boot.ts': 'NUL',
  'engine/modules/files/tree.ts': 'NUL',
  'engine/modules/files/stat.ts': 'NUL',
  'engine/modules/system/swap.ts': "root's: /etc/systemd",
  'engine/run/machine/controller.ts': "this machine's",
  'engine/run/handlers/journal-scripts.ts': 'NUL',
  'engine/shell/prelude.ts': "the kernel's numbers of processes",
  'engine/shell/safe-path.ts': 'prints none but in what went wrong',
  'engine/shell/safe-tree.ts': 'prints none',
  'roles/reset/role.ts': 'prints none',
}

const isComment = (line: string): boolean => /^\s*(?:\*|\/\*|\/\/)/.test(line)

const listing = ['engine/modules', 'engine/run', 'engine/facts', 'engine/shell', 'roles']
  .flatMap(folder => sourceFiles(join(root, folder)))
  .filter(file =>
    readFileSync(file, 'utf8')
      .split('\n')
      .some(line => lists.test(line) && !isComment(line)),
  )
  .map(file => relative(root, file))

t.test('whoever takes names from a host has said why they cannot be forged', async t => {
  t.strictSame(
    listing.filter(file => !(file in answers)),
    [],
    'end each name with NUL, and add the file here',
  )
  t.strictSame(
    Object.keys(answers).filter(file => !listing.includes(file)),
    [],
    'these take none any more',
  )
})
