import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import type { JsonObject } from '../../engine/core/json.js'
import { openLab } from '../../lab/lab.js'
import { execOn } from '../support/lab-exec.js'
import { project, type RanJson, tkplayJson } from '../support/tkplay.js'
import { rowsOf } from './attacker/rows.js'

/**
 * A user of the host attacks while root works in their folders: names change between a file and a link thousands of times a second, temporary
 * files are exchanged as soon as they are there, backups' names are taken beforehand. Nothing of root's changes by it.
 */
const lab = await openLab({ name: 'attacker', hosts: 1 })
const home = await mkdtemp(join(tmpdir(), 'tkplay-attacker-'))
t.setTimeout(900_000)
t.teardown(async () => {
  await rm(home, { recursive: true, force: true })
  await lab.down()
})

const must = async (command: string): Promise<string> => (await execOn(lab, 'node1', command)).trim()

const script = await readFile(join(project, 'test/lab/attacker/attack.py'), 'utf8')
await must(`cat >/usr/local/lib/attack.py <<'END'\n${script}\nEND`)

/** What root has, and what ops has: files and folders whose names the attackers swap for links to root's. */
const scene = `rm -rf /etc/victim /etc/victim.d /home/ops/* /home/ops/.[!.]*
rm -rf /usr/local/to*; mkdir -p /usr/local/from/sub/new; echo from root | tee /usr/local/from/conf /usr/local/from/sub/conf >/usr/local/from/sub/new/conf; echo other >/usr/local/from/other
umask 077; echo root-only >/etc/victim; mkdir -p /etc/victim.d/sub; echo root-only | tee /etc/victim.d/conf >/etc/victim.d/sub/conf
cd /home/ops && setpriv --reuid=ops --regid=ops --init-groups sh -c 'umask 022
mkdir dir dir/sub tree tree/sub .ssh .kube; echo theirs | tee conf dir/conf dir/sub/conf tree/sub/conf >.kube/config
mkdir -p "tree/x
own 41ed|0|0|root|root|1|1|1|1|1|1|1
below ../../../etc" "tree/-R" "tree/a\\nb"'`

const links = {
  conf: '/etc/victim',
  dir: '/etc/victim.d',
  'tree/sub': '/etc/victim.d',
  '.ssh': '/etc/victim.d',
  '.kube': '/etc/victim.d',
}
const attackers: readonly (readonly string[])[] = [
  ['swap', ...Object.entries(links).map(([name, to]) => `/home/ops/${name}=${to}`)],
  ['temp', '/etc/victim.d/conf', ...['', '/dir', '/tree', '/.ssh', '/.kube'].map(folder => `/home/ops${folder}`)],
  ['backups', '/etc/victim', ...['conf', 'dir/conf', 'kept', '.kube/config'].map(name => `/home/ops/${name}`)],
]

/** They are ops' own processes. @returns what each says that it did */
const attacked = async (who: typeof attackers, work: () => Promise<void>): Promise<readonly string[]> => {
  for (const [number, argv] of who.entries()) {
    const unit = `--unit=attack${number} -p User=ops -p StandardOutput=truncate:/run/attack${number} -p StandardError=inherit`
    await must(
      `systemd-run --quiet ${unit} /usr/bin/python3 /usr/local/lib/attack.py ${argv.map(word => `'${word}'`).join(' ')}`,
    )
  }
  await work()
  const units = who.map((_, number) => `attack${number}`)
  // One that failed by itself would be no attacker.
  await must(`systemctl is-active --quiet ${units.join(' ')} && systemctl stop ${units.join(' ')}`)
  return Promise.all(units.map(unit => must(`cat /run/${unit}`)))
}

/** Owner, mode, size, time of the last change of any kind, and where links lead, of all that is root's. */
const fingerprint = (): Promise<string> =>
  must(`find / /etc /root /usr /opt /srv /boot -xdev -path /home -prune -o -path /run -prune -o -path /proc -prune -o -path /sys -prune -o -path /tmp -prune \
-o -path /var -prune -o -path /dev -prune -o ! -path / ! -path /root ! -path '/usr/local/to*' ! -path /usr/local -printf '%p %U:%G %m %s %C@ %l\\n' | sort -u`)

const playbook = async (tasks: readonly JsonObject[]): Promise<string> => {
  const path = join(home, 'play.yml')
  await writeFile(path, stringify([{ hosts: 'node1', gather_facts: false, ignore_errors: true, tasks }]))
  return path
}
await writeFile(join(home, 'text.j2'), 'from root {{ item }}\n')
await writeFile(join(home, 'secret.j2'), 'TOPSECRET {{ item }}\n')
for (const path of ['conf', 'sub/conf', 'sub/new']) {
  await mkdir(dirname(join(home, 'folder', path)), { recursive: true })
  await writeFile(join(home, 'folder', path), 'from root\n')
}
await must('mkdir -p /srv/web && head -c 200000 /dev/urandom >/srv/web/file')
await must('systemd-run --quiet --unit=web /usr/bin/python3 -m http.server 8000 --bind 127.0.0.1 -d /srv/web')

