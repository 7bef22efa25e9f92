import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Lab, openLab } from '../../lab/lab.js'
import { execOn } from '../support/lab-exec.js'
import { finished, start, tkplay } from '../support/tkplay.js'
import { toldOf } from '../support/told.js'
import { watch } from '../support/watched.js'
import { opsBecomes, rows, usual } from './hostile/rows.js'

/** Hosts that are not as hosts should be: what can be done with them is done, and of the rest is said why not. */
const lab: Lab = await openLab({ name: 'hostile', hosts: 1 })
const home = await mkdtemp(join(tmpdir(), 'tkplay-hostile-'))
t.setTimeout(600_000)
t.teardown(async () => {
  await rm(home, { recursive: true, force: true })
  await lab.down()
})

const must = async (command: string): Promise<string> => (await execOn(lab, 'node1', command)).trim()

const playbook = async (tasks: string): Promise<string> => {
  const path = join(home, 'play.yml')
  const handler = '  handlers:\n    - name: told\n      command: echo told\n'
  await writeFile(path, `- hosts: node1\n  gather_facts: false\n  strategy: free\n  tasks:\n${tasks}${handler}`)
  return path
}
const inventory = async (ofHost = ''): Promise<readonly string[]> => {
  const over = join(home, 'over.ini')
  await writeFile(over, `node1 ${ofHost}\n`)
  return ['-i', lab.inventoryDir, '-i', over]
}

for (const [number, row] of rows.entries()) {
  t.test(row.name, async t => {
    const undo = await row.happens(lab)
    const ran = await tkplay([
      'run',
      await playbook(row.tasks ?? usual),
      ...(await inventory(row.as)),
      '-e',
      `file=/var/tmp/of-${number}`,
    ])
    await undo()
    const { fails } = row
    t.equal(ran.code, fails?.code ?? 0, 'the exit code')
    if (fails === undefined) {
      t.match(ran.stdout, /^changed: node1 › a file — \/var\/tmp\/of-\d+: new$/m)
      t.match(ran.stdout, /^changed: node1 › a pipe$/m)
    } else {
      const told = toldOf(`${ran.stdout}${ran.stderr}`, fails.head)
      t.match(told.what, fails.what, 'host, step, and what happened')
      t.match(told.commands, fails.command === undefined ? [] : [fails.command], 'the command that ran, if one did')
      t.equal(told.commands.length, fails.command === undefined ? 0 : 1)
      t.match(told.output, fails.output ?? /^$/, 'what it said')
      t.match(told.remedies, [fails.remedy], 'the remedy')
      t.equal(told.remedies.length, 1, 'and no other')
    }
    if (!t.passing()) t.comment(`${ran.stdout}${ran.stderr}`)
  })
}

const processesOf = async (text: string): Promise<string> =>
  (await lab.exec('node1', `pgrep -f '^${text}$' | wc -l`)).stdout.trim()

const hasPty = 'echo "Defaults use_pty" >/etc/sudoers.d/zz'

for (const [how, as, prepare] of [
  ['as the user of the login', '', 'true'],
  ['after sudo', opsBecomes, 'true'],
  ['after sudo with a terminal of its own', opsBecomes, hasPty],
] as const) {
  t.test(`what a killed tkplay was running is ended, ${how}`, async t => {
    await must(prepare)
    const tasks = '    - name: long\n      shell: (setsid sleep 98701 &); sleep 98702 & sleep 98702\n'
    const run = watch(['run', await playbook(tasks), ...(await inventory(as)), '-o', 'json'])
    await run.said(event => event.kind === 'step-started')
    // Until all of it runs.
    while ((await processesOf('sleep 98702')) !== '2' || (await processesOf('sleep 98701')) !== '1') await sleep(100)
    await run.kill()
    while ((await processesOf('sleep 98702')) !== '0') await sleep(100)
    t.equal(await processesOf('sleep 98701'), '1', 'a daemon lives on')
    await must("pkill -f '^sleep 98701$'; rm -f /etc/sudoers.d/zz")
  })
}

t.test('ended at once, apt goes on in its unit: that is said, and the next run waits for it', async t => {
  const hook = 'APT::Update::Pre-Invoke {"while [ ! -e /run/go ]; do sleep 0.1; done; exit 1";};'
  await must(`echo '${hook}' >/etc/apt/apt.conf.d/hostile`)
  const args = async (tasks: string) => ['run', await playbook(tasks), ...(await inventory()), '-o', 'plain']
  const child = start(await args('    - name: lists\n      apt: {update_cache: true}\n'))
  const ran = finished(child)
  while ((await lab.exec('node1', 'systemctl is-active tkplay-apt')).rc !== 0) await sleep(100)
  const again = new Promise(seen =>
    child.stdout?.on('data', text => /^SIGINT: /m.test(String(text)) && seen(undefined)),
  )
  child.kill('SIGINT')
  await again
  child.kill('SIGINT')
  const { code, stdout } = await ran
  t.equal(code, 130)
  t.match(stdout, "node1: stopped; 'lists' may still run on the host: the next run waits for it\n")
  t.match(stdout, /^→ start the same command again: it goes on where this one stopped$/m)
  const next = start(await args('    - name: a word\n      command: echo well\n'))
  const waited = finished(next)
  next.stdout?.on('data', text => void (/waiting for it/.test(String(text)) && lab.exec('node1', 'touch /run/go')))
  const { code: after, stdout: said } = await waited
  t.equal(after, 0)
  t.match(said, /^warning: node1: tkplay-apt\.service of an earlier run is still at work: waiting for it$/m)
  t.match(said, /^warning: node1: tkplay-apt\.service has ended: exit code 100/m)
  t.match(said, /^changed: node1 › a word/m)
  t.equal((await lab.exec('node1', 'ls /var/lib/tkplay/long')).rc, 2, 'and nothing of it is left')
})
