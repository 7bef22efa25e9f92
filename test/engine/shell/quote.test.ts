import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { command, quote, ShellText, sh } from '../../../engine/shell/quote.js'
import { shells } from './shells.js'

const word = fc.string({ unit: 'grapheme' }).filter(text => !text.includes('\0'))

t.test('any words come out of a shell as they went in', async t => {
  for (const [name = '', ...args] of shells) {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), words => {
        const text = `printf '%s\\0' ${command(words)}`
        const { stdout } = spawnSync(name, [...args, '-c', text])
        t.equal(stdout.toString(), words.map(one => `${one}\0`).join(''), name)
      }),
      { numRuns: 40 },
    )
  }
})

t.test('a NUL is refused', async t => {
  t.throws(() => quote('a\0b'), { name: 'RangeError' })
})

t.test('the template quotes what is put into it, and nothing else', async t => {
  t.equal(sh`stat -c '%a' ${"it's"} ${['a b', 'c']} ${3}`, `stat -c '%a' 'it'\\''s' 'a b' c 3`)
  t.equal(sh`a ${new ShellText('| b')}`, 'a | b')
  t.equal(sh`printf '\n'`, "printf '\\n'", 'a backslash reaches the shell')
  t.equal(quote(''), "''")
})
