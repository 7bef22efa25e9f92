import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import t from 'tap'
import type { Json, JsonObject } from '../../../../engine/core/json.js'
import { paramsOf } from '../../../support/cases.js'
import { converge, host, named } from '../../../support/real.js'

t.setTimeout(300_000)

t.test('a client shows its certificate, whose path may hold what curl takes for a passphrase', async t => {
  const dir = t.testdir()
  const key = (name: string): readonly string[] => [
    '-keyout',
    join(dir, `${name}.key`),
    '-out',
    join(dir, `${name}.pem`),
  ]
  for (const name of ['localhost', 'me:you\\'])
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name.slice(0, 2)}`, ...key(name)],
      {
        stdio: 'pipe',
      },
    )
  const of = (file: string): Buffer => readFileSync(join(dir, file))
  const tls = { key: of('localhost.key'), cert: of('localhost.pem'), ca: of('me:you\\.pem') }
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, ({ socket }, response) => {
    response.end((socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const mine = {
    url,
    validate_certs: false,
    client_cert: join(dir, 'me:you\\.pem'),
    client_key: join(dir, 'me:you\\.key'),
  }
  const module = named('uri')
  for (const tool of ['curl', 'python3']) {
    const ask = async (given: JsonObject): Promise<Json> => {
      const params = paramsOf(module, { return_content: true, ...given })
      const change = { kind: 'request', tool, summary: '' }
      return module.value?.(params, { guard: {}, tool }, [(await module.apply(change, params, host)) ?? null]) ?? null
    }
    t.match(await ask(mine), { status: 200, content: 'me' }, tool)
    t.match(await ask({ url, validate_certs: false }), { status: 200, content: 'nobody' }, tool)
  }
  await converge('get_url', { ...mine, dest: join(dir, 'got') })
  t.equal(readFileSync(join(dir, 'got'), 'utf8'), 'me')
})
