import fc from 'fast-check'
import t from 'tap'
import { keyValues, splitWords } from '../../../../engine/playbook/tasks/key-value.js'
import { freeFormArgs } from '../../../../engine/playbook/tasks/shorthand.js'

const schema = {
  properties: {
    cmd: { type: 'string' },
    chdir: { type: 'string' },
    creates: { type: 'string' },
    argv: { type: 'array' },
  },
}

t.test('pairs', async t => {
  const pairs = (text: string) =>
    Object.fromEntries(keyValues(text, () => true)?.pairs.map(({ key, value }) => [key, value]) ?? [])
  t.same(pairs('src=a dest="b c" mode=0644'), { src: 'a', dest: 'b c', mode: '0644' })
  t.same(pairs("msg='it \\'s' n={{ a + b }} m={{ 'x y' }}z"), { msg: "it 's", n: '{{ a + b }}', m: "{{ 'x y' }}z" })
  t.same(pairs('a=b=c'), { a: 'b=c' })
  t.equal(
    keyValues('a="b', () => true),
    undefined,
  )
  t.equal(
    keyValues('a={{ b', () => true),
    undefined,
  )
})

t.test('free-form modules keep all but their own parameters', async t => {
  const args = (text: string) => Object.fromEntries(freeFormArgs(text, 'cmd', schema) as Map<string, string>)
  t.same(args('FOO=1  make   all chdir=/tmp creates="/a b"'), {
    cmd: 'FOO=1  make   all',
    chdir: '/tmp',
    creates: '/a b',
  })
  t.same(args('echo cmd=x argv=y'), { cmd: 'echo cmd=x argv=y' })
  t.same(args("echo 'it is\n  kept'"), { cmd: "echo 'it is\n  kept'" })
  t.same(args('echo "open'), { cmd: 'echo "open' }, 'a shell may have its own idea of quotes')
  t.same(args('chdir=/x'), { chdir: '/x' })
})

t.test('words and the spaces between them are the text', async t => {
  const piece = fc.constantFrom('a', '=', ' ', '  ', "'", '"', '{{', '}}', '\\', '\n')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), pieces => {
      const text = pieces.join('')
      const words = splitWords(text)
      if (words === undefined) return t.pass()
      let at = 0
      for (const { text: word, start, end } of words) {
        t.equal(text.slice(start, end), word)
        t.match(text.slice(at, start), /^\s*$/)
        at = end
      }
      return t.match(text.slice(at), /^\s*$/)
    }),
  )
})
