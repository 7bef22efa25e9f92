import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { longScript, waitForUnit } from '../../../../engine/run/machine/transient-unit.js'

const secret = "pa'ss $HOME\nword"
const env = { PROXY: secret, EMPTY: '' }
const argv = ['sh', '-c', 'printf "%s|%s|%s" "$PROXY" "${EMPTY-unset}" "$(umask)"; echo said >&2; exit 7']

/** What systemd makes of the words of ExecStart=, whose variables are empty here. Source: systemd.service(5), «Command lines». */
const execStart = String.raw`
const words = process.argv.slice(1).flatMap(word => (/^\$[^$\{]/.test(word)
  ? []
  : [word.replace(/\$\$|\$\{[^}]*\}/g, found => (found === "$$" ? "$" : ""))]))
process.exit(require("child_process").spawnSync("env", ["-i", "PATH=" + process.env.PATH, ...words], { stdio: "inherit" }).status)`

/** A systemd of this test's own: it notes how it was called, and runs the unit at once. */
const withSystemd = (dir: string) => {
  const bin = join(dir, 'bin')
  for (const folder of [bin, join(dir, 'system')]) mkdirSync(folder)
  writeFileSync(
    join(bin, 'systemd-run'),
    `#!/bin/sh\nprintf '%s\\n' "$@" >${dir}/called\nwhile [ "\${1#--}" != "$1" ]; do shift; done\nexec node -e '${execStart}' -- "$@"\n`,
  )
  writeFileSync(join(bin, 'systemctl'), '#!/bin/sh\n')
  for (const name of ['systemd-run', 'systemctl']) chmodSync(join(bin, name), 0o755)
  return bin
}

const run = (dir: string, path: string, words: readonly string[] = argv) => {
  const script = longScript('work', words, env)
    .replaceAll('/var/lib/tkplay', join(dir, 'lib'))
    .replaceAll('/run/systemd', dir)
  return spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: { PATH: path } })
}

t.test('the environment stands in no argv, and reaches the command', async t => {
  const dir = t.testdir()
  const answer = run(dir, `${withSystemd(dir)}:${process.env['PATH']}`)
  t.match(answer, { status: 7, stdout: `${secret}||0022`, stderr: 'said\n' })
  t.notMatch(readFileSync(join(dir, 'called'), 'utf8'), /pa.{0,4}ss|word/)
  t.notOk(existsSync(join(dir, 'lib/long')), 'nothing is left')
})

t.test('what systemd would take for a variable of its own reaches the command as it is', async t => {
  const dir = t.testdir()
  const path = `${withSystemd(dir)}:${process.env['PATH']}`
  const text = 'x=12.5; printf "%s|" "${x%%.*}" "$x" "$@"; [ $$ -gt 1 ]'
  const { stdout, status } = run(dir, path, ['sh', '-c', text, 'sh', '$HOME', '$$', '${x%%.*}', '$', '$$$a'])
  t.strictSame([stdout, status], ['12|12.5|$HOME|$$|${x%%.*}|$|$$$a|', 0])
})

t.test('where nothing can be written down nothing is begun, and only that is said', async t => {
  const dir = t.testdir({ lib: 'no folder' })
  const answer = run(dir, `${withSystemd(dir)}:${process.env['PATH']}`)
  t.match(answer, { status: 125, stdout: '', stderr: /^mkdir: [^\n]*\/lib[^\n]*\n$/ })
  t.notOk(existsSync(join(dir, 'called')))
})

t.test('without systemd it runs where it is', async t => {
  const dir = t.testdir()
  const umask = execFileSync('/bin/sh', ['-c', 'umask'], { encoding: 'utf8' }).trim()
  t.match(run(dir, process.env['PATH'] ?? ''), { status: 7, stdout: `${secret}||${umask}`, stderr: 'said\n' })
})

t.test('a unit of any name is waited for: none of it is run', async t => {
  const dir = t.testdir()
  const name = "a b'$(touch pwned);touch pwned"
  const left = join(dir, 'lib/long', name)
  mkdirSync(left, { recursive: true })
  writeFileSync(join(left, 'rc'), '3\n')
  writeFileSync(join(left, 'err'), 'the last line\n')
  const script = waitForUnit(`tkplay-${name}.service`).replaceAll('/var/lib/tkplay', join(dir, 'lib'))
  const answer = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', cwd: dir })
  t.match(answer, { stdout: '', stderr: 'exit code 3\nthe last line\n' })
  t.strictSame(readdirSync(dir), ['lib'], 'nothing was run')
  t.notOk(existsSync(join(dir, 'lib/long')), 'nothing is left')
})
