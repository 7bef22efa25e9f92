import t from 'tap'
import { readTap } from '../../../scripts/lib/tap-text.js'

const failing = `TAP version 14
ok 1 - first
# Subtest: outer
    not ok 1 - should be equal
      ---
      diff: |
        not ok 9 - is text of the diff
        --- expected
      ...
    
    # Subtest: inner
        ok 1 - fine
        1..1
    ok 2 - inner # time=8ms
    
    ok 3 - after inner
    1..3
not ok 2 - outer # time=45ms
  ---
  at:
    lineNumber: 3
  ...

ok 3 - later # SKIP
not ok 4 - some day # TODO
1..4
# { total: 6, pass: 3, fail: 1, todo: 1, skip: 1 }
# time=119ms
`

t.test("counts are tap's own, and each failed assertion comes with where it stands and what was said", async t => {
  t.same(readTap(failing), {
    passed: 3,
    failed: 1,
    skipped: 2,
    failures: [
      {
        name: 'outer › should be equal',
        details: ['diff: |', '  not ok 9 - is text of the diff', '  --- expected'],
      },
    ],
  })
})

t.test('a failure after a closed subtest stands by itself', async t => {
  const text =
    '# Subtest: a\n    ok 1 - x\n    1..1\nok 1 - a # time=1ms\n\nnot ok 2 - alone\n1..2\n# { total: 2, pass: 1, fail: 1 }\n'
  t.same(readTap(text)?.failures, [{ name: 'alone', details: [] }])
})

t.test('all passed: no fail in the closing comment', async t => {
  t.same(readTap('ok 1 - a\n1..1\n# { total: 1, pass: 1 }\n'), { passed: 1, failed: 0, skipped: 0, failures: [] })
})

t.test('a file that was ended before its end has no result', async t => {
  t.equal(readTap('TAP version 14\nok 1 - a\n'), undefined)
})
