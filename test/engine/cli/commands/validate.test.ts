import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const site = `- hosts: all
  tasks:
    - {command: "echo {{ nowhere }}", when: a is defined}
    - {command: "echo {{ nowhere }}", ignore_errors: true}
    - {ufw: {rule: allow}, when: b is defined}
    - {file: {pth: x}, failed_when: false}
    - {command: ls, notify: nobody, when: b is defined}
- hosts: optional
  tasks:
    - {file: {pth: x}}
`

const few = (site.split('- hosts: optional')[0] ?? '').replace(/^.*(?:ufw|pth).*$\n/gm, '')

const refused = '- hosts: all\n  tasks:\n    - {file: {pth: x}}\n'

t.test('findings are warnings, grouped by kind with counts', async t => {
  const cwd = t.testdir({ 'site.yml': site })
  const { code, stdout } = await tkplay(['validate', 'site.yml', '-i', 'h1,'], { cwd })
  t.equal(code, 0)
  t.strictSame(stdout.split('\n'), [
    'warning: undefined variables: 2',
    "  site.yml:3:17: 'nowhere' is not defined anywhere",
    '    → define it in vars, in the inventory, or by -e nowhere=…',
    '    also at site.yml:4:17',
    'warning: invalid parameters: 2',
    "  site.yml:6:15: file: unknown parameter 'pth'",
    "    → did you mean 'path'?",
    '    also at site.yml:10:15',
    'warning: unknown modules: 1',
    "  site.yml:5:8: unknown module 'ufw'",
    "    → see what there is: tkplay doc; a program of one's own runs by 'command' or 'shell'",
    'warning: unknown handlers: 1',
    "  site.yml:7:29: no handler is called 'nobody'",
    "    → it has none: add it under 'handlers:'",
    'warning: patterns that match no host: 1',
    "  site.yml:8:10: no host or group 'optional' in the inventory: the play is skipped",
    '    → hosts are h1',
    'site.yml: 2 plays, 7 findings',
    '',
  ])
})

t.test('--strict makes findings errors', async t => {
  const cwd = t.testdir({ 'site.yml': site, 'fine.yml': '- hosts: all\n  tasks: [{command: ls}]\n' })
  const strict = await tkplay(['validate', 'site.yml', '-i', 'h1,', '--strict'], { cwd })
  t.match(strict, { code: 2, stdout: /^error: undefined variables: 2$/m })
  t.match(strict.stdout, /7 findings, and --strict makes them errors\n$/)
  t.match(await tkplay(['validate', 'fine.yml', '-i', 'h1,', '--strict'], { cwd }), {
    code: 0,
    stdout: 'fine.yml: 1 play, nothing wrong was found\n',
  })
})

t.test('errors do not hide findings: both are told in one go', async t => {
  const copy = '    - {copy: {src: gone.txt, dest: /tmp/x}}\n'
  const cwd = t.testdir({ 'site.yml': `${refused}${copy}` })
  const { code, stdout, stderr } = await tkplay(['validate', 'site.yml', '-i', 'h1,'], { cwd })
  t.equal(code, 2)
  t.match(stderr, /^site.yml:3:15: file: unknown parameter 'pth'$/m)
  t.strictSame(stdout.split('\n'), [
    'warning: other findings: 1',
    "  site.yml:4:20: there is no file 'gone.txt'",
    '    → looked for files/gone.txt, gone.txt',
    'site.yml: 1 error, 1 finding',
    '',
  ])
  const data = await tkplay(['validate', 'site.yml', '-i', 'h1,', '-o', 'json'], { cwd })
  t.match(
    data.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as unknown),
    [
      { kind: 'finding', level: 'error', about: 'parameter' },
      { kind: 'finding', level: 'warning', about: 'other' },
      { kind: 'validated', errors: 1, findings: { other: 1 } },
    ],
  )
  const strict = await tkplay(['validate', 'site.yml', '-i', 'h1,', '--strict'], { cwd })
  t.match(strict, { code: 2, stdout: /^error: other findings: 1$/m })
})

t.test('-o json tells findings and errors as data', async t => {
  const cwd = t.testdir({ 'site.yml': site, 'refused.yml': refused })
  const data = async (...args: readonly string[]) => {
    const { code, stdout } = await tkplay(['validate', ...args, '-i', 'h1,', '-o', 'json'], { cwd })
    const lines = stdout.trim().split('\n')
    return { code, told: lines.map(line => JSON.parse(line) as { readonly [key: string]: unknown }) }
  }
  const found = await data('site.yml')
  t.equal(found.code, 0)
  t.match(found.told[0], {
    kind: 'finding',
    level: 'warning',
    about: 'variable',
    source: { file: 'site.yml', line: 3, col: 17 },
    hint: String,
  })
  t.strictSame(found.told.at(-1), {
    kind: 'validated',
    playbooks: ['site.yml'],
    plays: 2,
    errors: 0,
    findings: { variable: 2, parameter: 2, module: 1, handler: 1, hosts: 1 },
  })
  t.match(await data('site.yml', '--strict'), { code: 2, told: [{ level: 'error' }] })
  const wrong = await data('refused.yml')
  t.equal(wrong.code, 2)
  t.match(wrong.told, [
    { kind: 'finding', level: 'error', about: 'parameter', message: "file: unknown parameter 'pth'" },
    { kind: 'validated', errors: 1 },
  ])
})

