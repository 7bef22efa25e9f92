import { Buffer } from 'node:buffer'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { JsonObject } from '../../../../engine/core/json.js'
import { type PathFacts, probePath } from '../../../../engine/modules/files/file-probe.js'
import type { FileSeen } from '../../../../engine/modules/support/file-seen.js'
import { fileSeen } from '../../../../engine/modules/support/file-seen.js'
import { paramsOf } from '../../../support/cases.js'
import { LocalHost } from '../../../support/local-host.js'
import { controller, named, rejection } from '../../../support/real.js'

t.setTimeout(300_000)

/** Names that a local user may give to files: what separates or begins records here, and what shells and printf would take for theirs. */
const forged = [
  'x\nbelow 41ed|0|0|root|root|1|1|1|1|1|1|2|',
  'x\nown 81a4|0|0|root|root|1|1|1|1|1|1|1',
  '\nname etc',
  'name ',
  '-rf',
  '--',
  '--help',
  'a\\nb',
  'a\\0b',
  '%s%n',
  'a\tb',
  'two\n\n',
  ' lead and trail ',
  'it\'s "quoted" $(touch x) `x` ${x}',
  '*',
  '[a]',
  'a|b|c',
  '\u001b[31mred',
  'é\u200b日本',
  'n'.repeat(255),
] as const

const part = fc.constantFrom(
  'a',
  '\n',
  '\\',
  '|',
  ' ',
  '-',
  '.',
  '%s',
  '"',
  "'",
  '$x',
  '`',
  '*',
  '\t',
  '\r',
  '\u0001',
  'é',
  'name ',
  'below ',
)
const odd = fc
  .array(part, { minLength: 1, maxLength: 12 })
  .map(parts => parts.join(''))
  .filter(name => name !== '.' && name !== '..')
const names = fc.uniqueArray(fc.oneof(fc.constantFrom(...forged), odd), { minLength: 1, maxLength: 8 })

const shells: readonly (readonly string[])[] = [
  ['/bin/sh'],
  ...(existsSync('/bin/busybox') || existsSync('/usr/bin/busybox') ? [['busybox', 'sh']] : []),
]

/** A folder of its own for one run of a property. */
const withFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'tkplay-names-'))
  try {
    await work(folder)
  } finally {
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true, force: true })
  }
}

for (const shell of shells) {
  const host = new LocalHost(shell)

  t.test(`${shell[0]}: whatever files are called, each is told by its own name, and no other is`, async t => {
    await fc.assert(
      fc.asyncProperty(names, async listed => {
        await withFolder(async folder => {
          for (const [index, name] of listed.entries()) {
            if (index % 3 === 0) mkdirSync(join(folder, name))
            else if (index % 3 === 1) writeFileSync(join(folder, name), name)
            else symlinkSync(name, join(folder, name))
          }
          const recursed: PathFacts = await host.observe(probePath({ path: folder, recurse: true }))
          t.strictSame(
            recursed.below?.map(({ path }) => path).sort(),
            listed.map(name => join(folder, name)).sort(),
            'recurse',
          )
          for (const name of listed) {
            const path = join(folder, name)
            const one: PathFacts = await host.observe(probePath({ path, recurse: false }))
            t.equal(one.path, path)
            t.equal(one.target, one.own?.kind === 'link' ? name : undefined, 'where a link leads')
            const seen: FileSeen = await host.observe(fileSeen(path, { follow: false }))
            t.equal(seen.path, path)
            if (seen.stat?.kind === 'file') t.equal(seen.text, name, 'its text')
          }
        })
      }),
      { numRuns: 10, seed: 7 },
    )
  })

  t.test(`${shell[0]}: stat tells of the very file`, async t => {
    await withFolder(async folder => {
      const module = named('stat')
      for (const name of forged) {
        const path = join(folder, name)
        writeFileSync(path, name, { mode: 0o640 })
        const link = `${join(folder, 'to ')}${forged.indexOf(name)}`
        symlinkSync(name, link)
        const look = async (given: JsonObject): Promise<JsonObject> => {
          const params = paramsOf(module, given)
          const run = await host.converge(module, params)
          return (run.value as { readonly stat: JsonObject }).stat
        }
        t.match(await look({ path }), { exists: true, path, mode: '0640' }, JSON.stringify(name))
        t.match(await look({ path: link }), { islnk: true, lnk_target: name, lnk_source: path })
      }
    })
  })

  t.test(`${shell[0]}: trees are copied and compared whatever their files are called`, async t => {
    await withFolder(async folder => {
      const module = named('copy')
      const from = join(folder, 'from')
      mkdirSync(from)
      for (const name of forged) writeFileSync(join(from, name), name)
      symlinkSync('a\nb', join(from, 'link\nto'))
      const params = paramsOf(module, { src: `${from}/`, dest: join(folder, 'to'), remote_src: true })
      const first = await host.converge(module, params)
      t.match(first.again, { changes: [] }, 'converges')
      writeFileSync(join(folder, 'to', forged[0]), 'drift')
      const drifted = await host.converge(module, params)
      t.equal('changes' in drifted.plan && drifted.plan.changes.length, 1, 'a drift is seen')
      t.match(drifted.again, { changes: [] })

      const files = Object.fromEntries(forged.map(name => [`tree/${name}`, name]))
      const given = paramsOf(module, { src: 'tree/', dest: join(folder, 'brought') })
      const prepared = (await module.prepare?.(given, controller(files))) ?? given
      mkdirSync(join(folder, 'brought'))
      const brought = await host.converge(module, prepared)
      t.equal('changes' in brought.plan && brought.plan.changes.length, forged.length)
      t.match(brought.again, { changes: [] }, 'what the controller brings converges too')
    })
  })

  t.test(`${shell[0]}: a name that is not UTF-8 is refused, not taken for another`, async t => {
    await withFolder(async folder => {
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff]), Buffer.from('b')]), '')
      t.match(await rejection(host.observe(probePath({ path: folder, recurse: true }))), { message: /not UTF-8/ })
    })
  })
}
