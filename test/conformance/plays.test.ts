import { execFile } from 'node:child_process'
import t from 'tap'
import { ansible, keptAnswers, prepareAnsible } from '../support/ansible.js'
import { flagsOf, folderOf, type PlayCase, playCases } from '../support/play-cases.js'

t.setTimeout(1_800_000)

const missing = prepareAnsible()

interface Answer {
  readonly stdout: string
  readonly stderr: string
}

t.test('plays come to what the cases say', { skip: missing ?? false, timeout: 1_800_000 }, async t => {
  const answers = keptAnswers<Answer>()
  // Ansible takes seconds for a case, and one processor.
  t.jobs = 2
  const all = (await playCases()).map(one =>
    t.test(one.name, async t => {
      const question = { site: folderOf(one), flags: flagsOf(one) }
      const answer = answers.find(question) ?? (await ask(one, t.testdir(question.site)))
      const came = trace(answer.stdout)
      if (t.strictSame(came, one.gives, answer.stderr)) answers.keep(question, answer)
    }),
  )
  await Promise.all(all)
  answers.removeOthers()
})

const ask = (one: PlayCase, cwd: string): Promise<Answer> =>
  new Promise(resolve => {
    const args = ['site.yml', ...flagsOf(one), '-e', `ansible_python_interpreter=${ansible.python}`]
    const env = { ...process.env, ANSIBLE_NOCOLOR: '1', ANSIBLE_RETRY_FILES_ENABLED: '0', LC_ALL: 'C.UTF-8' }
    execFile(ansible.playbook, args, { cwd, env, maxBuffer: 1e8 }, (_, stdout, stderr) => resolve({ stdout, stderr }))
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
