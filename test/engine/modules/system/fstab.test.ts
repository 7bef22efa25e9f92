import fc from 'fast-check'
import t from 'tap'
import { escapeField, unescapeField, withEntry, withoutEntry } from '../../../../engine/modules/system/fstab.js'

const entry = { src: '/dev/sdb1', path: '/data', fstype: 'ext4', opts: 'defaults', dump: '0', passno: '0' }

t.test('fields with blanks survive', async t => {
  fc.assert(fc.property(fc.string(), text => t.equal(unescapeField(escapeField(text)), text)))
  fc.assert(fc.property(fc.string(), text => t.notMatch(escapeField(text), /[ \t\n]/)))
})

t.test('an entry is set once, and comments stay', async t => {
  const comments = fc.constantFrom(
    '# /dev/sdb1 /data ext4 defaults 0 0\n',
    '\n',
    'proc /proc proc defaults 0 0\n',
    '/dev/x /data xfs ro 0 2\n',
  )
  fc.assert(
    fc.property(fc.array(comments), lines => {
      const text = lines.join('')
      const once = withEntry(text, entry)
      t.equal(withEntry(once, entry), once)
      t.equal(
        lines.filter(line => line.startsWith('#')).length,
        once.split('\n').filter(line => line.startsWith('#')).length,
      )
      const gone = withoutEntry(once, { path: '/data' })
      t.notMatch(gone, /^[^#]*\/data /m)
      t.equal(withoutEntry(gone, { path: '/data/' }), gone)
    }),
    { numRuns: 100 },
  )
})
