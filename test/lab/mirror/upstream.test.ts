import { createServer } from 'node:http'
import t from 'tap'
import { unreachableSources } from '../../../lab/mirror/upstream.js'

t.test(
  'a source that answers is reached, whatever it says; one that fails, is silent or is not there is not',
  async t => {
    const server = createServer((request, response) => {
      if (request.url !== '/silent') response.writeHead(Number(request.url?.slice(1))).end()
    }).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    t.teardown(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as { port: number }
    const at = (path: string) => `http://127.0.0.1:${port}/${path}`
    const gone = 'http://127.0.0.1:9/'
    t.strictSame(await unreachableSources(3_000, [at('200'), at('401'), at('503'), at('silent'), gone]), [
      at('503'),
      at('silent'),
      gone,
    ])
  },
)
