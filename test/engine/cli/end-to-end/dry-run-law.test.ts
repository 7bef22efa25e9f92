import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { kept, type RanJson, tkplayJson } from '../../../support/tkplay.js'

t.setTimeout(600_000)

const tkplay = kept(t)

type Task = { readonly [key: string]: unknown }

const texts = ['a\n', 'a\nb\n', 'key=1\nb\n', 'key=2\n']
const lines = ['a', 'b', 'key=1', 'key=2']
const paths = ['f', 'g', 'd/f']
const modes = ['0600', '0644', 'u=rw,go=']

const oneOf = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list)
const pathIn = (names: readonly string[]): fc.Arbitrary<string> => oneOf(names).map(name => `HERE/${name}`)
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })

/** Modules that change the text or the attributes of a few files, with parameters that meet. */
const tasks: fc.Arbitrary<Task> = fc.oneof(
  fc
    .record({ path: pathIn(paths), line: oneOf(lines), create: fc.boolean(), mode: maybe(oneOf(modes)) })
    .map(p => ({ lineinfile: p })),
  fc
    .record({ path: pathIn(paths), regexp: oneOf(['^key=', '^a', 'b$']), line: oneOf(lines) })
    .map(p => ({ lineinfile: p })),
  fc.record({ path: pathIn(paths), line: oneOf(lines), state: fc.constant('absent') }).map(p => ({ lineinfile: p })),
  fc
    .record({ path: pathIn(paths), block: oneOf(lines), state: oneOf(['present', 'absent']), create: fc.boolean() })
    .map(p => ({ blockinfile: p })),
  fc
    .record({ path: pathIn(paths), regexp: oneOf(['key=\\d', 'a', '^b\\n']), replace: oneOf(['key=3', '', 'a']) })
    .map(p => ({ replace: p })),
  fc
    .record({ dest: pathIn(paths), content: oneOf(texts), force: fc.boolean(), mode: maybe(oneOf(modes)) })
    .map(p => ({ copy: p })),
  fc
    .record({ path: pathIn(paths), state: oneOf(['file', 'absent']), mode: maybe(oneOf(modes)) })
    .map(p => ({ file: p })),
  fc
    .record({
      path: pathIn(['d', 'd/e', 'f']),
      state: oneOf(['directory', 'absent']),
      mode: maybe(oneOf(['0700', 'u=rwx,go='])),
      recurse: fc.boolean(),
    })
    .map(({ state, ...p }) => ({ file: { ...p, state, recurse: state === 'directory' && p.recurse } })),
  fc
    .record({ src: pathIn(['f', 'g']), path: pathIn(['h', 'g']), state: oneOf(['link', 'hard']), force: fc.boolean() })
    .map(p => ({ file: p })),
)

interface Scene {
  readonly files: { readonly [name: string]: string | undefined }
  readonly tasks: readonly Task[]
}

const scenes = fc.record({
  files: fc.record({ f: maybe(oneOf(texts)), g: maybe(oneOf(texts)), 'd/f': maybe(oneOf(texts)) }),
  tasks: fc.array(tasks, { minLength: 2, maxLength: 4 }),
})

/** Every scene in a folder of its own, all in one play: what fails is ignored, so that the next scene comes. */
const playOf = (all: readonly Scene[], dir: string): string =>
  JSON.stringify([
    {
      hosts: 'all',
      gather_facts: false,
      tasks: all.flatMap((scene, at) =>
        scene.tasks.map((task, index) => ({
          name: `${at}.${index}`,
          ignore_errors: true,
          ...(JSON.parse(JSON.stringify(task).replaceAll('HERE', join(dir, String(at)))) as Task),
        })),
      ),
    },
  ])

const statusesOf = (ran: RanJson): ReadonlyMap<string, string> =>
  new Map(ran.steps.map(({ step, status }) => [step.name, status]))

/** What a dry run may say of a step whose real status is this. */
const allowed: { readonly [real: string]: readonly string[] } = {
  ok: ['ok', 'unknown'],
  changed: ['would-change', 'unknown'],
  ignored: ['ignored', 'unknown'],
}

t.test('what a dry run says of each step is what a run does, or that it is not known', async t => {
  const all = fc.sample(scenes, { numRuns: 50, seed: Number(process.env['SEED'] ?? 20261129) })
  const dir = t.testdir()
  const folder = join(dir, 'scenes')
  for (const [at, { files }] of all.entries()) {
    mkdirSync(join(folder, String(at), 'd'), { recursive: true })
    for (const [name, text] of Object.entries(files))
      if (text !== undefined) writeFileSync(join(folder, String(at), name), text, { mode: 0o644 })
  }
  writeFileSync(join(dir, 'play.yml'), playOf(all, folder))
  const args = [join(dir, 'play.yml'), '-i', 'here,', '-e', 'ansible_connection=local']
  const dry = statusesOf(await tkplayJson(['check', ...args], {}, tkplay))
  const real = statusesOf(await tkplayJson(['run', ...args], {}, tkplay))
  const wrong: string[] = []
  let known = 0
  for (const [name, status] of real) {
    const said = dry.get(name) ?? 'nothing'
    if (said !== 'unknown') known++
    if (allowed[status]?.includes(said) !== true)
      wrong.push(`${name}: said ${said}, was ${status}: ${JSON.stringify(all[Number(name.split('.')[0])])}`)
  }
  t.same(wrong, [])
  t.equal(
    real.size,
    all.reduce((sum, scene) => sum + scene.tasks.length, 0),
  )
  t.comment(`${known} of ${real.size} steps were told beforehand`)
  t.ok(known > real.size / 3, 'and most are known')
  rmSync(folder, { recursive: true })
})
