import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { modules } from '../../engine/modules/index.js'
import { openLab } from '../../lab/lab.js'
import { judge, labCases, playbookOf } from '../support/lab-cases.js'
import { tkplayJson, troubles } from '../support/tkplay.js'

/** One lab of two hosts; each takes the modules whose turn it is, so that one waits for apt while the other works. */
const lab = await openLab({ name: 'modules', hosts: 2 })
const folder = mkdtempSync(join(tmpdir(), 'tkplay-modules-'))
t.teardown(async () => {
  rmSync(folder, { recursive: true, force: true })
  await lab.down()
})
t.setTimeout(1_800_000)

const rows = labCases()

t.test('a lab case is about a module that there is', async t => {
  const names = new Set(modules.map(module => module.name))
  t.same(
    rows.filter(row => !names.has(row.module)).map(row => row.module),
    [],
  )
})

/** What takes dpkg's lock stands on one host, everything else on the other. */
const usesApt = (module: string): boolean => /^(apt|deb822|package|dpkg|firewall)/.test(module)

const parts = [rows.filter(row => usesApt(row.module)), rows.filter(row => !usesApt(row.module))]

/** Both are at work before the first is waited for. */
const runs = lab.hosts().map(({ name }, index) => {
  const playbook = join(folder, `${name}.yml`)
  const part = parts[index] ?? []
  writeFileSync(playbook, playbookOf(name, part))
  return { name, part, ran: tkplayJson(['run', playbook, '-i', lab.inventoryDir]) }
})

for (const { name, part, ran } of runs) {
  t.test(`on ${name}`, async t => {
    const ended = await ran
    if (!t.ok(ended.recap[name] !== undefined, 'the run came to its end')) t.comment(troubles(ended))
    for (const { title, ok, said } of judge(ended, part)) t.ok(ok, `${title}${said === '' ? '' : ` — ${said}`}`)
  })
}
