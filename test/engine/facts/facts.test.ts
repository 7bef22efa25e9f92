import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { NotObserved } from '../../../engine/core/failure.js'
import type { JsonObject } from '../../../engine/core/json.js'
import { facts, parseFacts, setup } from '../../../engine/facts/index.js'
import { paramsOf } from '../../support/cases.js'
import { rowsOf } from '../../support/rows.js'

const folder = fileURLToPath(new URL('../../../../test/cases/facts/', import.meta.url))
const raw = (stdout: string | Uint8Array, rc = 0) => ({ rc, stdout: Buffer.from(stdout), stderr: Buffer.alloc(0) })

interface Row {
  readonly name: string
  readonly answer: string
  readonly facts: JsonObject
}

for (const row of rowsOf<Row>(`${folder}facts.yml`, ['name', 'answer', 'facts'])) {
  t.test(row.name, async t => {
    const found = parseFacts(raw(readFileSync(folder + row.answer)))
    for (const [name, value] of Object.entries(row.facts)) t.match({ [name]: found[name] }, { [name]: value }, name)
    t.same(JSON.parse(JSON.stringify(found)), found, 'plain JSON')
  })
}

t.test('what tkplay puts into the environment is not a fact', async t => {
  const found = parseFacts(raw(readFileSync(`${folder}debian-12.txt`)))
  t.notOk('TKPLAY_X' in (found['env'] as JsonObject))
})

t.test('what container it is in, by what its first process was told', async t => {
  const answer = readFileSync(`${folder}debian-12.txt`, 'utf8')
  const type = (told: string) =>
    parseFacts(raw(answer.replace('container=systemd-nspawn\n', told)))['virtualization_type']
  t.equal(type('container=systemd-nspawn\n'), 'container')
  t.equal(type('container=oci\n'), 'container')
  t.equal(type('container=lxc\n'), 'lxc')
  t.equal(type('container=podman\n'), 'podman')
  t.equal(type(''), 'systemd-nspawn', 'a user who may not see that')
})

t.test("the host's clock against this machine's", async t => {
  const answer = raw(readFileSync(`${folder}debian-12.txt`))
  const { epoch } = parseFacts(answer)['date_time'] as { readonly epoch: string }
  const offset = (seconds: number) => parseFacts({ ...answer, at: (Number(epoch) + seconds) * 1000 })['clock_offset']
  t.equal(offset(0.4), 0)
  t.equal(offset(90), -90, 'it is behind')
  t.equal(offset(-90), 90, 'it is ahead')
  t.notOk('clock_offset' in parseFacts(answer), 'nobody knows when the answer came')
})

t.test('half an answer is no facts', async t => {
  for (const answer of [raw('@files\n/etc/os-release:ID=debian\n'), raw('@files\n@env\n', 1)]) {
    try {
      parseFacts(answer)
      t.fail('no error')
    } catch (error) {
      t.ok(error instanceof NotObserved)
    }
  }
})

t.test('this machine, by its own shell', async t => {
  const answer = spawnSync('/bin/sh', ['-c', facts.sh], { env: { PATH: process.env['PATH'], LINES: 'one\ntwo' } })
  t.equal(answer.stderr.toString(), '', 'nothing on stderr')
  const found = facts.parse({ rc: answer.status ?? 1, stdout: answer.stdout, stderr: answer.stderr })
  t.match(found, {
    nodename: hostname(),
    os_family: String,
    distribution: String,
    architecture: process.arch === 'x64' ? 'x86_64' : String,
    processor_vcpus: Number,
    user_uid: process.getuid?.(),
    env: { LINES: 'one\ntwo' },
  })
})

t.test('setup: a filter with and without the prefix', async t => {
  const seen = parseFacts(raw(readFileSync(`${folder}debian-12.txt`)))
  const names = (filter: readonly string[]): readonly string[] => {
    const params = paramsOf(setup, { filter })
    const value = setup.value?.(params as never, seen, []) as { ansible_facts: JsonObject }
    return Object.keys(value.ansible_facts)
  }
  t.same(names(['ansible_kernel', 'os_fam*']), ['ansible_os_family', 'ansible_kernel'])
  t.ok(names([]).includes('ansible_default_ipv4'))
})

t.test('setup: what gather_subset asks for, at no other read', async t => {
  const answer = raw(readFileSync(`${folder}debian-12.txt`))
  const names = (gather_subset: readonly string[]): readonly string[] => {
    const probe = setup.probe(paramsOf(setup, { gather_subset }) as never, {})
    if (probe.kind !== 'read') throw new Error('facts are one read')
    t.equal(probe.sh, facts.sh)
    return Object.keys(probe.parse(answer)).filter(name => name !== 'gather_subset' && name !== 'module_setup')
  }
  t.strictSame(names(['!all', '!min']), [])
  t.strictSame(names(['!all', '!min', 'loadavg', 'virtual']), ['loadavg', 'virtualization_type', 'virtualization_role'])
  t.ok(names(['!all', 'mounts']).includes('memtotal_mb'), 'a fact may stand for its subset')
  t.strictSame(
    [...names(['all'])].sort(),
    Object.keys(parseFacts(answer))
      .filter(name => name !== 'module_setup')
      .sort(),
  )
  t.throws(() => paramsOf(setup, { gather_subset: ['!hardwar'] }), /'!hardwar' is none of all, min, .* \(144 in all\)/)
})
