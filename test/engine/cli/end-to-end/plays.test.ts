import t from 'tap'
import { flagsOf, folderOf, playCases } from '../../../support/play-cases.js'
import { kept, tkplayJson } from '../../../support/tkplay.js'

t.setTimeout(600_000)

const tkplay = kept(t, { apart: true })

// test/conformance/plays.test.ts holds the same cases beside ansible-core.
t.test('plays come to what they come to in Ansible', async t => {
  for (const one of await playCases()) {
    t.test(one.name, async t => {
      const ran = await tkplayJson(['run', 'site.yml', ...flagsOf(one)], { cwd: t.testdir(folderOf(one)) }, tkplay)
      const gives: { [host: string]: string[] } = {}
      for (const { host, status, step } of ran.steps) {
        if (status !== 'changed' && status !== 'would-change' && status !== 'failed') continue
        gives[host] = [...(gives[host] ?? []), status === 'failed' ? `! ${step.name}` : step.name]
      }
      t.strictSame(gives, one.gives, ran.stderr)
    })
  }
})
