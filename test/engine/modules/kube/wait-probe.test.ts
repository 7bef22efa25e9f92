import { chmodSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { type WaitSeen, waitProbe } from '../../../../engine/modules/kube/wait-probe.js'
import type { Target } from '../../../../engine/modules/kube/wait-target.js'
import { LocalHost } from '../../../support/local-host.js'

const nodes = { kind: 'NodeList', items: [{ metadata: { name: 'node1' }, status: { conditions: [] } }] }

/** A kubectl that has one Node, never Ready; its API server is silent where `up` is false. */
const kubectl = (up: boolean): string => `#!/bin/sh
case "$*" in
  *' wait '*) exit 1 ;;
  *nodes*) ${up ? `echo '${JSON.stringify(nodes)}'` : 'echo "connection refused" >&2; exit 1'} ;;
  *) echo 'connection refused' >&2; exit 1 ;;
esac
`

const seen = async (up: boolean, wait: '0' | '1', target: Target): Promise<WaitSeen> => {
  const dir = t.testdir({ bin: { kubectl: kubectl(up) }, conf: '' })
  chmodSync(join(dir, 'bin/kubectl'), 0o755)
  const path = `${join(dir, 'bin')}${delimiter}${process.env['PATH']}`
  const host = new LocalHost(['/bin/sh'], { TKPLAY_WAIT: wait, PATH: path })
  const read = waitProbe({ kubeconfig: join(dir, 'conf'), timeout: 1, targets: [target] })
  return read.parse(await host.shell(read.sh, { ok: 'any' }))
}

t.test('a look is told from a wait, whether the API server answers or not', async t => {
  const all: Target = { kind: 'Node' }
  const there = { api: 'answers', objects: [{ kind: 'Node', metadata: { name: 'node1' } }] }
  t.match(await seen(true, '0', all), { ...there, waited: false, nodes: [] })
  t.match(await seen(true, '1', all), { ...there, waited: true, nodes: [{ kind: 'Node' }] })
  const silent = { api: 'silent', why: 'connection refused', objects: [] }
  t.match(await seen(false, '0', { kind: 'API' }), { ...silent, waited: false })
  t.match(await seen(false, '1', { kind: 'API' }), { ...silent, waited: true })
})
