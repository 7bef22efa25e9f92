import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { type Lab, openLab } from './lab.js'
import { answerOf, deployNginx, kubectl } from './quickstart-app.js'
import { cacheDir, projectRoot, stateRoot } from './state/paths.js'
import type { Log } from './support/log.js'
import { LabProblem } from './support/problem.js'
import { handOver } from './terminal/hand-over.js'
import { INTERRUPTED, whenInterrupted } from './terminal/interrupt.js'

/** Another name (`npm run quickstart -- --name NAME`) leaves a quickstart that stands already alone. */
const { name } = parseArgs({ options: { name: { type: 'string', default: 'lab' } } }).values
const ofThisLab = name === 'lab' ? '' : ` --name ${name}`
const down = `npm run lab -- down${ofThisLab}`

const again = `start again: npm run quickstart${name === 'lab' ? '' : ` -- --name ${name}`}: it goes on where this stopped`

const WHAT_WILL_HAPPEN = `tkplay quickstart: three disposable hosts on this machine become a Kubernetes cluster.

It adds to this machine, and «${down}» removes all but the cache and the packages:
  packages    mmdebstrap, systemd-container, nftables and the like, from Debian, where they are missing
  cache       ${cacheDir()}: the hosts' base system (0.3 GB), and,
              where pkgs.k8s.io cannot be reached, Kubernetes built from its Go
              modules (up to 9 GB while it builds)
  disk        ${stateRoot()}: about 5 GB for three nodes
  memory      3 GB while they run
  network     one bridge, one network namespace a host, one NAT rule,
              net.ipv4.ip_forward = 1, higher limits of fs.inotify
  files       inventory/lab/ in this folder
The hosts share this machine's kernel: what a play of yours sets with sysctl in
vm.* or fs.* is set for the machine, and stays.

It takes about 3 minutes; the first time, where Kubernetes must be built, about
15. Interrupt it and start it again as you like.
`

const started = performance.now()

/** Each line with the time since the start: long builds show that they go on. */
const log: Log = line => {
  const seconds = Math.floor((performance.now() - started) / 1000)
  process.stdout.write(`[${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}] ${line}\n`)
}

const TKPLAY = join(projectRoot, 'dist/bundle/bin/tkplay.js')

const quickstart = async (): Promise<void> => {
  process.stdout.write(`${WHAT_WILL_HAPPEN}\n`)
  process.chdir(projectRoot)
  log('three hosts')
  const lab = await openLab({ name, hosts: 3, kubernetes: true }, log)
  await makeCluster(lab)
  log('the cluster')
  process.stdout.write(`${await kubectl(lab, 'get nodes')}\n`)
  await showNginx(lab)
  process.stdout.write(whatNext(lab))
}

const inventoryOf = (lab: Lab): string => {
  const inside = relative(projectRoot, lab.inventoryDir)
  return inside.startsWith('..') ? lab.inventoryDir : inside
}

const makeCluster = async (lab: Lab): Promise<void> => {
  if (!existsSync(TKPLAY)) throw new LabProblem(`${TKPLAY} is not there`, 'build it: npm run build')
  const args = ['run', 'playbooks/site.yml', '-i', inventoryOf(lab)]
  log(`tkplay ${args.join(' ')}`)
  const code = await handOver([process.execPath, TKPLAY, ...args])
  if (code === 0) return
  if (code === INTERRUPTED) process.exitCode = code
  throw new LabProblem(
    code === INTERRUPTED
      ? 'interrupted; the recap of tkplay says where each host stands, and the hosts stay up'
      : `tkplay ended with exit code ${code}; its recap says where each host stands`,
    again,
  )
}

const showNginx = async (lab: Lab): Promise<void> => {
  log('nginx with two replicas, behind a NodePort')
  const url = await deployNginx(lab)
  process.stdout.write(`${await kubectl(lab, 'get pods,service -l app=nginx -o wide')}\n`)
  log(`curl ${url}`)
  process.stdout.write(`${await answerOf(url)}\n`)
}

const standIns = `Images come from the lab's mirror, as stand-ins under the names that are asked for: nginx:1.14.2
and nginx:1.16.1 are Debian's nginx 1.22, and lab/mirror/README.md lists all that there are.
`

const whatNext = (lab: Lab): string => {
  const inventory = inventoryOf(lab)
  const commands = [
    [`./tkplay check playbooks/site.yml -i ${inventory}`, 'nothing to do, until you break something'],
    [`./tkplay adhoc all -i ${inventory} -a uptime`, 'a command on every host'],
    [`npm run lab -- ssh${ofThisLab} node1 kubectl get pods -A`, 'or without the command, to log in'],
    [`ssh -F ${lab.identity.sshConfig} node1`, 'the same by plain ssh; scp and sftp take -F too'],
  ] as const
  return `
The hosts stay up: ${lab
    .hosts()
    .map(({ name, address }) => `${name} ${address}`)
    .join(', ')}.
${lab.ownImages ? standIns : ''}What to type next:

${commands.map(([command, what]) => `  ${command}\n      ${what}`).join('\n')}

When you are done: ${down}
`
}

whenInterrupted(`what stands stays, and the hosts that run stay up\n  → ${again}; «${down}» removes all of it`)
try {
  await quickstart()
} catch (error) {
  if (!(error instanceof LabProblem)) throw error
  process.stderr.write(`\n${error.message}\n`)
  process.exitCode ??= 1
}
