import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../lab/state/paths.js'
import { LabProblem } from '../../lab/support/problem.js'
import { clientsOf } from '../clients.js'
import type { Fleet } from '../configs.js'
import type { Bench, Item, Program } from '../item.js'
import { benchLab } from '../lab.js'
import { pythonPeers } from '../peers.js'
import { wrongInRecap, wrongInResults } from '../recap.js'

const HOSTS = 3
const TASKS = 20
/** pyinfra counts commands as changes in every run, since it has no `changed_when`. */
const COMMANDS = 2

const file = (name: string): string => join(projectRoot, 'bench/converged', name)

/** 20 converged tasks on three lab hosts. */
export const converged = async (bench: Bench): Promise<Item> => {
  const peers = await pythonPeers(['ansible', 'mitogen', 'pyinfra'], bench.log)
  const fleet = await labFleet(bench)
  const dir = join(bench.dir, 'converged')
  await mkdir(dir)
  const clients = await clientsOf(fleet, dir, bench)
  const { ansible, mitogen, pyinfra } = peers.found
  const recap: Program['check'] = ({ stdout }) => wrongInRecap(stdout, HOSTS)
  const programs: Program[] = [{ ...clients.tkplay(['run', file('tasks.yml')]), check: recap }]
  if (ansible !== undefined)
    programs.push({ ...clients.ansible(ansible, 'ansible-playbook', [file('tasks.yml')]), check: recap })
  if (mitogen !== undefined) programs.push({ ...(await clients.mitogen(mitogen, [file('tasks.yml')])), check: recap })
  if (pyinfra !== undefined)
    programs.push({
      ...clients.pyinfra(pyinfra, [], [file('pyinfra_deploy.py')]),
      check: ({ stdout, stderr }) => wrongInResults(`${stdout}\n${stderr}`, TASKS * HOSTS, COMMANDS * HOSTS),
    })
  programs.push({ ...(await clients.floor(await readFile(file('reads.sh'), 'utf8'), HOSTS)), check: () => undefined })
  return {
    name: 'converged',
    what: `${TASKS} converged tasks on ${HOSTS} lab hosts`,
    rounds: 5,
    settle: true,
    rehearse: true,
    programs,
    absent: peers.absent,
  }
}

/** The hosts of the lab, with the package lists that a bare host lacks. */
const labFleet = async (bench: Bench): Promise<Fleet> => {
  const lab = await benchLab(HOSTS, false, bench)
  await Promise.all(
    lab.hosts().map(async host => {
      const { rc, stderr } = await lab.exec(host.name, 'apt-get -qq update')
      if (rc !== 0)
        throw new LabProblem(
          `${host.name}: apt-get update failed:\n${stderr.trim()}`,
          'make Debian’s archive reachable',
        )
    }),
  )
  const { key, knownHosts } = lab.identity
  const targets = lab
    .hosts()
    .slice(0, HOSTS)
    .map(({ name, address }) => ({ name, address, port: 22 }))
  return { targets, user: 'root', key, knownHosts }
}
