import fc from 'fast-check'
import t from 'tap'
import { Frames } from '../../../engine/shell/frames.js'
import { nonce } from './shells.js'

const bytes = fc.uint8Array({ maxLength: 200 })
const answer = fc.record({ rc: fc.integer({ min: 0, max: 255 }), stdout: bytes, stderr: bytes })
const latin = (parts: readonly (string | Uint8Array)[]): Buffer => Buffer.concat(parts.map(part => Buffer.from(part)))

/** The bytes cut at the given places. */
const cut = (whole: Buffer, places: readonly number[]): readonly Buffer[] => {
  const ends = [...places.map(place => place % (whole.length + 1)), whole.length].sort((a, b) => a - b)
  return ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end))
}

t.test('answers are the same however the bytes are cut', async () => {
  fc.assert(
    fc.property(
      fc.array(answer, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      bytes,
      (wanted, places, noise) => {
        const frames = new Frames(nonce, wanted.length)
        for (const stream of ['stdout', 'stderr'] as const) {
          const framed = wanted.flatMap((one, index) => [
            noise,
            `${nonce} s ${index} 4${index}\n`,
            one[stream],
            `${nonce} e ${index} ${one.rc}\n`,
          ])
          for (const piece of cut(latin(framed), places)) frames.push(stream, piece)
        }
        const got = frames.answers.map(({ rc, stdout, stderr }) => ({
          rc,
          stdout: new Uint8Array(stdout),
          stderr: new Uint8Array(stderr),
        }))
        const expected = wanted.map(({ rc, stdout, stderr }) => ({ rc, stdout, stderr }))
        return frames.complete && fc.stringify(got) === fc.stringify(expected)
      },
    ),
  )
})

t.test('what is printed beyond the limit is dropped, and said once', async t => {
  const frames = new Frames(nonce, 2, 4)
  t.strictSame(frames.push('stdout', latin([`${nonce} s 0 41\nabcd`])), [{ kind: 'started', index: 0, pid: 41 }])
  const more = latin(['x'.repeat(200)])
  t.strictSame(frames.push('stdout', more), [{ kind: 'flooded', index: 0 }])
  t.strictSame(frames.push('stdout', more), [])
  frames.push('stdout', latin([`${nonce} k 0 41\n${nonce} e 0 143\n${nonce} s 1 42\nabcd${nonce} e 1 0\n`]))
  frames.push('stderr', latin([`${nonce} s 0 41\n${nonce} e 0 143\n${nonce} s 1 42\n${nonce} e 1 0\n`]))
  t.match(frames.answers, [{ flooded: true, timedOut: false }, { rc: 0 }])
  t.ok((frames.answers[0]?.stdout.length ?? 99) <= 4)
  t.equal(Buffer.from(frames.answers[1]?.stdout ?? []).toString(), 'abcd', 'each job has the limit for itself')
  t.equal(frames.answers[1]?.flooded, undefined)
})

t.test('it tells which job runs, and which was ended', async t => {
  const frames = new Frames(nonce, 2)
  t.strictSame(frames.push('stdout', latin([`${nonce} s 0 41\nab`])), [{ kind: 'started', index: 0, pid: 41 }])
  t.strictSame(frames.push('stdout', latin([`${nonce} k 0 41\ncd`])), [])
  t.strictSame(frames.push('stdout', latin([`${nonce} e 0 143\n${nonce} s 1 42\n${nonce} e 1 0\n`])), [
    { kind: 'ended', index: 0 },
    { kind: 'started', index: 1, pid: 42 },
    { kind: 'ended', index: 1 },
  ])
  t.equal(frames.complete, false, 'standard error has not answered')
  frames.push('stderr', latin([`${nonce} s 0 41\n${nonce} e 0 143\n${nonce} s 1 42\n${nonce} e 1 0\n`]))
  t.match(frames.answers, [
    { rc: 143, timedOut: true },
    { rc: 0, timedOut: false },
  ])
  t.equal(Buffer.from(frames.answers[0]?.stdout ?? []).toString(), 'abcd', 'the mark is not part of the output')
})

t.test('a mark that comes after its job ended does not fall on the next', async t => {
  const frames = new Frames(nonce, 2)
  const text = `${nonce} s 0 41\n${nonce} e 0 0\n${nonce} k 0 41\n${nonce} s 1 42\n${nonce} e 1 0\n`
  frames.push('stdout', latin([text]))
  frames.push('stderr', latin([text.replace(/.* k .*\n/, '')]))
  t.match(frames.answers, [{ timedOut: true }, { timedOut: false }])
})

t.test('what no batch would answer is an error', async t => {
  for (const text of ['s 1 40', 'e 0 0', 's 0', 'x 0 1', 's 0 a'])
    t.throws(() => new Frames(nonce, 2).push('stdout', latin([`${nonce} ${text}\n`])), /instead of job/, text)
  const frames = new Frames(nonce, 1)
  frames.push('stdout', latin([`${nonce} s 0 1\n${nonce} e 0 0\n`]))
  t.throws(() => frames.push('stdout', latin([`${nonce} s 1 2\n`])), /instead of job/, 'one more than was asked for')
})
