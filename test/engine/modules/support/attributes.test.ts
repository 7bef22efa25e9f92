import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { modeBits } from '../../../../engine/modules/support/attributes.js'

t.test('octal modes, however they are written', async t => {
  for (const [mode, bits] of [
    ['0644', 0o644],
    ['644', 0o644],
    ['0o755', 0o755],
    ['4755', 0o4755],
    ['0', 0],
  ] as const) {
    t.equal(modeBits(mode, 0o777, false), bits, mode)
  }
  t.throws(() => modeBits('rw-r--r--', 0, false), RangeError)
  t.throws(() => modeBits('u=q', 0, false), RangeError)
})

t.test('symbolic modes come to what chmod(1) makes of them', async t => {
  const clause = fc
    .tuple(
      fc.constantFrom('u', 'g', 'o', 'a', 'ug', 'go', 'uo', 'ugo'),
      fc.constantFrom('+', '-', '='),
      fc.constantFrom('r', 'w', 'x', 'X', 's', 'rw', 'rx', 'rwx', 'rwX', 't', 'u', 'g', 'o', ''),
    )
    .map(parts => parts.join(''))
  const row = fc.record({
    mode: fc.array(clause, { minLength: 1, maxLength: 3 }).map(clauses => clauses.join(',')),
    start: fc.integer({ min: 0, max: 0o7777 }),
    folder: fc.boolean(),
  })
  const rows = fc.sample(row, 300)
  const dir = t.testdir({ folder: {}, file: '' })
  const octal = (bits: number): string => bits.toString(8).padStart(4, '0')
  // A folder keeps its set-id bits under an octal chmod of GNU, so they are taken away by name first.
  const script = rows
    .map(({ mode, start, folder }) => {
      const path = folder ? 'folder' : 'file'
      return `chmod a-st ${path}; chmod ${octal(start)} ${path}; chmod ${mode} ${path}; stat -c %a ${path}`
    })
    .join('\n')
  const said = spawnSync('/bin/sh', ['-c', script], { cwd: dir }).stdout.toString().trim().split('\n')
  for (const [index, { mode, start, folder }] of rows.entries()) {
    const ours = modeBits(mode, start, folder)
    t.equal(ours.toString(8), said[index], `${mode} on ${octal(start)}${folder ? ' folder' : ''}`)
  }
  spawnSync('chmod', ['0755', `${dir}/folder`])
})
