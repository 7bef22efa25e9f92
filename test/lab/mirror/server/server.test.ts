import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { exists } from '../../../../lab/mirror/cache.js'
import { Blobs } from '../../../../lab/mirror/images/blobs.js'
import { imageIndex, MEDIA_TYPE } from '../../../../lab/mirror/images/image.js'
import { filePath, type ServerConfig } from '../../../../lab/mirror/server/server.js'
import { startServer, stopServer } from '../../../../lab/mirror/server/server-process.js'

t.test('a path cannot lead out of the folder', async t => {
  t.equal(filePath('/files', '/core:/stable:/v1.34/deb/Release'), '/files/core:/stable:/v1.34/deb/Release')
  for (const path of ['/../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/a/..%2f..%2f..%2fetc/passwd']) {
    t.ok(filePath('/files', path).startsWith('/files/'), path)
  }
})

t.test('a server that outlives its starter serves files and images, and is ended by its folder', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-server-'))
  const blobs = new Blobs(join(folder, 'blobs'))
  const manifest = await blobs.document(MEDIA_TYPE.manifest, '{"schemaVersion":2}')
  const config: ServerConfig = {
    address: '127.0.0.1',
    port: await freePort(),
    files: join(folder, 'files'),
    blobs: blobs.root,
    index: join(folder, 'index.json'),
    laterIndex: join(folder, 'later.json'),
  }
  const state = join(folder, 'state')
  t.teardown(async () => {
    await stopServer(state)
    await rm(folder, { recursive: true })
  })
  await mkdir(join(folder, 'files', 'core:'), { recursive: true })
  await writeFile(join(folder, 'files', 'core:', 'Release'), 'Origin: lab\n')
  await writeFile(config.index, JSON.stringify(imageIndex({ 'docker.io/library/a:1': manifest })))
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${config.port}${path}`, init)

  await startServer(state, config)
  const file = await get('/core:/Release')
  t.equal(await file.text(), 'Origin: lab\n')
  const again = await get('/core:/Release', {
    headers: { 'If-Modified-Since': file.headers.get('last-modified') ?? '' },
  })
  t.equal(again.status, 304)

  const head = await get('/v2/library/a/manifests/1?ns=docker.io', { method: 'HEAD' })
  t.equal(head.status, 200)
  t.equal(head.headers.get('docker-content-digest'), manifest.digest)
  t.equal(head.headers.get('content-type'), MEDIA_TYPE.manifest)
  t.equal(await (await get(`/v2/library/a/blobs/${manifest.digest}`)).text(), '{"schemaVersion":2}')
  t.equal((await get('/v2/library/a/manifests/2')).status, 404)
  t.equal((await get('/v2/library/b/manifests/1?ns=docker.io')).status, 404)
  t.equal((await get('/nothing')).status, 404)

  await writeFile(config.laterIndex, JSON.stringify(imageIndex({ 'docker.io/library/b:1': manifest })))
  t.equal((await get('/v2/library/b/manifests/1?ns=docker.io')).status, 200, 'an image that was made meanwhile')
  t.equal((await get('/v2/library/a/manifests/1?ns=docker.io')).status, 200, 'and those from the start')
  t.equal((await get('/v2/library/a/manifests/1', { method: 'PUT' })).status, 405)

  await startServer(state, config)
  t.ok((await get('/v2/')).ok, 'starting it again is no harm')
  await stopServer(state)
  await t.rejects(get('/v2/'))
  t.notOk(await exists(join(state, 'server.json')))
})

t.test('a port that is taken is named', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-server-'))
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => other.once('listening', resolve))
  t.teardown(async () => {
    other.close()
    await stopServer(folder)
    await rm(folder, { recursive: true })
  })
  const { port } = other.address() as { port: number }
  await writeFile(join(folder, 'index.json'), JSON.stringify(imageIndex({})))
  const index = join(folder, 'index.json')
  const config = { address: '127.0.0.1', port, files: folder, blobs: folder, index, laterIndex: index }
  const problem = await startServer(folder, config).catch((error: unknown) => error)
  t.match(problem, { what: /EADDRINUSE/, cure: new RegExp(`sport = :${port}`) })
})

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
