import { takeDown } from './down.js'
import { enter } from './hosts/exec.js'
import { identityOf } from './hosts/identity.js'
import { existingLab, hostOf, resetHosts } from './hosts/reset.js'
import { allLabs, type Source } from './state/state.js'
import { toStderr } from './support/log.js'
import { LabProblem } from './support/problem.js'
import { type Flags, parseCommandLine } from './terminal/command-line.js'
import { handOver } from './terminal/hand-over.js'
import { whenInterrupted } from './terminal/interrupt.js'
import { statusLines } from './terminal/status.js'
import { bringUp, type LabOptions } from './up.js'

const USAGE = `Disposable hosts on this machine: systemd, sshd and apt in network namespaces. Run as root.

  npm run lab -- up [N] [--kubernetes] [--source build|upstream] [--subnet CIDR] [--inventory DIR]
                                      N hosts (3), and more when the lab has fewer; with a mirror of Kubernetes
  npm run lab -- status               what stands
  npm run lab -- ssh HOST [CMD…]      log in as root, or run a command
  npm run lab -- exec HOST [CMD…]     the same without sshd
  npm run lab -- reset [HOST…]        bare again in seconds; same names, addresses and keys
  npm run lab -- down [--all]         remove all of it

Each takes --name NAME (lab), before CMD. Labs of different names stand side by side.
`

const GOES_ON = `what stands stays as it is
  → give the same command again: it goes on where this one stopped; «down» removes all of it`

/** @returns the exit code: 2 for a wrong command line, 1 for what the lab cannot do */
const main = async (args: readonly string[]): Promise<number> => {
  const { flags, command, rest, remote } = parseCommandLine(args)
  const name = flags.name ?? 'lab'
  if (flags.help === true || command === undefined) return print(USAGE)
  if (['up', 'reset', 'down'].includes(command)) whenInterrupted(GOES_ON)
  switch (command) {
    case 'up':
      await bringUp(labOptions(name, rest[0], flags), toStderr)
      return print((await statusLines(name)).join('\n'))
    case 'status':
      return print((await statusLines(flags.name)).join('\n'))
    case 'ssh':
      return handOver(['ssh', '-F', identityOf(name).sshConfig, await knownHost(name, rest[0]), ...remote])
    case 'exec':
      return handOver(await enter(name, await knownHost(name, rest[0]), remote.length > 0 ? remote : ['/bin/sh']))
    case 'reset':
      await resetHosts(name, rest, toStderr)
      return 0
    case 'down':
      for (const lab of flags.all === true ? (await allLabs()).map(lab => lab.name) : [name])
        await takeDown(lab, toStderr)
      return 0
    default:
      throw new UsageError(`there is no command «${command}»`)
  }
}

const labOptions = (name: string, count: string | undefined, flags: Flags): LabOptions => {
  const hosts = Number(count ?? 3)
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > 200)
    throw new UsageError(`«${count}» is no number of hosts from 1 to 200`)
  return {
    name,
    hosts,
    ...(flags.kubernetes !== undefined && { kubernetes: flags.kubernetes }),
    ...(flags.subnet !== undefined && { subnet: flags.subnet }),
    ...(flags.inventory !== undefined && { inventory: flags.inventory }),
    ...(flags.source !== undefined && { source: sourceOf(flags.source) }),
  }
}

const sourceOf = (text: string): Source => {
  if (text === 'build' || text === 'upstream' || text === 'auto') return text
  throw new UsageError(`«${text}» is no source: build, upstream or auto`)
}

const knownHost = async (name: string, host: string | undefined): Promise<string> => {
  if (host === undefined) throw new UsageError('which host? Give its name')
  return hostOf(await existingLab(name), host).name
}

const print = (text: string): number => {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return 0
}

class UsageError extends Error {}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof LabProblem) {
    toStderr(error.message)
    process.exitCode = 1
  } else if (error instanceof UsageError || (error instanceof TypeError && 'code' in error)) {
    toStderr(`${error.message}\n\n${USAGE}`)
    process.exitCode = 2
  } else throw error
}
