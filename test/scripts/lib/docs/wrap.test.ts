import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { tooWide, wrapMarkdown } from '../../../../scripts/lib/docs/wrap.js'

const long = 'one two three four five six seven'

t.test('paragraphs and list items are broken between words', async t => {
  t.equal(wrapMarkdown(long, 15), 'one two three\nfour five six\nseven')
  t.equal(wrapMarkdown(`- ${long}`, 15), '- one two three\n  four five six\n  seven')
  t.equal(wrapMarkdown(`1. ${long}\n   and on`, 16), '1. one two three\n   four five six\n   seven and on')
  t.equal(wrapMarkdown('a `b c d e f g h` i', 10), 'a\n`b c d e f g h`\ni', 'code stays whole')
  t.equal(wrapMarkdown('aaaa bbbb - cccc', 10), 'aaaa\nbbbb -\ncccc', 'no line begins like a list')
})

t.test('what a break would change stays', async t => {
  for (const line of [`| ${long} |`, `# ${long}`, `<img ${long}>`, `\`\`\`sh\n${long}\n\`\`\``, `> ${long}`])
    t.equal(wrapMarkdown(line, 15), line)
  t.equal(wrapMarkdown('short\nlines stay', 15), 'short\nlines stay')
})

t.test('the words stay, no line is wider than a word, and wrapping again changes nothing', async t => {
  const word = fc.constantFrom('a', 'bb', '`c d`', '-', '#', '1.', 'longer', '[x](y)', '|')
  const text = fc.array(
    fc.array(word, { maxLength: 12 }).map(words => words.join(' ')),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(text, fc.integer({ min: 8, max: 40 }), (lines, width) => {
      const wrapped = wrapMarkdown(lines.join('\n'), width)
      const words = (one: string): string => one.replace(/\s+/g, ' ').trim()
      return words(wrapped) === words(lines.join('\n')) && wrapMarkdown(wrapped, width) === wrapped
    }),
  )
  t.strictSame(tooWide(`| ${long} |\n${long}`, 15), [2])
})

t.test('the Markdown of this repository is 100 columns wide', async t => {
  const files = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n')
  t.ok(files.length > 20)
  for (const file of files) t.strictSame(tooWide(readFileSync(file, 'utf8')), [], file)
})
