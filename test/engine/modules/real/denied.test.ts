import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { NotObserved } from '../../../../engine/core/failure.js'
import { paramsOf } from '../../../support/cases.js'
import { LocalHost } from '../../../support/local-host.js'
import { controller, named, rejection } from '../../../support/real.js'

/** A folder that everybody can come to, wherever the checkout is. */
const openFolder = (t: Test): string => {
  const dir = mkdtempSync(join(tmpdir(), 'tkplay-denied-'))
  chmodSync(dir, 0o755)
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

const isRoot = process.getuid?.() === 0

t.test(
  'what may not be looked at is not observed: never absent',
  { skip: !isRoot && 'only root can become someone else' },
  async t => {
    const dir = openFolder(t)
    await mkdir(join(dir, 'closed'), { mode: 0o700 })
    const secret = join(dir, 'closed/secret')
    await writeFile(secret, 'x')
    const nobody = new LocalHost(['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '/bin/sh'])
    for (const [name, params] of [
      ['copy', { content: 'x', dest: secret }],
      ['file', { path: secret, state: 'absent' }],
      ['stat', { path: secret }],
      ['lineinfile', { path: secret, line: 'x' }],
      ['slurp', { src: secret }],
      ['get_url', { url: 'http://192.0.2.1/x', dest: secret }],
    ] as const) {
      const module = named(name)
      const given = paramsOf(module, params)
      const prepared = (await module.prepare?.(given, controller({}))) ?? given
      t.ok((await rejection(nobody.observe(module.probe(prepared, {})))) instanceof NotObserved, name)
    }
  },
)

t.test(
  'a file that may be seen and not read is not observed',
  { skip: !isRoot && 'only root can become someone else' },
  async t => {
    const dir = openFolder(t)
    const path = join(dir, 'unreadable')
    await writeFile(path, 'x', { mode: 0o600 })
    const nobody = new LocalHost(['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '/bin/sh'])
    const module = named('lineinfile')
    t.ok(
      (await rejection(nobody.observe(module.probe(paramsOf(module, { path, line: 'x' }), {})))) instanceof NotObserved,
    )
    const stat = named('stat')
    const seen = await nobody.observe(stat.probe(paramsOf(stat, { path }), {}))
    t.match(seen, { stat: { size: 1 }, may: { read: false } }, 'stat tells what it may')
  },
)
