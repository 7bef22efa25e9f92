import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { downloads, served } from '../../../support/host-model/families/downloads.js'
import { holdFor } from '../../../support/host-model/laws.js'

const server = createServer(({ url = '' }, answer) => {
  const body = served[new URL(url, 'http://host').pathname]
  answer.writeHead(body === undefined ? 404 : 200).end(body)
})
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
t.teardown(() => server.close())

await holdFor(t, downloads(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
