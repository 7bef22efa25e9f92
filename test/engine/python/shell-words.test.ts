import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import t from 'tap'
import {
  argumentWords,
  commentedWords,
  extraVarWords,
  shellWords,
  sshWords,
} from '../../../engine/python/shell-words.js'
import { quote } from '../../../engine/shell/quote.js'

const recorded = fileURLToPath(new URL('../../../../test/cases/words/shlex.json', import.meta.url))

t.test('splits as shlex.split does', async t => {
  for (const [line, words] of JSON.parse(readFileSync(recorded, 'utf8')) as [string, string[]][])
    t.same(shellWords(line), words, line.replaceAll('\n', ' '))
  t.throws(() => shellWords("it's"), { message: /not closed/ })
  t.throws(() => shellWords('end\\'), { message: /backslash/ })
  t.same(shellWords(`-o ProxyCommand="ssh -W %h:%p -q u@bastion"`), ['-o', 'ProxyCommand=ssh -W %h:%p -q u@bastion'])
})

t.test('Python itself agrees, with comments and without', async t => {
  const line = fc
    .array(fc.constantFrom('a', 'é', ' ', '\t', '\n', '\u00a0', '"', "'", '\\', '#', '='))
    .map(s => s.join(''))
  const lines = fc.sample(line, 2000)
  const program = `
import json, shlex, sys
def split(line, comments):
    try: return shlex.split(line, comments=comments)
    except ValueError: return None
print(json.dumps([[split(line, False), split(line, True)] for line in json.load(sys.stdin)]))`
  const said = JSON.parse(execFileSync('python3', ['-c', program], { input: JSON.stringify(lines) }).toString())
  const ours = (split: () => readonly string[]): readonly string[] | null => {
    try {
      return split()
    } catch {
      return null
    }
  }
  const differ = lines.flatMap((one, index) => {
    const both = [ours(() => shellWords(one)), ours(() => commentedWords(one).map(({ text }) => text))]
    return JSON.stringify(both) === JSON.stringify(said[index]) ? [] : [{ one, both, python: said[index] }]
  })
  t.same(differ, [])
})

t.test('places are those of the line', async t => {
  t.same(commentedWords(`a b='c d'  e#f`), [
    { text: 'a', at: 0, end: 1 },
    { text: 'b=c d', at: 2, end: 9 },
    { text: 'e', at: 11, end: 12 },
  ])
})

t.test("a module's words: templates and quotes keep blanks together", async t => {
  const texts = (line: string) => argumentWords(line).map(({ text }) => text)
  t.same(texts(`a=1 b="x y" {{ z | d('a b') }}c {# a b #}`), ['a=1', 'b=x y', "{{ z | d('a b') }}c", '{# a b #}'])
  t.same(texts(`a='it\\'s' b\\ c \\`), ["a=it's", 'b c', '\\'])
  t.same(texts(`"{{ a" b}}`), ['{{ a', 'b}}'], 'inside of quotes no template begins')
  t.throws(() => texts('a={{ b'), { message: /template \{\{ is not closed/ })
  t.throws(() => texts("it's"), { message: /not closed/ })
})

t.test('the words of extra variables: a backslash means itself', async t => {
  t.same(
    extraVarWords(`a=C:\\x b='c d\\' {{ e }}`).map(({ text }) => text),
    ['a=C:\\x', 'b=c d\\', '{{ e }}'],
  )
})

t.test("ssh_config's words: a quote inside of a word joins it, a backslash takes quotes only", async t => {
  t.same(sshWords(`a "b c"d 'e "f' \\"g h\\ i C:\\x # no`), ['a', 'b cd', 'e "f', '"g', 'h i', 'C:\\x'])
  t.same(sshWords('a#b \\'), ['a#b', '\\'])
  t.throws(() => sshWords('"a'), { message: /not closed/ })
})

t.test('what is quoted for a shell comes back in one piece', async t => {
  fc.assert(
    fc.property(fc.array(fc.string().filter(word => !word.includes('\0'))), words => {
      t.same(shellWords(words.map(quote).join(' ')), words)
    }),
    { numRuns: 200 },
  )
})
