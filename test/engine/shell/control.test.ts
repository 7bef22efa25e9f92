import fc from 'fast-check'
import t from 'tap'
import { controlLine } from '../../../engine/shell/control.js'

t.test('a control line means nothing to a shell, whole or in part', async () => {
  fc.assert(
    fc.property(
      fc.constantFrom('end' as const, 'abort' as const),
      fc.integer({ min: 1, max: 2 ** 22 }),
      (kind, pid) => {
        return /^[ \t]{25}\n$/.test(controlLine(kind, pid))
      },
    ),
  )
})

t.test('kinds and pids are told apart', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 22 }), pid => {
      const bits = controlLine('end', pid).slice(1, 25).replaceAll(' ', '0').replaceAll('\t', '1')
      return Number.parseInt(bits, 2) === pid && controlLine('end', pid)[0] !== controlLine('abort', pid)[0]
    }),
  )
})
