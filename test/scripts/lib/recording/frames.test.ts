import t from 'tap'
import { framesOf, readScript } from '../../../../scripts/lib/recording/frames.js'

const playback = { columns: 30, rows: 4, longest: 10, step: 0.5, rest: 2 }
const textOf = (screen: readonly (readonly { readonly text: string }[])[]): string =>
  screen.map(row => row.map(({ text }) => text).join('')).join('|')

t.test('a session: each command, what was seen while it ran, and its end', async t => {
  const { frames, duration } = framesOf(
    [
      {
        command: 'check',
        output: [
          { at: 0.2, text: 'looking' },
          { at: 1.2, text: '\rdone\u001b[K\r\n' },
        ],
      },
      { command: 'run', output: [{ at: 0.1, text: 'ran\r\n' }] },
    ],
    playback,
  )
  t.same(
    frames.map(({ at, screen }) => [Number(at.toFixed(2)), textOf(screen)]),
    [
      [0, '$ check|||'],
      [0.5, '$ check|looking||'],
      [1.7, '$ check|done||'],
      [3.7, '$ check|done|$ run|'],
      [4.3, 'done|$ run|ran|'],
    ],
  )
  t.equal(Number(duration.toFixed(2)), 6.3)
})

t.test('one that took long is shown faster', async t => {
  const output = Array.from({ length: 100 }, (_, at) => ({ at, text: `\r${at}` }))
  const { frames, duration } = framesOf([{ command: 'run', output }], playback)
  t.equal(duration, 12.5)
  t.ok(frames.length <= 22, `${frames.length} frames`)
  t.match(textOf(frames.at(-1)?.screen ?? []), '99')
})

t.test('what script(1) writes: bytes by their times, characters whole', async t => {
  const log = Buffer.from('Script started on 2026-01-01\na⠋b\r\nScript done\n')
  t.same(readScript(log, '0.5 2\n0.25 3\n0.25 2\n'), [
    { at: 0.5, text: 'a' },
    { at: 0.75, text: '⠋b' },
    { at: 1, text: '\r\n' },
  ])
})
