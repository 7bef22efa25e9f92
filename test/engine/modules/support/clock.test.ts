import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { probeWaiting, type WaitParams } from '../../../../engine/modules/network/waiting.js'
import { sources } from '../../../../scripts/lib/project.js'

const params: WaitParams = {
  host: '127.0.0.1',
  path: '/nonexistent/file',
  state: 'present',
  timeout: 1,
  connect_timeout: 1,
  delay: 0,
  sleep: 1,
  active_connection_states: [],
}

/** A clock that is set back whenever it is asked. */
const jumping = `#!/bin/sh
n=$(cat "$0.n" 2>/dev/null || printf '%s' 1700000000)
printf '%s' $((n - 1000)) > "$0.n"
printf '%s\\n' "$n"
`

t.test('a wait ends in its time whatever the clock of the host does', async t => {
  const bin = t.testdir({ date: jumping })
  chmodSync(join(bin, 'date'), 0o755)
  const { sh, parse } = probeWaiting(params) as unknown as { sh: string; parse: (raw: object) => unknown }
  const ran = spawnSync('/bin/sh', ['-c', sh], {
    env: { PATH: `${bin}:${process.env['PATH']}`, TKPLAY_WAIT: '1' },
    timeout: 60_000,
  })
  t.equal(ran.signal, null, 'it ended by itself')
  t.match(parse({ rc: ran.status, stdout: ran.stdout, stderr: ran.stderr }), {
    there: false,
    waited: true,
    elapsed: /^[12]$/,
  })
})

t.test('nothing on this machine measures time by a clock that can be set', async t => {
  // What they tell is the time of day itself.
  const times = ['engine/cli/project/templates.ts', 'engine/run/run-state.ts', 'engine/transport/shell-channel.ts']
  const found = sources().filter(
    file => /^(engine|roles)\//.test(file) && readFileSync(file, 'utf8').includes('Date.now('),
  )
  t.same(found, times)
})
