import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { readSysctls, setBack } from '../../../lab/machine/sysctls.js'
import { silent } from '../../../lab/support/log.js'

const tree = async (files: { [path: string]: string }): Promise<string> => {
  const root = t.testdir()
  for (const [path, value] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), value, { mode: path.endsWith('-nr') ? 0o444 : 0o644 })
  }
  return root
}

t.test('what differs is set back, and is said; what the kernel counts by itself is left alone', async t => {
  const root = await tree({
    'kernel/panic': '0\n',
    'kernel/ns_last_pid': '5\n',
    'net/ipv4/ip_forward': '0\n',
    'vm/swappiness': '60\n',
  })
  const before = await readSysctls(root)
  t.same(Object.keys(before), ['kernel/panic', 'net/ipv4/ip_forward', 'vm/swappiness'])
  await writeFile(join(root, 'kernel/panic'), '10\n')
  await writeFile(join(root, 'kernel/ns_last_pid'), '9\n')
  await writeFile(join(root, 'net/ipv4/ip_forward'), '1\n')
  const said: string[] = []
  await setBack(before, line => said.push(line), root)
  t.same(said, ['set back net.ipv4.ip_forward = 0', 'set back kernel.panic = 0'])
  t.same(await readSysctls(root), before)
  t.equal(await readFile(join(root, 'kernel/ns_last_pid'), 'utf8'), '9\n')
})

t.test('a setting that is gone meanwhile is no error', async t => {
  const root = await tree({ 'vm/swappiness': '60\n' })
  await t.resolves(setBack({ 'net/ipv4/conf/eth9/forwarding': '1\n' }, silent, root))
})
