import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Login {
  readonly username: string
  readonly password: string
}

export interface PrivateRegistry {
  /** As images name it. */
  readonly host: string
  /** Requests that were turned away for want of the right login. */
  readonly refused: () => number
  close(): Promise<void>
}

const token = 'a-token-of-this-registry'
/** kubeadm asks a repository of one's own for images without the folders that they lie in elsewhere. */
const folders: { readonly [repository: string]: string } = { coredns: 'coredns/coredns', busybox: 'library/busybox' }

/**
 * A registry in front of the lab's mirror that wants a login: by the password itself, or by a token that its token service gives for
 * one (the distribution's spec: WWW-Authenticate Basic and Bearer).
 */
export const privateRegistry = async (
  address: string,
  mirror: string,
  { username, password }: Login,
  kind: 'basic' | 'token',
): Promise<PrivateRegistry> => {
  let refused = 0
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const refuse = (response: ServerResponse, challenge: string): void => {
    refused++
    response.writeHead(401, { 'WWW-Authenticate': challenge, 'Content-Length': 0 }).end()
  }
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://registry')
    const given = request.headers.authorization
    if (pathname === '/token') {
      if (given !== basic) return refuse(response, 'Basic realm="registry"')
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ token }))
      return
    }
    if (kind === 'basic' && given !== basic) return refuse(response, 'Basic realm="registry"')
    if (kind === 'token' && given !== `Bearer ${token}`) {
      return refuse(response, `Bearer realm="http://${request.headers.host}/token",service="registry"`)
    }
    const path = pathname.replace(/^\/v2\/(\w+)\/(?=manifests|blobs)/, (all, name: string) =>
      name in folders ? `/v2/${folders[name]}/` : all,
    )
    get(`${mirror}${path}`, { method: request.method }, found => {
      response.writeHead(found.statusCode ?? 502, found.headers)
      found.pipe(response)
    }).on('error', () => response.destroy())
  }
  const server = createServer(answer)
  server.listen(0, address)
  await once(server, 'listening')
  return {
    host: `${address}:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
