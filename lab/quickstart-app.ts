import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from './lab.js'
import { projectRoot } from './state/paths.js'
import { LabProblem } from './support/problem.js'
import { reason, sh } from './support/shell.js'

/** kubectl on the control plane, over ssh as a person would. @throws LabProblem with what kubectl said */
export const kubectl = async (lab: Lab, args: string, input = ''): Promise<string> => {
  const command = `KUBECONFIG=/etc/kubernetes/admin.conf kubectl ${args}`
  try {
    const run = sh({ input, stdio: ['pipe', 'pipe', 'pipe'] })
    return (await run`ssh -F ${lab.identity.sshConfig} node1 ${command}`).stdout.trim()
  } catch (error) {
    throw new LabProblem(
      `node1: «kubectl ${args}» failed: ${reason(error)}`,
      'look at the cluster: npm run lab -- ssh node1',
    )
  }
}

/** Deploys the seed's nginx, or sees that it is there, and waits for both replicas. @returns its address on the first worker */
export const deployNginx = async (lab: Lab): Promise<string> => {
  const manifest = await readFile(join(projectRoot, 'lab/nginx.yml'), 'utf8')
  await kubectl(lab, 'apply --server-side --force-conflicts -f -', manifest)
  await kubectl(lab, 'rollout status deployment/nginx --timeout=180s')
  const port = await kubectl(lab, "get service nginx -o jsonpath='{.spec.ports[0].nodePort}'")
  const node = lab.hosts().at(-1) ?? lab.host('node1')
  return `http://${node.address}:${port}/`
}

/** The answer's text without its tags. kube-proxy needs a moment to open a new port. */
export const answerOf = async (url: string, seconds = 60): Promise<string> => {
  const end = performance.now() + seconds * 1000
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(3000) })
      if (response.ok)
        return (await response.text())
          .replace(/<(style|title)[\s\S]*?<\/\1>|<[^>]*>/g, ' ')
          .replace(/\s+/g, ' ')
          .trim()
      throw new Error(`HTTP ${response.status}`)
    } catch (error) {
      if (performance.now() > end)
        throw new LabProblem(
          `${url} does not answer: ${reason(error)}`,
          'see the pods: npm run lab -- exec node1 kubectl get pods -o wide',
        )
      await sleep(500)
    }
  }
}
