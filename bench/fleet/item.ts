import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { clientsOf } from '../clients.js'
import type { Bench, Item, Program } from '../item.js'
import { pdsh, pythonPeers } from '../peers.js'
import { wrongInAnswers } from '../recap.js'
import { startFleet } from './sshd.js'

const HOSTS = 200
const AT_ONCE = 50
const COMMAND = 'uptime'

const check: Program['check'] = ({ stdout, stderr }) => wrongInAnswers(`${stdout}\n${stderr}`, /load average: /, HOSTS)

/** One command on many addresses. */
export const fleet = async (bench: Bench): Promise<Item> => {
  const peers = await pythonPeers(['ansible', 'pyinfra'], bench.log)
  const parallelShell = await pdsh(bench.log)
  const dir = join(bench.dir, 'fleet')
  await mkdir(dir)
  const clients = await clientsOf(await startFleet(HOSTS, dir, bench), dir, bench)
  const { ansible, pyinfra } = peers.found
  const forks = ['-f', String(AT_ONCE)]
  const shell = ['all', '-m', 'shell', '-a', COMMAND, ...forks]
  const starts = [
    clients.tkplay(['adhoc', ...shell]),
    ...(ansible === undefined ? [] : [clients.ansible(ansible, 'ansible', shell)]),
    ...('why' in parallelShell ? [] : [clients.pdsh(parallelShell, [...forks, COMMAND])]),
    ...(pyinfra === undefined
      ? []
      : [clients.pyinfra(pyinfra, ['--parallel', String(AT_ONCE)], ['exec', '--', COMMAND])]),
    await clients.floor(COMMAND, AT_ONCE),
  ]
  return {
    name: 'fleet',
    what: `${COMMAND} on ${HOSTS} addresses, ${AT_ONCE} at once`,
    rounds: 5,
    settle: false,
    rehearse: true,
    programs: starts.map(start => ({ ...start, check })),
    absent: [...peers.absent, ...('why' in parallelShell ? [parallelShell] : [])],
  }
}
