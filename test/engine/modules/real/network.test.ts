import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ApplyFailed, type ReportedFailure, TkplayError } from '../../../../engine/core/failure.js'
import type { Json, JsonObject } from '../../../../engine/core/json.js'
import { sha256 } from '../../../../engine/modules/support/checksum.js'
import { reported } from '../../../../engine/run/failure/failures.js'
import { paramsOf } from '../../../support/cases.js'
import { LocalHost } from '../../../support/local-host.js'
import { converge, done, fromBareThenAgain, host, named, rejection } from '../../../support/real.js'

t.setTimeout(180_000)

const listening = async <S extends Server>(t: Test, server: S): Promise<number> => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

t.test('wait_for', async t => {
  const dir = t.testdir({ log: 'starting\nready on port 80\n' })
  const server = createTcpServer(socket => {
    socket.on('error', () => {})
    socket.write('SSH-2.0-test\n')
  })
  const port = await listening(t, server)
  const seen = async (params: JsonObject): Promise<object> => {
    const { plan, seen, value } = await converge('wait_for', { timeout: 1, ...params })
    return { plan, ...(seen as object), value }
  }
  t.match(await seen({ port }), { there: true })
  t.match(await seen({ port, search_regex: 'SSH-(?P<version>[\\d.]+)' }), {
    there: true,
    value: { match_groupdict: { version: '2.0' } },
  })
  t.match(await seen({ port, state: 'stopped' }), { there: false, plan: { refused: 'timeout' } })
  t.match(await seen({ port: 1, msg: 'not up' }), { plan: { refused: 'timeout', data: { msg: 'not up' } } })
  t.match(await seen({ path: join(dir, 'log'), search_regex: 'ready on port (\\d+)' }), {
    there: true,
    value: { match_groups: ['80'] },
  })
  t.match(await seen({ path: join(dir, 'none') }), { plan: { refused: 'timeout' } })
  t.match(await seen({ path: join(dir, 'none'), state: 'absent' }), { there: true })
  const glance = new LocalHost(['/bin/sh'], { TKPLAY_WAIT: '0' })
  const params = paramsOf(named('wait_for'), { path: join(dir, 'none'), timeout: 1000 })
  t.match(
    (await glance.converge(named('wait_for'), params)).plan,
    { needs: `file ${dir}/none` },
    'a look ahead does not wait',
  )
})

