import { spawnSync } from 'node:child_process'
import t from 'tap'
import { ansible, prepareAnsible } from '../support/ansible.js'
import { flagsOf, folderOf, playCases } from '../support/play-cases.js'

t.setTimeout(1_800_000)

const missing = prepareAnsible()

t.test('plays come to what the cases say', { skip: missing ?? false, timeout: 1_800_000 }, async t => {
  for (const one of await playCases()) {
    t.test(one.name, async t => {
      const python = `ansible_python_interpreter=${ansible.python}`
      const { stdout, stderr } = spawnSync(ansible.playbook, ['site.yml', ...flagsOf(one), '-e', python], {
        cwd: t.testdir(folderOf(one)),
        encoding: 'utf8',
        env: { ...process.env, ANSIBLE_NOCOLOR: '1', ANSIBLE_RETRY_FILES_ENABLED: '0', LC_ALL: 'C.UTF-8' },
      })
      t.strictSame(trace(stdout), one.gives, stderr)
    })
  }
})

/** Which tasks changed something or failed, by host, from the lines of the default callback. */
const trace = (said: string): { readonly [host: string]: readonly string[] } => {
  const gives: { [host: string]: string[] } = {}
  for (const part of said.split(/^(?=TASK|RUNNING HANDLER|PLAY)/m)) {
    const name = /^(?:TASK|RUNNING HANDLER) \[(.*)\] \*+$/m.exec(part)?.[1]
    if (name === undefined) continue
    const noted = new Set<string>()
    const note = (host: string | undefined, text: string): void => {
      if (host === undefined || noted.has(host)) return
      noted.add(host)
      gives[host] = [...(gives[host] ?? []), text]
    }
    for (const [, host] of part.matchAll(/^changed: \[([^\] ]+)/gm)) note(host, name)
    for (const [, host, rest] of part.matchAll(/^fatal: \[([^\] ]+)[^\n]*\n(\.\.\.ignoring)?/gm)) {
      if (rest === undefined) note(host, `! ${name}`)
    }
  }
  return gives
}
