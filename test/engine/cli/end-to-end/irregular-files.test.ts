import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdirSync, openSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { kept, program, start } from '../../../support/tkplay.js'

t.setTimeout(240_000)

const tkplay = kept(t)

const play = (task: string): string => `- hosts: all
  gather_facts: false
  tasks:
    - ${task}
`

interface Case {
  readonly task?: string
  /** Named pipes. */
  readonly pipes?: readonly string[]
  readonly folders?: readonly string[]
  readonly files?: { readonly [path: string]: string }
  /** Files with nothing in them, and bytes of that. */
  readonly sizes?: { readonly [path: string]: number }
  readonly links?: { readonly [path: string]: string }
  readonly args?: readonly string[]
  readonly code: number
  readonly says: string
}

const isPipe = 'it is a named pipe, not a regular file'
const isDevice = 'it is a device, not a regular file'

const cases: { readonly [name: string]: Case } = {
  'copy of a pipe': {
    task: 'copy: {src: f, dest: there}',
    pipes: ['f'],
    code: 1,
    says: `f' cannot be read on this machine: ${isPipe}`,
  },
  'copy of a folder with a pipe': { task: 'copy: {src: d, dest: there/}', pipes: ['d/f'], code: 1, says: isPipe },
  'copy of what no string can hold': {
    task: 'copy: {src: f, dest: there}',
    sizes: { f: 381 * 1024 * 1024 },
    code: 1,
    says: 'it is larger than 380 MiB\n  at site.yml:4:7\n  → let the hosts fetch it themselves: get_url',
  },
  'copy of a device': { task: 'copy: {src: /dev/zero, dest: there}', code: 1, says: isDevice },
  'a template that is a device': { task: 'template: {src: /dev/zero, dest: there}', code: 1, says: isDevice },
  'a template that is a pipe': { task: 'template: {src: f, dest: there}', pipes: ['f'], code: 1, says: isPipe },
  'a template that includes a pipe': {
    task: 'template: {src: t.j2, dest: there}',
    pipes: ['f'],
    files: { 't.j2': "{% include 'f' %}" },
    code: 1,
    says: isPipe,
  },
  'lookup of a device': {
    task: `debug: msg={{ lookup('file', '/dev/zero') }}`,
    code: 1,
    says: `/dev/zero cannot be read: ${isDevice}`,
  },
  'lookup of a pipe': { task: `debug: msg={{ lookup('file', 'f') }}`, pipes: ['f'], code: 1, says: isPipe },
  'tasks in a pipe': {
    task: 'include_tasks: f.yml',
    pipes: ['f.yml'],
    code: 2,
    says: `f.yml cannot be read: ${isPipe}`,
  },
  'variables in a pipe': {
    task: 'include_vars: f.yml',
    pipes: ['f.yml'],
    code: 1,
    says: `f.yml cannot be read: ${isPipe}`,
  },
  'a folder of variables with a device': {
    task: 'include_vars: {dir: d}',
    links: { 'd/z.yml': '/dev/zero' },
    code: 1,
    says: `d/z.yml cannot be read: ${isDevice}`,
  },
  'a folder of devices': { task: 'include_vars: {dir: /dev}', code: 1, says: 'does not end in .yaml, .yml, .json' },
  'extra vars of a device': { args: ['-e', '@/dev/zero'], code: 2, says: `/dev/zero cannot be read: ${isDevice}` },
  'a limit of a device': {
    args: ['-l', '@/dev/zero'],
    code: 2,
    says: `--limit @/dev/zero: the file cannot be read: ${isDevice}`,
  },
  'an inventory that is a device': { args: ['-i', '/dev/zero'], code: 2, says: isDevice },
  'a pipe in a folder of inventories': {
    args: ['-i', 'inv'],
    pipes: ['inv/f'],
    code: 2,
    says: `inv/f cannot be read: ${isPipe}`,
  },
  'a dangling link in a folder of inventories': {
    args: ['-i', 'inv'],
    links: { 'inv/f': 'nowhere' },
    code: 2,
    says: 'inv/f is a link that leads nowhere',
  },
  'group_vars in a pipe': {
    pipes: ['group_vars/all.yml'],
    code: 2,
    says: `group_vars/all.yml cannot be read: ${isPipe}`,
  },
  'a device in a folder of group_vars': { links: { 'group_vars/all/z.yml': '/dev/zero' }, code: 2, says: isDevice },
  'a dangling link in group_vars': {
    links: { 'group_vars/all': 'nowhere' },
    code: 2,
    says: 'group_vars/all is a link that leads nowhere',
  },
  'settings in a pipe': { pipes: ['tkplay.yml'], code: 2, says: `tkplay.yml cannot be read: ${isPipe}` },
  'a key that is a device, where no host needs it': {
    args: ['--private-key', '/dev/zero'],
    code: 2,
    says: `--private-key: the key file /dev/zero cannot be read: ${isDevice}`,
  },
  'words for ssh with an open quote, where no host needs them': {
    args: ['--ssh-common-args', "-o 'x"],
    code: 2,
    says: '--ssh-common-args: the arguments for ssh: ',
  },
  'a role whose tasks are a pipe': {
    task: 'import_role: {name: r}',
    pipes: ['roles/r/tasks/main.yml'],
    code: 2,
    says: `roles/r/tasks/main.yml cannot be read: ${isPipe}`,
  },
  'a role whose tasks are a folder': {
    task: 'import_role: {name: r}',
    folders: ['roles/r/tasks/main.yml'],
    code: 2,
    says: 'roles/r/tasks/main.yml is a folder',
  },
  'a role whose tasks lead nowhere': {
    task: 'import_role: {name: r}',
    links: { 'roles/r/tasks/main.yml': 'nowhere' },
    code: 2,
    says: 'is a link that leads nowhere',
  },
  'a role whose handlers are a pipe': {
    task: 'import_role: {name: r}',
    pipes: ['roles/r/handlers/main.yml'],
    code: 2,
    says: isPipe,
  },
  'a role whose defaults are a device': {
    task: 'import_role: {name: r}',
    links: { 'roles/r/defaults/main.yml': '/dev/zero' },
    code: 2,
    says: isDevice,
  },
  'a role whose meta is a pipe': {
    task: 'import_role: {name: r}',
    pipes: ['roles/r/meta/main.yml'],
    code: 2,
    says: isPipe,
  },
  'a role without tasks': { task: 'import_role: {name: r}', folders: ['roles/r/tasks'], code: 0, says: 'failed=0' },
  'a role with a folder beside its tasks': {
    task: 'import_role: {name: r}',
    files: { 'roles/r/tasks/main.yml': '- debug: msg=right', 'roles/r/tasks/main/part.yml': '- debug: msg=wrong' },
    code: 0,
    says: 'right',
  },
  'an empty file': { args: ['-e', '@/dev/null'], code: 0, says: 'failed=0' },
}

