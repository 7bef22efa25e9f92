import t from 'tap'
import { packagesIndex, releaseFile } from '../../../../lab/mirror/debian/repository.js'

t.test('Packages: a control file and a place each, a blank line between', async t => {
  const file = (name: string) => ({
    control: `Package: ${name}\nVersion: 1\n\n`,
    filename: `amd64/${name}.deb`,
    size: 7,
    sha256: 'ab',
  })
  t.equal(
    packagesIndex([file('a'), file('b')]),
    'Package: a\nVersion: 1\nFilename: amd64/a.deb\nSize: 7\nSHA256: ab\n\nPackage: b\nVersion: 1\nFilename: amd64/b.deb\nSize: 7\nSHA256: ab\n',
  )
})

t.test('Release: a date as apt reads it, and a line an index', async t => {
  const text = releaseFile(new Date(Date.UTC(2026, 0, 2, 3, 4, 5)), [{ name: 'Packages', size: 12, sha256: 'cd' }])
  t.match(text, /\nDate: Fri, 02 Jan 2026 03:04:05 GMT\n/)
  t.match(text, /\nSHA256:\n cd 12 Packages\n$/)
})