t.test('uri and get_url', async t => {
  const dir = t.testdir({ folder: {} })
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const { method, url, headers } = request
      if (url === '/moved' || url === '/moved-file') {
        response.writeHead(302, { location: url === '/moved' ? '/json' : '/file' }).end()
        return
      }
      if (url === '/bad') {
        response.writeHead(503, { 'X-Reason': 'tired' }).end('later')
        return
      }
      const texts: Record<string, string> = { '/file': 'contents\n', '/sums': `${'0'.repeat(64)}  other\n` }
      const text = texts[url ?? '']
      if (text !== undefined) {
        response.end(text)
        return
      }
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          method,
          url,
          body,
          type: headers['content-type'],
          auth: headers.authorization,
          agent: headers['user-agent'],
          x: headers['x-y'],
        }),
      )
    })
  })
  const base = `http://127.0.0.1:${await listening(t, server)}`
  for (const tool of ['curl', 'python3']) {
    t.test(tool, async t => {
      const ask = async (given: JsonObject): Promise<Json> => {
        const module = named('uri')
        const params = paramsOf(module, given)
        const change = { kind: 'request', tool, summary: '' }
        return module.value?.(params, { guard: {}, tool }, [(await module.apply(change, params, host)) ?? null]) ?? null
      }
      t.match(await ask({ url: `${base}/json` }), {
        status: 200,
        json: { method: 'GET', agent: 'tkplay' },
        changed: false,
        redirected: false,
      })
      t.match(await ask({ url: `${base}/moved` }), { status: 200, redirected: true, url: `${base}/json` })
      t.match(await ask({ url: `${base}/moved`, follow_redirects: 'none', status_code: [302] }), {
        status: 302,
        location: '/json',
      })
      t.match(await ask({ url: `${base}/bad`, return_content: true }), {
        status: 503,
        failed: true,
        content: 'later',
        x_reason: 'tired',
      })
      const post = {
        url: `${base}/json`,
        method: 'POST',
        body: { a: 'é"\\\n', b: [1] },
        body_format: 'json',
        headers: { 'X-Y': 'q"\\' },
      }
      t.match(await ask(post), {
        json: { body: '{"a": "\\u00e9\\"\\\\\\n", "b": [1]}', type: 'application/json', x: 'q"\\' },
      })
      t.match(await ask({ url: `${base}/json`, method: 'PUT', body: { a: '1 2' }, body_format: 'form-urlencoded' }), {
        json: { method: 'PUT', body: 'a=1+2' },
      })
      t.match(await ask({ url: `${base}/json`, url_username: 'u', url_password: 'p' }), {
        json: { auth: 'Basic dTpw' },
      })
      t.match(await ask({ url: 'http://127.0.0.1:1/' }), { status: -1, failed: true, msg: /refused|connect/i })
      t.match(await ask({ url: `${base}/file`, dest: join(dir, tool) }), { changed: true, path: join(dir, tool) })
      t.equal(await readFile(join(dir, tool), 'utf8'), 'contents\n')
    })
  }
  t.test('wget, for a plain GET', async t => {
    const module = named('uri')
    const ask = async (given: JsonObject): Promise<Json> => {
      const params = paramsOf(module, given)
      const change = { kind: 'request', tool: 'wget', summary: '' }
      const applied = (await module.apply(change, params, host)) ?? null
      return module.value?.(params, { guard: {}, tool: 'wget' }, [applied]) ?? null
    }
    t.match(await ask({ url: `${base}/json` }), { status: 200, json: { method: 'GET', agent: 'tkplay' } })
    t.match(await ask({ url: `${base}/json`, headers: { 'user-agent': 'x y' } }), { json: { agent: 'x y' } })
    t.match(await ask({ url: `${base}/moved` }), { status: 200, redirected: true })
    t.match(await ask({ url: `${base}/bad` }), { status: 503, failed: true })
    for (const more of [{ method: 'POST' }, { headers: { 'X-Y': 'z' } }, { ca_path: '/x' }, { use_proxy: false }])
      t.match(await ask({ url: `${base}/json`, ...more }), { status: -1, failed: true, msg: /wget can only GET/ })
  })
  for (const tool of ['curl', 'python3', 'wget', 'apt-helper']) {
    t.test(`get_url by ${tool}`, async t => {
      const module = named('get_url')
      const fetch = (url: string, more: object = {}): Promise<unknown> => {
        const path = join(dir, `by-${tool}`)
        const change = { kind: 'download', tool, path, summary: '', ...more }
        return module.apply(change, paramsOf(module, { url, dest: path }), host)
      }
      const failure = async (url: string, more: object = {}): Promise<ReportedFailure> => {
        const error = await rejection(fetch(url, more))
        if (!(error instanceof TkplayError)) throw error
        return reported(error.failure, undefined, module)
      }
      await fetch(`${base}/json`)
      t.match(JSON.parse(await readFile(join(dir, `by-${tool}`), 'utf8')), { method: 'GET', agent: 'tkplay' })
      const bad = await failure(`${base}/bad`)
      t.match(bad.failure, {
        result: {
          msg: 'Request failed',
          status_code: 503,
          url: `${base}/bad`,
          dest: join(dir, `by-${tool}`),
          response: 'HTTP Error 503: Service Unavailable',
          changed: false,
        },
      })
      t.equal(bad.message?.what, `${base}/bad answered 503 Service Unavailable`)
      const nobody = await failure('http://127.0.0.1:1/f')
      t.match(nobody.failure, { result: { msg: /^Request failed: ./, status_code: undefined } })
      t.equal(nobody.message?.what, 'http://127.0.0.1:1/f cannot be fetched')
      const hex = sha256('another')
      const wrong = await failure(`${base}/file`, { digest: { algorithm: 'sha256', hex } })
      t.equal(wrong.message?.what, `the sha256 checksum is ${sha256('contents\n')}, not ${hex}`)
      t.match(await fetch(`${base}/moved-file`), { changed: true, status_code: 200 })
      t.equal(await readFile(join(dir, `by-${tool}`), 'utf8'), 'contents\n')
    })
  }
  await fromBareThenAgain(t, 'get_url', { url: `${base}/file`, dest: join(dir, 'folder'), mode: '0600' }, 1)
  t.equal(await readFile(join(dir, 'folder/file'), 'utf8'), 'contents\n')
  const wrong = { url: `${base}/file`, dest: join(dir, 'checked'), checksum: `sha256:${sha256('another')}` }
  t.ok((await rejection(converge('get_url', wrong))) instanceof ApplyFailed)
  t.same(
    (await readdir(dir)).filter(name => name.includes('tkplay') || name === 'checked'),
    [],
    'nothing stays of a wrong file',
  )
  t.equal(
    done(await converge('get_url', { url: `${base}/file`, dest: join(dir, 'x'), checksum: `sha256:${base}/sums` })),
    'no-digest',
  )
  const checksum = `sha256:${sha256('contents\n')}`
  await fromBareThenAgain(t, 'get_url', { url: `${base}/file`, dest: join(dir, 'checked'), checksum }, 1)
  await writeFile(join(dir, 'checked'), 'drift')
  await fromBareThenAgain(t, 'get_url', { url: `${base}/file`, dest: join(dir, 'checked'), checksum }, 1)
  const forced = await converge('get_url', { url: `${base}/file`, dest: join(dir, 'checked'), force: true })
  t.match(forced.value, { changed: false }, 'forced, but the same')
  t.ok((await rejection(converge('get_url', { url: `${base}/bad`, dest: join(dir, 'bad') }))) instanceof ApplyFailed)
})
