import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import {
  fingerprint,
  hostName,
  KnownHosts,
  keyType,
  parseKnownHosts,
} from '../../../../engine/transport/host-keys/known-hosts.js'

const key = (type: string, seed: string): Buffer => {
  const part = (text: string): Buffer => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)])
  return Buffer.concat([part(type), part(seed)])
}
const [one, two, rsa] = [key('ssh-ed25519', 'one'), key('ssh-ed25519', 'two'), key('ssh-rsa', 'rsa')]
const line = (names: string, body: Buffer): string => `${names} ${keyType(body)} ${body.toString('base64')} a comment`
const known = (...lines: readonly string[]): KnownHosts => new KnownHosts(parseKnownHosts(lines.join('\n'), 'kh'))
const hashed = (name: string): string => {
  const salt = Buffer.from('0123456789abcdefghij')
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

t.test('verdicts', async t => {
  const cases: readonly (readonly [
    lines: readonly string[],
    host: string,
    port: number,
    shown: Buffer,
    verdict: object,
  ])[] = [
    [[], 'a', 22, one, { kind: 'unknown' }],
    [[line('a', one)], 'a', 22, one, { kind: 'trusted' }],
    [[line('A,10.0.0.1', one)], '10.0.0.1', 22, one, { kind: 'trusted' }],
    [[line('A', one)], 'a', 22, one, { kind: 'trusted' }],
    [['# x', '', line('a', one)], 'a', 22, two, { kind: 'changed', old: { file: 'kh', line: 3, key: one } }],
    [[line('a', rsa), line('a', one)], 'a', 22, two, { kind: 'changed', old: { line: 2 } }],
    [[line('a', rsa)], 'a', 22, one, { kind: 'changed', old: { line: 1, type: 'ssh-rsa' } }],
    [[line('a', one), line('a', two)], 'a', 22, two, { kind: 'trusted' }],
    [[line('[a]:2222', one)], 'a', 2222, one, { kind: 'trusted' }],
    [[line('[a]:2222', one)], 'a', 22, one, { kind: 'unknown' }],
    [[line('a', one)], 'a', 2222, one, { kind: 'trusted' }],
    [[line('a', one)], 'a', 2222, two, { kind: 'unknown' }],
    [[line('*.lan,!b.lan', one)], 'a.lan', 22, one, { kind: 'trusted' }],
    [[line('*.lan,!b.lan', one)], 'b.lan', 22, one, { kind: 'unknown' }],
    [[line('[*.lan]:22?2', one)], 'a.lan', 2222, one, { kind: 'trusted' }],
    [[line(hashed('a'), one)], 'a', 22, one, { kind: 'trusted' }],
    [[line(hashed('[a]:2222'), one)], 'a', 2222, two, { kind: 'changed' }],
    [[line(hashed('a'), one)], 'b', 22, one, { kind: 'unknown' }],
    [[`@revoked ${line('*', one)}`, line('a', one)], 'a', 22, one, { kind: 'revoked', old: { line: 1 } }],
    [[`@revoked ${line('*', one)}`, line('a', two)], 'a', 22, two, { kind: 'trusted' }],
    [[`@cert-authority ${line('*', one)}`], 'a', 22, one, { kind: 'authority', old: { line: 1 } }],
    [[`@else ${line('a', one)}`, 'a ssh-ed25519', 'a ssh-rsa AAAA', 'nonsense'], 'a', 22, one, { kind: 'unknown' }],
  ]
  for (const [lines, host, port, shown, verdict] of cases)
    t.match(known(...lines).verify(host, port, shown), verdict, `${host}:${port} ${lines.join(' | ').slice(0, 60)}`)
})

t.test('the types that are known are what the server is asked for', async t => {
  const hosts = known(
    line('a', rsa),
    line('[a]:2222', one),
    `@cert-authority ${line('a', key('ecdsa-sha2-nistp256', 'x'))}`,
  )
  t.strictSame([...hosts.types('a', 2222)], ['ssh-ed25519', 'ssh-rsa'])
  t.strictSame([...hosts.types('a', 22)], ['ssh-rsa'])
  t.strictSame([...hosts.types('b', 22)], [])
})

t.test('names, types and fingerprints', async t => {
  t.equal(hostName('Host', 22), 'host')
  t.equal(hostName('fe80::1', 2222), '[fe80::1]:2222')
  t.equal(keyType(Buffer.from([0, 0, 0, 9, 1])), '')
  t.equal(keyType(Buffer.alloc(2)), '')
  const github = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
  t.equal(fingerprint(Buffer.from(github, 'base64')), 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU')
})

t.test('only the very key is trusted, whatever else stands there', async () => {
  const names = fc.constantFrom('a', 'b', '*', 'a,b', '!a,*', hashed('a'), '@revoked', '?')
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.constantFrom(two, rsa)), { maxLength: 8 }), lines => {
      const hosts = known(...lines.map(([name, body]) => line(name, body)))
      return hosts.verify('a', 22, one).kind !== 'trusted'
    }),
  )
})
