import { join } from 'node:path'
import t from 'tap'
import { didYouMeanFile, lookedFor } from '../../../../engine/config/files/near-file.js'

t.test('what is nearest to a name that is not there', t => {
  const root = t.testdir({
    vars: { 'web.yml': '', 'b.yml': '', 'db.yaml': '' },
    templates: { 'motd.j2': '' },
    'Site.yml': '',
  })
  const meant = (name: string): string | undefined => didYouMeanFile(name, [join(root, name)])
  t.equal(meant('vars/wbe.yml'), "did you mean 'vars/web.yml'?", 'two letters changed places')
  t.equal(meant('vras/web.yml'), "did you mean 'vars/web.yml'?", 'in the name of the folder')
  t.equal(meant('vars/db.yml'), "did you mean 'vars/db.yaml'?", 'another ending')
  t.equal(meant('vars/wbe'), "did you mean 'vars/web.yml'?", 'without an ending')
  t.equal(meant('site.yml'), "did you mean 'Site.yml'?")
  t.equal(meant('vars/a.yml'), undefined, 'one letter is no slip for another')
  t.equal(meant('none/at/all.yml'), undefined)
  t.equal(
    didYouMeanFile('modt.j2', [join(root, 'templates', 'modt.j2'), join(root, 'modt.j2')]),
    "did you mean 'motd.j2'?",
    'as it would be written',
  )
  t.end()
})

t.test('else where it was looked for, unless that was said already', t => {
  const root = t.testdir({})
  t.equal(lookedFor('a', ['/x/a', '/y/a']), 'looked for /x/a, /y/a')
  t.equal(lookedFor(`${root}/a`, [`${root}/a`]), 'make it, or correct the name')
  t.equal(lookedFor(`${root}/v/a`, [`${root}/v/a`]), `there is no folder ${root}/v`)
  t.end()
})
