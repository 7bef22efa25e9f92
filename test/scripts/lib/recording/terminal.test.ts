import t from 'tap'
import { Terminal } from '../../../../scripts/lib/recording/terminal.js'

const shown = (text: string, columns = 20, rows = 4): readonly string[] => {
  const terminal = new Terminal(columns, rows)
  terminal.write(text)
  return terminal.screen().map(row => row.map(span => span.text).join(''))
}

t.test('text, new lines and scrolling', async t => {
  t.same(shown('one\r\ntwo'), ['one', 'two', '', ''])
  t.same(shown('1\r\n2\r\n3\r\n4\r\n5'), ['2', '3', '4', '5'])
  t.same(shown('abcdef', 4), ['abcd', 'ef', '', ''], 'a line that is too long goes on in the next row')
  t.same(shown('abcd\r\nef', 4), ['abcd', 'ef', '', ''], 'one that just fits does not')
  t.same(shown('abc\rX'), ['Xbc', '', '', ''])
  t.same(shown('✔ ⠋ › —'), ['✔ ⠋ › —', '', '', ''])
})

t.test('what a live list of hosts does: up, erase, write again', async t => {
  t.same(shown('node1 a\r\nnode2 a\r\n\u001b[2K\u001b[1A\u001b[2K\u001b[1A\u001b[2K\u001b[Gdone\r\nnode1 b'), [
    'done',
    'node1 b',
    '',
    '',
  ])
  t.same(shown('one\r\ntwo\r\nthree\u001b[2A\u001b[2G\u001b[J'), ['o', '', '', ''])
  t.same(shown('abc\u001b[2Dx\u001b[Cy\u001b[K'), ['axcy', '', '', ''])
  t.same(shown('\u001b[?25la\u001b]0;title\u0007b\u001b[?25h'), ['ab', '', '', ''], 'nothing to be seen')
})

t.test('styles, neighbours of one joined', async t => {
  const terminal = new Terminal(40, 1)
  terminal.write('a\u001b[1mbold\u001b[33mboth\u001b[22myellow\u001b[39m plain \u001b[2mdim\u001b[0m \u001b[92mgreen')
  t.same(terminal.screen()[0], [
    { text: 'a', style: '' },
    { text: 'bold', style: 'bold' },
    { text: 'both', style: 'bold c3' },
    { text: 'yellow', style: 'c3' },
    { text: ' plain ', style: '' },
    { text: 'dim', style: 'dim' },
    { text: ' ', style: '' },
    { text: 'green', style: 'c2' },
  ])
})

t.test('output comes in pieces, which end anywhere', async t => {
  const text = 'one\r\n\u001b[1mtwo\u001b[22m\r\n\u001b]0;t\u0007\u001b[33mthree\u001b[39m\u001b[1A\u001b[2K'
  const whole = new Terminal(20, 4)
  whole.write(text)
  const pieces = new Terminal(20, 4)
  for (const char of text) pieces.write(char)
  t.same(pieces.screen(), whole.screen())
})
