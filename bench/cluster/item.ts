import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { takeDown } from '../../lab/down.js'
import { type Lab, openLab } from '../../lab/lab.js'
import { projectRoot } from '../../lab/paths.js'
import { LabProblem } from '../../lab/problem.js'
import { environment } from '../clients.js'
import { sshOptions } from '../configs.js'
import { type Bench, type Item, type Program, TKPLAY } from '../item.js'

const WORKERS = 2

/** Bare hosts until every Node is Ready, packages and images from the lab's mirror. */
export const cluster = async ({ lab: name, dir, undo, log }: Bench): Promise<Item> => {
  undo.push(`the lab «${name}»`, () => takeDown(name, log))
  // The script knows the mirror only.
  const lab = await openLab({ name, hosts: 1 + WORKERS, kubernetes: true, source: 'build' }, log)
  const hosts = lab.hosts().slice(0, 1 + WORKERS)
  const addresses = hosts.map(({ address }) => address)
  const ssh = sshOptions({ targets: [], user: 'root', ...lab.identity }).join(' ')
  const shared = {
    cwd: projectRoot,
    before: () => lab.reset(),
    judge: () => wrongWithNodes(lab, hosts.length),
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
        argv: [process.execPath, join(projectRoot, 'dist/bin/tkplay.js'), ...siteOf(lab.inventoryDir)],
        env: environment(dir),
      },
      {
        ...shared,
        name: 'script',
        argv: [
          'bash',
          join(projectRoot, 'bench/cluster/plain-kubernetes.sh'),
          await mirrorOf(lab),
          lab.identity.key,
          ...addresses,
        ],
        env: environment(dir, { SSH_OPTIONS: ssh, UNTIL: 'ready' }),
      },
    ],
    absent: [],
  }
}

const siteOf = (inventory: string): readonly string[] => ['run', 'playbooks/site.yml', '-i', inventory]

/** The mirror's address, from the variable that the lab tells the roles. */
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
