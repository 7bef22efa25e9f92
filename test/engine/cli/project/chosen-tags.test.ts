import t from 'tap'
import { kept } from '../../../support/tkplay.js'
import { files } from '../site.js'

t.setTimeout(300_000)

const tkplay = kept(t)

t.test(
  'what may be meant is only said: names in files of -e, tags to skip, tags that an include may bring',
  async t => {
    const more = '- {name: hidden, command: "true", tags: [late]}\n'
    const includes =
      '- hosts: h1\n  gather_facts: false\n  tasks: [{include_tasks: "{{ inventory_hostname }}.yml", tags: always}]\n'
    const cwd = t.testdir({ ...files, 'names.yml': 'count: 3\na-b: 1\n', 'late.yml': includes, 'h1.yml': more })
    const run = (playbook: string, ...flags: readonly string[]) =>
      tkplay(['run', playbook, '-i', 'hosts.yml', '-l', 'h1', '-o', 'plain', ...flags], {
        cwd,
        env: { TKPLAY_FRKS: '5' },
      })
    const skipping = await run('site.yml', '-e', '@names.yml', '-e', 'who=x flag=1 version=1', '--skip-tags', 'nowhere')
    const said = skipping.stdout + skipping.stderr
    t.equal(skipping.code, 0, said)
    t.match(said, "--skip-tags: no task has the tag 'nowhere'")
    t.match(said, "'a-b' is no name for a variable (names.yml:2:1)")
    t.match(said, 'TKPLAY_FRKS is no setting')
    t.match(said, 'changed: h1 › one')
    const late = await run('late.yml', '-t', 'late')
    t.equal(late.code, 0, late.stderr)
    t.match(late.stdout, 'changed: h1 › hidden')
    const none = await run('late.yml', '-t', 'ltae')
    t.equal(none.code, 0, none.stderr)
    t.match(none.stdout + none.stderr, "--tags: no task has the tag 'ltae'")
  },
)
