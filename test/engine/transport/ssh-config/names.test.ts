import fc from 'fast-check'
import t from 'tap'
import { isHostName, isUserName } from '../../../../engine/transport/ssh-config/names.js'

t.test('hosts and users, as OpenSSH takes them', async t => {
  for (const name of ['web1', '10.0.0.5', 'fe80::1%eth0', 'a_b.example.org', 'xn--nxasmq6b', 'é'])
    t.ok(isHostName(name), name)
  for (const name of [
    '',
    '-oProxyCommand=x',
    '$(touch x)',
    'a;b',
    'a b',
    'a\nb',
    '`x`',
    'a|b',
    "a'b",
    '${IFS}',
    'a\\b',
    '\u0085',
  ])
    t.notOk(isHostName(name), name)
  for (const name of ['root', 'ad\\kim', 'kim@example.org', 'a b', '$x', 'kim-m']) t.ok(isUserName(name), name)
  for (const name of ['', '-l', 'a -b', 'a`b`', '$(x)', 'a;b', 'a\u0000', 'a\nb', 'a\\', '"', '${x}'])
    t.notOk(isUserName(name), name)
})

t.test('no sign by which a shell does more than read a word is let through', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), text => {
      const isBad = /[;&|<>(){}'"`]/.test(text)
      return !isBad || !(isHostName(text) || isUserName(text))
    }),
  )
})
