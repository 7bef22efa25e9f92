import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../../../../scripts/lib/project.js'
import { svgOf } from '../../../../scripts/lib/recording/svg.js'

const plain = (text: string) => [{ text, style: '' }]

t.test('frames side by side, moved by CSS; rows that look the same are there once', async t => {
  const svg = svgOf({
    columns: 10,
    rows: 2,
    duration: 4,
    title: 'a & b',
    frames: [
      { at: 0, screen: [plain('one'), []] },
      {
        at: 1,
        screen: [plain('one'), [{ text: '  ', style: '' }, ...plain('<two>'), { text: '!', style: 'bold c3' }]],
      },
    ],
  })
  t.match(svg, '<title>a &amp; b</title>')
  t.match(svg, '@keyframes film{0%{transform:translateX(0px)}25%{transform:translateX(-116px)}}')
  t.match(svg, '<g class="film" transform="translate(-116 0)">', 'without CSS: the last one')
  t.equal(svg.match(/>one</g)?.length, 1)
  t.equal(svg.match(/<use href="#r0"/g)?.length, 2)
  t.match(svg, '<tspan x="16.8">&lt;two&gt;</tspan><tspan x="58.8" class="bold c3">!</tspan>')
})

t.test("the README's picture is such a recording, of a session that ended well", async t => {
  const picture = readFileSync(join(root, 'docs/session.svg'), 'utf8')
  t.match(picture, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  t.match(picture, /@keyframes film\{0%/)
  t.match(picture, '$ tkplay run playbooks/site.yml')
  t.match(picture, /would change=0 +unknown=0/, 'after the run nothing is left to do')
  t.notMatch(picture, /<script|href="(?!#)|url\(|@import/, 'it loads nothing')
})
