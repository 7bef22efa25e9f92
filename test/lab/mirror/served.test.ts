import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { buildAgnhost, buildMirror } from '../../../lab/mirror/build.js'
import { sha256 } from '../../../lab/mirror/cache.js'
import { type Descriptor, type ImageIndex, parseReference, REFERENCE_NAME } from '../../../lab/mirror/images/image.js'
import { startServer, stopServer } from '../../../lab/mirror/server/server-process.js'
import { MANIFESTS_PATH, REPOSITORY_PATH } from '../../../lab/mirror/variables.js'
import { AGNHOST_TAG, BUSYBOX_TAG } from '../../../lab/mirror/versions.js'
import { attempt, sh } from '../../../lab/support/shell.js'

// An empty cache takes ten minutes to fill; a filled one is served at once.
t.setTimeout(45 * 60_000)

t.test(
  'apt and an image client get what the mirror serves',
  { skip: process.getuid?.() !== 0 && 'needs root' },
  async t => {
    const content = await buildMirror({ log: line => t.comment(line) })
    const folder = await mkdtemp(join(tmpdir(), 'mirror-served-'))
    const port = await freePort()
    t.teardown(async () => {
      await stopServer(folder)
      await rm(folder, { recursive: true })
    })
    await startServer(folder, {
      address: '127.0.0.1',
      port,
      files: content.files,
      blobs: content.blobs,
      index: content.index,
      laterIndex: content.laterIndex,
    })
    const root = `http://127.0.0.1:${port}`

    await t.test('the repository is signed by the key beside it, and its packages are whole', async t => {
      const apt = await isolatedApt(folder, `${root}/${REPOSITORY_PATH}`)
      await sh`apt-get ${apt} update`
      const downloads = join(folder, 'downloads')
      await mkdir(downloads)
      await sh({ cwd: downloads })`apt-get ${apt} download kubeadm=1.34.4-* kubelet kubectl cri-tools kubernetes-cni`
      const names = (await readdir(downloads)).sort()
      t.strictSame(
        names.map(name => name.replace(/_.*/, '')),
        ['cri-tools', 'kubeadm', 'kubectl', 'kubelet', 'kubernetes-cni'],
      )
      const { stdout } =
        await sh`dpkg-deb --contents ${join(downloads, names.find(name => name.startsWith('kubelet_')) ?? '')}`
      t.match(stdout, /\.\/usr\/lib\/systemd\/system\/kubelet\.service/)
    })

    await t.test('a wrong key is refused', async t => {
      const apt = await isolatedApt(folder, `${root}/${REPOSITORY_PATH}`, '')
      const { exitCode, stderr } = await attempt`apt-get ${apt} -o APT::Update::Error-Mode=any update`
      t.not(exitCode, 0)
      t.match(stderr, /NO_PUBKEY|not signed/)
    })

    await t.test('every image of the index can be had by its name', async t => {
      const { manifests } = JSON.parse(await readFile(content.index, 'utf8')) as ImageIndex
      for (const { annotations, digest } of manifests) {
        const { host, repository, tag } = parseReference(annotations[REFERENCE_NAME] ?? '')
        const answer = await fetch(`${root}/v2/${repository}/manifests/${tag}?ns=${host}`)
        const text = await answer.text()
        t.equal(`sha256:${sha256(text)}`, digest, `${host}/${repository}:${tag}`)
        const manifest = JSON.parse(text) as { config: Descriptor; layers: readonly Descriptor[] }
        for (const part of [manifest.config, ...manifest.layers]) {
          const blob = await fetch(`${root}/v2/${repository}/blobs/${part.digest}`, { method: 'HEAD' })
          t.equal(Number(blob.headers.get('content-length')), part.size, part.digest)
        }
      }
    })

    await t.test('busybox says what its image says, and looks names up', async t => {
      const files = await unpackImage(folder, root, 'library/busybox', BUSYBOX_TAG)
      const inImage = (...command: readonly string[]) => attempt`chroot ${files} ${command}`
      t.match((await inImage('busybox')).stdout, `BusyBox v${BUSYBOX_TAG}.`)
      await writeFile(join(files, 'etc/hosts'), '127.0.0.1 mirror\n')
      const release = await inImage('wget', '-qO-', `http://mirror:${port}/${REPOSITORY_PATH}Release`)
      t.match(release.stdout, /^Origin: /m, release.stderr)
      const nobody = await inImage('wget', '-qO-', 'http://nobody.invalid/')
      t.strictSame([nobody.exitCode, nobody.stderr], [1, "wget: bad address 'nobody.invalid'\n"])
    })

    await t.test('agnhost is served from when it was built, and says what its image says', async t => {
      await buildAgnhost({ log: line => t.comment(line) })
      const files = await unpackImage(folder, root, 'e2e-test-images/agnhost', AGNHOST_TAG)
      t.match((await sh`chroot ${files} /agnhost --version`).stdout, `version ${AGNHOST_TAG}\n`)
      t.equal(
        (await sh`chroot ${files} /bin/sh -c ${'/agnhost help netexec >/uploads/x && wc -l </uploads/x'}`).exitCode,
        0,
      )
    })

    await t.test("Calico's manifest is the one whose checksum is handed out", async t => {
      const answer = await fetch(`${root}/${MANIFESTS_PATH}calico-vxlan.yaml`)
      const text = await answer.text()
      t.equal(sha256(text), content.checksums.calico)
      t.match(text, /# - name: CALICO_IPV4POOL_CIDR/)
    })
  },
)

/** The files of an image as a host would unpack them. */
async function unpackImage(folder: string, root: string, repository: string, tag: string): Promise<string> {
  const files = await mkdtemp(join(folder, 'image-'))
  const { layers } = (await (await fetch(`${root}/v2/${repository}/manifests/${tag}`)).json()) as {
    readonly layers: readonly Descriptor[]
  }
  for (const { digest } of layers) {
    const layer = join(folder, 'layer.tar')
    await writeFile(layer, Buffer.from(await (await fetch(`${root}/v2/${repository}/blobs/${digest}`)).arrayBuffer()))
    await sh`tar -xf ${layer} -C ${files}`
  }
  return files
}

/** Options for an apt that knows one repository and keeps everything in a folder of its own. */
async function isolatedApt(folder: string, repository: string, key?: string): Promise<readonly string[]> {
  const own = await mkdtemp(join(folder, 'apt-'))
  await writeFile(join(own, 'key.asc'), key ?? (await (await fetch(`${repository}Release.key`)).text()))
  await writeFile(join(own, 'sources.list'), `deb [signed-by=${join(own, 'key.asc')}] ${repository} /\n`)
  await writeFile(join(own, 'status'), '')
  await mkdir(join(own, 'lists'))
  return [
    ['Dir::Etc::sourcelist', join(own, 'sources.list')],
    ['Dir::Etc::sourceparts', '-'],
    ['Dir::State', own],
    ['Dir::State::Lists', join(own, 'lists')],
    ['Dir::State::status', join(own, 'status')],
    ['Dir::Cache', own],
    ['APT::Sandbox::User', 'root'],
    ['Acquire::http::Proxy', 'DIRECT'],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
