import fc from 'fast-check'
import t from 'tap'
import { comparable, fileNameFor, parseLine, written } from '../../../../../engine/modules/packages/apt/source-line.js'

t.test('the parts of a line', async t => {
  t.same(parseLine('deb [arch=amd64 signed-by=/k.asc]  https://a.example/debian/  stable main contrib # why'), {
    type: 'deb',
    options: { arch: 'amd64', 'signed-by': '/k.asc' },
    uri: 'https://a.example/debian/',
    suite: 'stable',
    components: 'main contrib',
  })
  for (const text of ['', '# deb http://a.example x main', 'ppa:someone/thing', 'deb http://a.example'])
    t.equal(parseLine(text), undefined, text)
})

t.test('what says the same', async t => {
  t.equal(comparable('deb [b=1 a=2] http://a.example/ s  main'), comparable('deb  [a=2 b=1] http://a.example s main'))
  t.not(comparable('deb http://a.example s main'), comparable('deb [a=2] http://a.example s main'))
})

t.test('named as Ansible names it', async t => {
  t.equal(fileNameFor('deb https://pkgs.k8s.io/core:/stable:/v1.34/deb/ /'), 'pkgs_k8s_io_core_stable_v1_34_deb')
  t.equal(fileNameFor('deb [arch=amd64] https://user:pw@a.example/x stable main'), 'a_example_x')
})

const word = fc.stringMatching(/^[a-z0-9./:+-]{1,12}$/)

t.test('written and read again', async t => {
  fc.assert(
    fc.property(
      fc.constantFrom('deb', 'deb-src'),
      fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), word),
      word,
      word,
      fc.array(word),
      (type, options, uri, suite, more) => {
        const line = { type, options, uri, suite, components: more.join(' ') }
        t.same(parseLine(written(line)), line)
      },
    ),
    { numRuns: 50 },
  )
})
