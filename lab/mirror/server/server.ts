import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join, normalize } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { exists } from '../cache.js'
import { Blobs } from '../images/blobs.js'
import { type ImageIndex, MEDIA_TYPE } from '../images/image.js'
import { manifestFinder, parseRegistryPath } from './registry.js'

/** What the server is started with: a JSON file, named by its only argument. */
export interface ServerConfig {
  readonly address: string
  readonly port: number
  /** folder of files served as they are */
  readonly files: string
  /** folder of blobs, and the index of the images in it */
  readonly blobs: string
  readonly index: string
  /** one more index, which may be written while the server runs */
  readonly laterIndex: string
}

/** Every answer of the registry carries the process id under this name. */
export const PROCESS_HEADER = 'x-mirror-process'

/** The lab's mirror: plain files, and a read-only image registry under /v2/. */
export async function serve(config: ServerConfig): Promise<void> {
  const blobs = new Blobs(config.blobs)
  const known = manifestFinder(await readIndex(config.index))
  const find = async (asked: Parameters<typeof known>[0]) =>
    known(asked) ??
    ((await exists(config.laterIndex)) ? manifestFinder(await readIndex(config.laterIndex))(asked) : undefined)

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405)
    const path = request.url ?? '/'
    if (!path.startsWith('/v2'))
      return send(request, response, filePath(config.files, path), 'application/octet-stream')
    response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0')
    response.setHeader(PROCESS_HEADER, process.pid)
    const asked = parseRegistryPath(path)
    if (asked === undefined) return end(response, 404)
    if (asked.kind === 'ping') return end(response, 200)
    const manifest = asked.kind === 'manifest' ? await find(asked) : undefined
    const digest = asked.kind === 'blob' ? asked.digest : manifest?.digest
    if (digest === undefined) return end(response, 404)
    response.setHeader('Docker-Content-Digest', digest)
    return send(request, response, blobs.path(digest), manifest ? MEDIA_TYPE.manifest : 'application/octet-stream')
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(error => {
      console.error(`${request.method} ${request.url}: ${error}`)
      if (!response.headersSent) end(response, 500)
      else response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(config.port, config.address, resolve),
  )
}

const readIndex = async (path: string): Promise<ImageIndex> => JSON.parse(await readFile(path, 'utf8')) as ImageIndex

/** Where a URL's path lies below a folder; `..` cannot lead out of it. */
export const filePath = (root: string, path: string): string =>
  join(root, normalize(decodeURIComponent(new URL(path, 'http://mirror').pathname)))

async function send(request: IncomingMessage, response: ServerResponse, path: string, type: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) return end(response, 404)
  // apt asks «If-Modified-Since» on every refresh: the index is fetched once.
  const modified = new Date(Math.floor(found.mtimeMs / 1000) * 1000)
  response.setHeader('Last-Modified', modified.toUTCString())
  const since = Date.parse(request.headers['if-modified-since'] ?? '')
  if (since >= modified.getTime()) return end(response, 304)
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': found.size })
  if (request.method === 'HEAD') return void response.end()
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), response)
}

const end = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { 'Content-Length': 0 }).end()
}
