import { existsSync } from 'node:fs'
import { machineName } from '../state/names.js'

/** Whether systemd runs this machine; it then keeps the hosts up, each in a cgroup of its own. */
export const hasSystemd = (): boolean => existsSync('/run/systemd/system')

export const unitName = (lab: string, host: string): string => `${machineName(lab, host)}.service`