/** Each failure is told with one remedy; exit code 70 would be a fault of tkplay. */
const judge = (t: Test, ran: RanJson): void => {
  t.equal(ran.code, 0, 'the run comes to its end')
  for (const event of ran.events) {
    if (event.kind !== 'step-ended' || event.failure === undefined) continue
    const { lines } = event.failure as unknown as { readonly lines: readonly string[] }
    const remedies = lines.filter(line => line.startsWith('→'))
    if (remedies.length !== 1) t.fail(lines.join('\n'))
  }
}

/** What is another than before, or new. */
const changes = (before: string, after: string): readonly string[] => {
  const known = new Set(before.split('\n'))
  return after.split('\n').filter(line => !known.has(line))
}

for (const row of rowsOf(home)) {
  t.test(row.name, async t => {
    await must(scene)
    const before = await fingerprint()
    const play = await playbook(row.tasks)
    const did = await attacked(attackers, async () => {
      for (const _ of [1, 2]) judge(t, await tkplayJson(['run', play, '-i', lab.inventoryDir]))
    })
    t.match(did, [/\bswapped=\d{3}/, /\btook away=/, /\bprepared=\d{3}/], 'they were at work')
    t.same(changes(before, await fingerprint()), [], 'nothing of root’s is another')
    if (row.holds !== undefined) t.equal((await lab.exec('node1', row.holds)).rc, 0, row.holds)
  })
}

t.test('who writes by name is led astray by them', async t => {
  await must(scene)
  const before = await fingerprint()
  await attacked(attackers, async () => {
    await must('for i in $(seq 2000); do echo led astray >/home/ops/dir/conf; done 2>/dev/null; :')
  })
  t.match(changes(before, await fingerprint()), [/^\/etc\/victim\.d\/conf /])
})

t.test('what only root may read and write is nobody else’s for a moment', async t => {
  const folders = ['/srv/app', '/home/ops/shared']
  const prepare = `${scene}
umask 022; rm -rf /srv/app; mkdir /srv/app; setpriv --reuid=ops --regid=ops --clear-groups mkdir /home/ops/shared
for d in ${folders.join(' ')}; do for i in 1 2; do (umask 077; echo TOPSECRET >$d/old$i); done; done`
  const look = [['watch', ...folders]]
  const secret = 'TOPSECRET {{ 999999 | random }}'
  const modes = { owner: 'root', group: 'root', mode: '0600' }
  const inBoth = (task: JsonObject): JsonObject => ({
    ...task,
    loop: folders.flatMap(folder => [1, 2].map(one => `${folder}/NAME${one}`)),
  })
  const named = (name: string, task: JsonObject): JsonObject =>
    JSON.parse(JSON.stringify(inBoth(task)).replaceAll('NAME', name)) as JsonObject
  const play = await playbook([
    named('new', { copy: { dest: '{{ item }}', content: `${secret}\n`, ...modes } }),
    named('old', { copy: { dest: '{{ item }}', content: `${secret}\n`, backup: true } }),
    named('old', { lineinfile: { path: '{{ item }}', line: secret, backup: true } }),
    named('made', { lineinfile: { path: '{{ item }}', line: secret, create: true, ...modes } }),
    named('template', { template: { src: join(home, 'secret.j2'), dest: '{{ item }}', ...modes } }),
    named('there', { copy: { src: '/srv/app/old1', dest: '{{ item }}', remote_src: true, ...modes } }),
    named('tree', { copy: { src: '/usr/local/secret', dest: '{{ item }}', remote_src: true } }),
    named('got', { get_url: { url: 'http://127.0.0.1:8000/secret', dest: '{{ item }}', ...modes } }),
    named('asked', { uri: { url: 'http://127.0.0.1:8000/secret', dest: '{{ item }}', ...modes } }),
  ])
  await must(
    `${prepare}; mkdir -p /usr/local/secret; (umask 077; echo TOPSECRET >/usr/local/secret/conf); echo TOPSECRET >/srv/web/secret`,
  )
  const [did = ''] = await attacked(look, async () => {
    const ran = await tkplayJson(['run', play, '-i', lab.inventoryDir])
    judge(t, ran)
    t.same(ran.with('ignored'), [], 'all of it came about')
  })
  t.match(did, /^looked=\d{3,}$/, 'it was neither read nor written')
  const [careless = ''] = await attacked(look, () =>
    must(
      `for i in $(seq 500); do echo TOPSECRET >/srv/app/careless; chmod 600 /srv/app/careless; rm /srv/app/careless; done`,
    ).then(() => {}),
  )
  t.match(careless, /\bread=/, 'who sets the mode afterwards is read')
})