const make = (t: Test, { task = 'ping:', ...one }: Case): string => {
  const dir = t.testdir({ 'site.yml': play(task), 'h.yml': 'all: {hosts: {here: {ansible_connection: local}}}\n' })
  const at = (path: string): string => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    return join(dir, path)
  }
  for (const path of one.pipes ?? []) execFileSync('mkfifo', [at(path)])
  for (const path of one.folders ?? []) mkdirSync(at(path))
  for (const [path, text] of Object.entries(one.files ?? {})) writeFileSync(at(path), text)
  for (const [path, size] of Object.entries(one.sizes ?? {})) {
    writeFileSync(at(path), '')
    truncateSync(at(path), size)
  }
  for (const [path, to] of Object.entries(one.links ?? {})) symlinkSync(to, at(path))
  return dir
}

t.test('files of this machine that reading would never end: said at once', async t => {
  for (const [name, one] of Object.entries(cases)) {
    await t.test(name, async t => {
      const ran = await tkplay(['run', 'site.yml', '-i', 'h.yml', ...(one.args ?? [])], { cwd: make(t, one) })
      const said = `${ran.stderr}\n${ran.stdout}`
      t.equal(ran.code, one.code, said)
      t.ok(said.includes(one.says), `says ${one.says}\n${said}`)
    })
  }
})

/** What a shell gives for `<(command)`: a pipe by its name. */
const given: { readonly [what: string]: readonly string[] } = {
  'a playbook': ['run', '/dev/stdin', '-i', 'h.yml'],
  'an inventory': ['run', 'site.yml', '-i', '/dev/stdin'],
  'extra vars': ['run', 'site.yml', '-i', 'h.yml', '-e', '@/dev/stdin'],
  'a limit': ['run', 'site.yml', '-i', 'h.yml', '-l', '@/dev/stdin'],
}
const piped: { readonly [what: string]: string } = {
  'a playbook': play('debug: msg=seen'),
  'an inventory': 'all: {hosts: {here: {ansible_connection: local, word: seen}}}',
  'extra vars': 'word: seen',
  'a limit': 'here',
}

for (const [what, args] of Object.entries(given)) {
  t.test(`${what} may come through a pipe`, async t => {
    const dir = make(t, { task: "debug: msg={{ word | default('seen') }}", code: 0, says: 'seen' })
    const command = [process.execPath, program, ...args]
    const out = execFileSync('/bin/sh', ['-c', 'printf "%s" "$0" | "$@"', piped[what] ?? '', ...command], { cwd: dir })
    t.match(out.toString(), /^ +seen$/m)
  })
}

/** Opens a pipe's other end, once somebody reads it. */
const whenRead = async (pipe: string): Promise<number> => {
  for (;;) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error
      await new Promise(setImmediate)
    }
  }
}

t.test('one Ctrl-C ends the wait for a pipe that nobody writes to', async t => {
  const dir = make(t, { pipes: ['f'], code: 0, says: '' })
  const child = start(['run', 'site.yml', '-i', 'h.yml', '-e', '@f'], { cwd: dir })
  const ended = once(child, 'close')
  const writer = await whenRead(join(dir, 'f'))
  t.teardown(() => closeSync(writer))
  child.kill('SIGINT')
  const [code, signal] = await ended
  t.ok(code === 130 || signal === 'SIGINT', `a shell calls it 130: ${code} ${signal}`)
})