t.test('output: json of the settings is that of errors, too', async t => {
  const cwd = t.testdir({ 'refused.yml': refused, set: { 'tkplay.yml': 'output: json\n', 'refused.yml': refused } })
  const data = [
    { kind: 'finding', level: 'error' },
    { kind: 'validated', errors: 1 },
  ]
  const told = async (file: string, inventory: string, env = {}) => {
    const { code, stdout } = await tkplay(['validate', file, '-i', inventory], { cwd, env })
    return {
      code,
      lines: stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as unknown),
    }
  }
  t.match(await told('refused.yml', 'h1,', { TKPLAY_OUTPUT: 'json' }), { code: 2, lines: data })
  t.match(await told('set/refused.yml', 'h1,'), { code: 2, lines: data })
  t.match(await told('set/refused.yml', 'none.yml'), { code: 2, lines: data }, 'an inventory that is not there')
})

t.test('files that are there and cannot be read are no bugs', async t => {
  // Nobody, not even root, reads its first byte.
  const unreadable = '/proc/self/mem'
  const cwd = t.testdir({
    'template.yml': `- hosts: h1\n  tasks: [{template: {src: ${unreadable}, dest: /x}}]\n`,
    'role.yml': '- hosts: h1\n  roles: [some.role]\n',
    'requirements.yml': t.fixture('symlink', unreadable),
  })
  t.match(await tkplay(['validate', 'template.yml', '-i', 'h1,'], { cwd }), { code: 0, stdout: /nothing wrong/ })
  t.match(await tkplay(['validate', 'role.yml', '-i', 'h1,'], { cwd }), {
    code: 2,
    stderr: /no such role: some\.role\n.*install it: ansible-galaxy role install some\.role/,
  })
})

t.test('without an inventory plays are judged, and names may still come', async t => {
  const cwd = t.testdir({
    'site.yml': '- hosts: web\n  tasks: [{command: "echo {{ nowhere }}"}]\n',
    'refused.yml': refused,
    'local.yml': '- hosts: localhost\n  tasks: [{command: ls}]\n',
  })
  const site = await tkplay(['validate', 'site.yml'], { cwd })
  t.match(site, { code: 0, stdout: /'nowhere' is not defined anywhere[\s\S]*no inventory was given/ })
  t.match(await tkplay(['run', 'site.yml', '--syntax-check'], { cwd }), { code: 0 })
  t.match(await tkplay(['run', 'site.yml'], { cwd }), { code: 2, stderr: /no inventory was given/ })
  t.match(await tkplay(['validate', 'refused.yml'], { cwd }), { code: 2, stderr: /unknown parameter 'pth'/ })
  t.match(await tkplay(['validate', 'local.yml'], { cwd }), { code: 0, stdout: /nothing wrong was found/ })
})

t.test('a run says few findings, and counts many', async t => {
  const cwd = t.testdir({ 'site.yml': site, 'few.yml': few })
  const check = async (file: string) => {
    const { stdout } = await tkplay(['check', file, '-i', 'h1,', '-e', 'ansible_connection=local', '-o', 'plain'], {
      cwd,
    })
    return stdout.split('\n').filter(line => line.startsWith('warning: ') && !line.includes('skipped'))
  }
  t.strictSame(await check('site.yml'), [
    'warning: 4 findings may stop tasks where they are reached (invalid parameters: 2, unknown modules: 1, unknown handlers: 1)',
  ])
  t.strictSame((await check('few.yml'))[0], "warning: no handler is called 'nobody' (few.yml:5:29)")
})

t.test('what is not chosen does not stop a run', async t => {
  const cwd = t.testdir({
    'site.yml': `- hosts: all
  gather_facts: false
  tasks:
    - {name: wrong, file: {pth: x}, tags: wrong}
    - {name: right, command: "true", tags: right}
- hosts: optional
  tasks:
    - {zzz_zzz: {a: b}}
`,
  })
  const run = (...args: readonly string[]) =>
    tkplay(['run', 'site.yml', '-i', 'h1,', '-e', 'ansible_connection=local', '-o', 'plain', ...args], { cwd })
  t.match(await run('--tags', 'right'), { code: 0, stdout: /changed: h1 › right/ })
  t.match(await run('--skip-tags', 'wrong'), { code: 0 })
  t.match(await run('--start-at-task', 'right'), { code: 0 })
  t.match(await run(), { code: 2, stderr: /unknown parameter 'pth'/ })
  t.match(await run('--tags', 'wrong'), { code: 2 })
})
