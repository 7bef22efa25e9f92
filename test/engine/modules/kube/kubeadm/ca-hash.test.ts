import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { caCertHash } from '../../../../../engine/modules/kube/kubeadm/ca-hash.js'

t.test("the CA's pin is that of openssl, for RSA and ECDSA", async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tkplay-test-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const kind of [['rsa:2048'], ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']]) {
    const file = join(folder, 'ca.crt')
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        ...kind,
        '-nodes',
        '-keyout',
        join(folder, 'ca.key'),
        '-out',
        file,
        '-subj',
        '/CN=kubernetes',
      ],
      { stdio: 'ignore' },
    )
    const pin = execFileSync(
      'sh',
      ['-c', `openssl x509 -pubkey -noout -in ${file} | openssl pkey -pubin -outform der | sha256sum`],
      { encoding: 'utf8' },
    )
    t.equal(caCertHash(readFileSync(file, 'utf8')), `sha256:${pin.slice(0, 64)}`)
  }
})
