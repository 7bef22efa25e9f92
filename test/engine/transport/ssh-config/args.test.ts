import t from 'tap'
import { parseSshArgs } from '../../../../engine/transport/ssh-config/args.js'

const settings = (...words: readonly string[]) => Object.fromEntries(parseSshArgs(words).settings)

t.test('words that ssh takes', async t => {
  t.strictSame(settings('-o', 'ConnectTimeout=5', '-oPort 22', '-o', 'port=23'), {
    connecttimeout: ['5'],
    port: ['22'],
  })
  t.strictSame(settings('-J', 'a,b', '-p2222', '-l', 'me'), { proxyjump: ['a,b'], port: ['2222'], user: ['me'] })
  t.strictSame(settings('-i', 'one', '-i', 'two'), { identityfile: ['one', 'two'] })
  t.strictSame(settings('-o', 'UserKnownHostsFile=/a /b'), { userknownhostsfile: ['/a', '/b'] })
  t.strictSame(settings('-o', 'ProxyCommand=ssh -W %h:%p  b'), { proxycommand: ['ssh -W %h:%p  b'] })
  t.strictSame(settings('-C', '-tt', '-q'), {}, 'what changes nothing')
  t.strictSame(settings('-4'), { addressfamily: ['inet'] })
  t.strictSame(settings('-q6', '-b', '10.0.0.1', '-c', 'aes128-ctr'), {
    addressfamily: ['inet6'],
    bindaddress: ['10.0.0.1'],
    ciphers: ['aes128-ctr'],
  })
  t.equal(parseSshArgs(['-F', '/etc/x']).configFile, '/etc/x')
})

t.test('words that it does not take', async t => {
  for (const words of [['-D', '1080'], ['host'], ['-J'], ['-o', 'Port'], ['']])
    t.throws(() => parseSshArgs(words), /ssh (argument|option)/, words.join(' '))
})
