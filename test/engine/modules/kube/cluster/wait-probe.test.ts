import { chmodSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { type WaitSeen, waitProbe } from '../../../../../engine/modules/kube/cluster/wait-probe.js'
import { type Target, unready } from '../../../../../engine/modules/kube/cluster/wait-target.js'
import { LocalHost } from '../../../../support/local-host.js'

const nodes = { kind: 'NodeList', items: [{ metadata: { name: 'node1' }, status: { conditions: [] } }] }

/** A kubectl that has one Node, never Ready; its API server is silent where `up` is false. */
const kubectl = (up: boolean): string => `#!/bin/sh
case "$*" in
  *' wait '*) exit 1 ;;
  *nodes*) ${up ? `echo '${JSON.stringify(nodes)}'` : 'echo "connection refused" >&2; exit 1'} ;;
  *) echo 'connection refused' >&2; exit 1 ;;
esac
`

const seen = (up: boolean, wait: '0' | '1', target: Target): Promise<WaitSeen> => seenBy(kubectl(up), wait, 1, [target])

const seenBy = async (
  program: string,
  wait: '0' | '1',
  timeout: number,
  targets: readonly Target[],
): Promise<WaitSeen> => {
  const dir = t.testdir({ bin: { kubectl: program }, conf: '' })
  chmodSync(join(dir, 'bin/kubectl'), 0o755)
  const path = `${join(dir, 'bin')}${delimiter}${process.env['PATH']}`
  const host = new LocalHost(['/bin/sh'], { TKPLAY_WAIT: wait, PATH: path })
  const read = waitProbe({ kubeconfig: join(dir, 'conf'), timeout, targets })
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

const operator: readonly Target[] = [
  { kind: 'TigeraStatus', name: 'calico' },
  { kind: 'Deployment', namespace: 'calico-system', name: 'calico-typha' },
]

/** A kubectl of an operator: `wait` succeeds at the first, the third and the later times, and the objects are what it was last. */
const flapping = `#!/bin/sh
state=$(dirname "$0")/../waits
case "$*" in
  *' wait '*) echo >>"$state"; [ "$(wc -l <"$state")" != 2 ] ;;
  *' rollout '*) exit 0 ;;
  *'get nodes '*) echo '${JSON.stringify(nodes)}' ;;
  *metadata.generation*) echo 2 ;;
  *observedGeneration*) echo 2 ;;
  *'get -f - '*)
    available=True
    [ "$(wc -l <"$state")" != 1 ] || available=False
    printf '{"kind":"TigeraStatus","metadata":{"name":"calico"},"status":{"conditions":[{"type":"Available","status":"%s"}]}}' $available ;;
esac
`

t.test('what was ready at first, and not any more when the last one was, is waited for again', async t => {
  const { objects, waited, nodes } = await seenBy(flapping, '1', 30, operator)
  t.equal(waited, true)
  t.strictSame(unready({ kind: 'TigeraStatus', name: 'calico' }, objects), [])
  t.strictSame(nodes, [], 'the time was not up')
})

/** A kubectl of an operator that looks at the Installation's second generation when it was asked three times. */
const slow = `#!/bin/sh
state=$(dirname "$0")/../looks
case "$*" in
  *'get nodes '*) echo '${JSON.stringify(nodes)}' ;;
  *metadata.generation*) echo 2 ;;
  *observedGeneration*) echo >>"$state"; [ "$(wc -l <"$state")" -lt 3 ] && echo 1 || echo 2 ;;
  *'get -f - '*) cat <<END
{"kind":"List","items":[
{"kind":"Installation","metadata":{"name":"default","generation":2}},
{"kind":"TigeraStatus","metadata":{"name":"calico"},"status":{"conditions":[
  {"type":"Available","status":"True","observedGeneration":$([ "$(wc -l <"$state" 2>/dev/null || echo 0)" -lt 3 ] && echo 1 || echo 2)}]}}]}
END
    ;;
esac
`

t.test("what Calico's operator says of an Installation before its last change counts for nothing", async t => {
  const target: Target = { kind: 'TigeraStatus', name: 'calico' }
  t.strictSame(unready(target, (await seenBy(slow, '0', 30, [target])).objects), [
    'TigeraStatus calico: not judged yet: Installation default has changed since',
  ])
  const { objects, nodes: evidence } = await seenBy(slow, '1', 30, [target])
  t.strictSame(unready(target, objects), [])
  t.strictSame(evidence, [], 'the time was not up')
})

/** A kubectl that counts how often it was asked for the rollout, and fails at once. */
const hasty = (fails: string): string => `#!/bin/sh
state=$(dirname "$0")/../asked
case "$*" in
  *' rollout '*) echo >>"$state"; ${fails} ;;
  *'get nodes '*) echo '${JSON.stringify(nodes)}' ;;
  *'get -f - '*) printf '{"kind":"DaemonSet","metadata":{"name":"%s"}}' "$(wc -l <"$state")" ;;
esac
`

t.test('a kubectl that fails at once is not asked without a pause', async t => {
  const target: Target = { kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' }
  for (const [name, fails] of [
    ['always', 'exit 1'],
    ['at each second time', '[ $(($(wc -l <"$state") % 2)) = 1 ]'],
  ] as const) {
    const { objects } = await seenBy(hasty(fails), '1', 2, [target])
    const { name: said } = (objects[0]?.['metadata'] ?? {}) as { readonly name?: string }
    const asked = Number(said)
    t.ok(asked > 0 && asked <= 6, `${name}: ${asked} times in 2 seconds`)
  }
})
