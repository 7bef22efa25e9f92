import t from 'tap'
import { kept } from '../../support/tkplay.js'

const tkplay = kept(t)

const local = ['-i', 'h1,', '-e', 'ansible_connection=local'] as const

t.test('a playbook in the place of a command says which command is meant', async t => {
  const said = { code: 2, stderr: /unknown command 'site\.yml'\n\(to run a playbook: tkplay run site\.yml\)/ }
  t.match(await tkplay(['site.yml', '-i', 'hosts']), said)
  t.match(await tkplay(['chek', 'site.yml']), { code: 2, stderr: /\(did you mean 'check'\?\)/ })
  t.match(await tkplay(['frobnicate']), { code: 2, stderr: /see 'tkplay --help'/ })
})

t.test('usage is judged before anything is done', async t => {
  for (const args of [[], ['rnu'], ['run'], ['adhoc', 'all', ...local, '-m', 'pign'], ['doc', 'pign']]) {
    const { code, stderr } = await tkplay(args)
    t.equal(code, 2, args.join(' '))
    t.match(stderr, /Usage|did you mean|missing required/i)
  }
  t.match(await tkplay(['run', '--help']), { code: 0, stdout: /Example:/ })
})
