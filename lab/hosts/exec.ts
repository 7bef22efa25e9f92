import { LabProblem } from '../support/problem.js'
import { attempt } from '../support/shell.js'
import { initOf } from './processes.js'

export interface Output {
  readonly rc: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Argv that runs a command on the host as root without sshd: it works while the host's network is down, and it writes no
 * login records. Not for what needs a login session.
 */
export const enter = async (lab: string, host: string, argv: readonly string[]): Promise<readonly string[]> => {
  const init = await initOf(lab, host)
  if (init === undefined) throw new LabProblem(`${host} does not run`, `start it: npm run lab -- up --name ${lab}`)
  const environment = [
    'HOME=/root',
    'USER=root',
    'LANG=C.UTF-8',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ]
  return [
    'nsenter',
    '-t',
    `${init}`,
    '-m',
    '-u',
    '-i',
    '-n',
    '-p',
    '-C',
    '-r',
    '-w',
    'env',
    '-i',
    ...environment,
    ...argv,
  ]
}

/** Runs a command on the host: a shell command line, or a program and its arguments. A failing command is no error here. */
export const exec = async (lab: string, host: string, command: string | readonly string[]): Promise<Output> => {
  const argv = await enter(lab, host, typeof command === 'string' ? ['/bin/sh', '-c', command] : command)
  const { exitCode, stdout, stderr } = await attempt`${argv}`
  return { rc: exitCode ?? 255, stdout, stderr }
}
