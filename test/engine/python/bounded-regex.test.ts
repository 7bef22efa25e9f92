import fc from 'fast-check'
import t from 'tap'
import { bounded, boundedTest, worstCase } from '../../../engine/python/bounded-regex.js'

t.test('a pattern that would take years fails, and says which it is', async t => {
  const text = `${'a'.repeat(60)}b`
  for (const pattern of ['(a+)+$', '(a|aa)+$', '(?:a|a)*$']) {
    t.throws(() => boundedTest(new RegExp(pattern), text), { message: /takes more than 1 s/ })
  }
  t.throws(() => boundedTest(/(a*)*$/, text, 'as written'), {
    message: /«as written» takes more than 1 s on this text/,
  })
  t.ok(boundedTest(/a+b/, text), 'and the next one is as fast as ever')
})

t.test('a search that is never over in a long text is ended too', async t => {
  t.throws(() => boundedTest(/a*a*a*b$/, 'a'.repeat(4_000)), { message: /takes more than 1 s/ })
})

t.test('common patterns on lines need no guard', async t => {
  for (const pattern of [
    '^#?PermitRootLogin\\b',
    '^\\s*net\\.ipv4\\.ip_forward\\s*=',
    '^(\\w+)=.*$',
    '^(?:foo|bar) \\d+$',
  ])
    t.ok(worstCase(new RegExp(pattern), ['net.ipv4.ip_forward = 1 # comment'.padEnd(70)]) <= 1_000_000, pattern)
})

t.test('what cannot be told from the shape is guarded', async t => {
  for (const pattern of ['(a*)*', '(a|b)*', '((a)|b){3,}', '(?:a?){9}', '(a*?)+', '([ab]+)+', '(?<x>a*)+'])
    t.equal(worstCase(new RegExp(pattern), ['a']), Number.POSITIVE_INFINITY, pattern)
  for (const pattern of ['[(a*)*]', '\\(a*\\)*', '(abc)*', '[^\\]a*]+'])
    t.not(worstCase(new RegExp(pattern), ['a']), Number.POSITIVE_INFINITY, pattern)
})

/** Patterns as they may be, repetitions inside of repetitions included. */
const patterns = fc.letrec<{ one: string }>(tie => ({
  one: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '^', '$', '\\b'),
    fc.tuple(tie('one'), tie('one')).map(([a, b]) => a + b),
    fc.tuple(tie('one'), tie('one')).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie('one'), fc.constantFrom('*', '+', '?', '*?', '{2,}', '{1,3}')).map(([a, n]) => `(${a})${n}`),
  ),
})).one

t.test('with the guard and without it a pattern finds the same', async () => {
  fc.assert(
    fc.property(patterns, fc.stringMatching(/^[ab]{0,8}$/), (source, text) => {
      const regex = new RegExp(source)
      t.equal(
        bounded(regex, [text, 'a'.repeat(100_000)], () => regex.exec(text)?.[0]),
        regex.exec(text)?.[0],
      )
    }),
    { numRuns: 300 },
  )
})
