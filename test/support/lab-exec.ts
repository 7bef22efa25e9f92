import type { Lab } from '../../lab/lab.js'

/** Runs a command as root on a host of the lab. @throws Error with what it said, where it fails */
export const execOn = async (lab: Lab, host: string, command: string): Promise<string> => {
  const { rc, stdout, stderr } = await lab.exec(host, command)
  if (rc !== 0) throw new Error(`${host}: ${command}: ${stderr}`)
  return stdout
}

/** kubectl of the lab's cluster, on its first control plane. */
export const kubectlOf =
  (lab: Lab) =>
  (command: string): Promise<string> =>
    execOn(lab, 'node1', `kubectl --kubeconfig /etc/kubernetes/admin.conf ${command}`)
