import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lab } from '../../lab/lab.js'
import { projectRoot } from '../../lab/state/paths.js'
import { LabProblem } from '../../lab/support/problem.js'
import { environment } from '../clients.js'
import { sshOptions } from '../configs.js'
import { type Bench, type Item, type Program, TKPLAY } from '../item.js'
import { benchLab } from '../lab.js'
import { tkplayCommand, tkplayVersion } from '../program.js'

const WORKERS = 2

/** From bare hosts until every Node is Ready, with packages and images from the lab's mirror. */
export const cluster = async (bench: Bench): Promise<Item> => {
  const lab = await benchLab(1 + WORKERS, true, bench)
  const hosts = lab.hosts().slice(0, 1 + WORKERS)
  const addresses = hosts.map(({ address }) => address)
  const ssh = sshOptions(lab.identity).join(' ')
  const shared = {
    cwd: bench.dir,
    before: () => lab.reset(),
    check: () => wrongWithNodes(lab, hosts.length),
  } satisfies Partial<Program>
  return {
    name: 'cluster',
    what: `bare hosts to Ready, 1 + ${WORKERS} nodes`,
    rounds: 3,
    settle: false,
    rehearse: false,
    programs: [
      {
        ...shared,
        name: TKPLAY,
        version: tkplayVersion,
        argv: [...tkplayCommand, 'run', here('playbooks/site.yml'), '-i', lab.inventoryDir],
        env: environment(bench.dir),
      },
      {
        ...shared,
        name: 'script',
        argv: ['bash', here('bench/cluster/plain-kubernetes.sh'), await mirrorOf(lab), lab.identity.key, ...addresses],
        env: environment(bench.dir, { SSH_OPTIONS: ssh, UNTIL: 'ready' }),
      },
    ],
    absent: [],
  }
}

const here = (path: string): string => join(projectRoot, path)

/** The address of the mirror, from the variable that the lab sets for the roles. */
const mirrorOf = async ({ inventoryDir }: Lab): Promise<string> => {
  const variables = await readFile(join(inventoryDir, 'group_vars/all.yml'), 'utf8')
  const [, address] = /^kube_packages_repo: "?(http:\/\/[^/"]+)/m.exec(variables) ?? []
  if (address !== undefined) return address
  throw new LabProblem('the lab has no mirror', 'take the lab down, and start the bench again: npm run lab -- down')
}

const wrongWithNodes = async (lab: Lab, due: number): Promise<string | undefined> => {
  const { stdout } = await lab.exec('node1', 'KUBECONFIG=/etc/kubernetes/admin.conf kubectl get nodes --no-headers')
  const ready = stdout.split('\n').filter(line => /^\S+\s+Ready\s/.test(line)).length
  return ready === due ? undefined : `${ready} of ${due} nodes are Ready`
}
