import fc from 'fast-check'
import t from 'tap'
import { batchScript } from '../../../engine/shell/batch.js'
import { quote } from '../../../engine/shell/quote.js'
import { answers, nonce, said, shells } from './shells.js'

t.setTimeout(300_000)

/** busybox's own parser never ends on one random text in some ten thousand; hosts have a limit of time for that, CI has the same texts each time. */
const known = process.env['CI'] === undefined ? {} : { seed: 20_261_125 }

/** Octal escapes: printf prints any bytes by them. */
const printed = (bytes: Uint8Array): string =>
  quote([...bytes].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join(''))

t.ok(shells.length > 0, 'there is a shell to test with')

for (const shell of shells) {
  const [name = ''] = shell

  t.test(`${name}: any bytes come through, on both streams and as input`, async () => {
    const bytes = fc.uint8Array({ maxLength: 300 })
    fc.assert(
      fc.property(
        fc.array(fc.record({ out: bytes, err: bytes, input: bytes }), { minLength: 1, maxLength: 6 }),
        wanted => {
          const jobs = wanted.flatMap(({ out, err, input }) => [
            { sh: `printf ${printed(out)}; printf ${printed(err)} >&2` },
            { sh: 'cat', stdin: input },
          ])
          const got = answers(shell, jobs)
          return wanted.every(({ out, err, input }, index) => {
            const [first, second] = [got[index * 2], got[index * 2 + 1]]
            const same = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
              a !== undefined && Buffer.compare(a, b) === 0
            return same(first?.stdout, out) && same(first?.stderr, err) && same(second?.stdout, input)
          })
        },
      ),
      { numRuns: 25 },
    )
  })

  t.test(`${name}: what a job does to its shell stays in the job`, async t => {
    const rude = [
      ['exit 3', 3],
      ['exec true', 0],
      ['exec sh -c "exit 4"', 4],
      ['set -e; false; echo on', 1],
      ['set -u; echo $nothing', undefined],
      ['if fi (', undefined],
      ["echo 'open", undefined],
      ['echo "open', undefined],
      ['echo $(', undefined],
      ['}', undefined],
      [')', undefined],
      ['cat << END', 0],
      ['# a comment', 0],
      ['', 0],
      ['echo on \\', 0],
      ['exec >&- 2>&- <&-', 0],
      ['exec 3>&- 4<&- 0<&-', 0],
      ['read line', 1],
      ['cat', 0],
      ['kill 0', 143],
      ['kill $$', 0],
      ['trap "" TERM; kill 0; exit 5', 5],
      ['cd /; umask 777; PATH=; IFS=x; unset HOME', 0],
      ['tk_w=1; tk_r=7; tk_watch() { :; }; printf() { :; }', 0],
      ['alias printf=false; set -f -n -x', undefined],
      ['ulimit -n 8', 0],
      ["sh -c 'kill -KILL $PPID'", 137],
    ] as const
    const jobs = rude.flatMap(([sh]) => [{ sh }, { sh: 'printf "%s" "$PWD" "${HOME:-unset}"; printf e >&2; exit 9' }])
    const got = answers(shell, jobs)
    for (const [index, [sh, rc]] of rude.entries()) {
      if (rc !== undefined) t.equal(got[index * 2]?.rc, rc, sh)
      const expected = { rc: 9, stdout: `${process.cwd()}${process.env['HOME'] ?? 'unset'}`, stderr: 'e' }
      t.strictSame(said(got[index * 2 + 1]), expected, `after ${sh}`)
    }
  })

  t.test(`${name}: jobs of any text leave their neighbours alone`, async t => {
    // A folder of their own: bash takes `>&2x` for a file, and what a `*` finds shall not hang on other programs' files.
    const cwd = t.testdir({})
    const token = fc.constantFrom(
      ...[
        "'",
        '"',
        '`',
        '$(',
        ')',
        '(',
        '{',
        '}',
        ';',
        ';;',
        '&&',
        '||',
        '|',
        '!',
        '\n',
        '\\',
        '#',
        '<<E',
        'E',
        '<<-"E"',
      ],
      ...[
        'if',
        'then',
        'fi',
        'case x in',
        'esac',
        'for i in 1',
        'do',
        'done',
        'exit 3',
        'set -e',
        'set -u',
        'return',
        'break',
      ],
      ...[
        'false',
        'echo x',
        ' ',
        '\t',
        '$x',
        '${',
        '${x?}',
        '$((',
        '1/0',
        '))',
        '>&2',
        '>&-',
        '2>&-',
        '<&-',
        'é',
        '\u0001',
        '\x7f',
        '*',
        '~',
      ],
      ...[
        nonce.slice(0, 20),
        'shift',
        'trap : 0',
        'eval',
        'exec',
        'unset PATH',
        '-x',
        '=',
        'a=b',
        ':',
        '[',
        'readonly a',
      ],
    )
    // A backslash before `<&-` makes a lone `&` of it: what goes on in the background may say something in its neighbours' time.
    const text = fc
      .array(token, { maxLength: 12 })
      .map(tokens => tokens.join(''))
      .filter(sh => !/\\[<>&]/.test(sh))
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), texts => {
        const env = { PATH: '/nonexistent' }
        const got = answers(
          shell,
          texts.flatMap((sh, index) => [{ sh, env, cwd }, { sh: `echo ok ${index}; exit 7` }]),
        )
        for (const [index, sh] of texts.entries()) {
          const { rc, stdout, stderr } = said(got[index * 2 + 1])
          if (rc === 7 && stdout === `ok ${index}\n` && stderr === '') continue
          throw new Error(`after ${JSON.stringify(sh)}: ${JSON.stringify({ rc, stdout, stderr })}`)
        }
      }),
      { numRuns: 60, ...known },
    )
  })

  t.test(`${name}: environment and working directory`, async t => {
    const dir = t.testdir({ "it's here": {} })
    const env = { FOO: "a'b\n$HOME `x`", BAR: '' }
    const got = answers(
      shell,
      [
        { sh: 'printf "%s|%s|%s" "$FOO" "$BAR" "$BASE"; pwd', env, cwd: `${dir}/it's here` },
        { sh: 'printf "%s" "${FOO-gone}"; pwd' },
        { sh: 'echo here', cwd: `${dir}/nowhere` },
        { sh: 'case ":$PATH:" in *:/usr/sbin:*) echo sbin ;; esac; echo $LC_ALL' },
      ],
      { BASE: 'all jobs' },
    )
    t.equal(said(got[0]).stdout, `${env.FOO}||all jobs${dir}/it's here\n`)
    t.equal(said(got[1]).stdout, `gone${process.cwd()}\n`)
    t.match(said(got[2]), { stdout: '', stderr: /nowhere/ })
    t.not(got[2]?.rc, 0)
    t.equal(said(got[3]).stdout, 'sbin\nC.UTF-8\n')
  })

  t.test(`${name}: a manifest larger than any argument, and input that nobody reads`, async t => {
    const large = 'x'.repeat(400_000)
    const got = answers(shell, [
      { sh: `printf %s ${large} | wc -c` },
      { sh: 'true', stdin: Buffer.alloc(300_000, 0xff) },
      { sh: 'wc -c', stdin: Buffer.alloc(300_000, 0xff) },
    ])
    t.strictSame(
      got.map(answer => [answer.rc, Number(said(answer).stdout)]),
      [
        [0, 400_000],
        [0, 0],
        [0, 300_000],
      ],
    )
  })

  t.test(`${name}: nothing of a job is seen in the list of processes or in variables`, async t => {
    const secret = Buffer.from('hunter2 \u00e9')
    const [listed] = answers(shell, [{ sh: 'read word; cat /proc/[0-9]*/cmdline | tr "\\0" " "; set', stdin: secret }])
    t.notMatch(said(listed).stdout.replace(/^word=.*$/m, ''), /hunter2/)
    t.notMatch(said(listed).stdout.replace(/^(_|BASH_COMMAND)=.*$/gm, ''), nonce)
  })
}

t.test('what cannot be said in shell is refused before it is sent', async t => {
  t.throws(() => batchScript([{ sh: 'a\0b' }], nonce), { name: 'RangeError' })
  t.throws(() => batchScript([{ sh: ':', env: { 'A B': '' } }], nonce), { name: 'RangeError' })
  t.throws(() => batchScript([{ sh: ':', env: { A: '\0' } }], nonce), { name: 'RangeError' })
})

t.test('a client that is gone is outlived only by what is to survive, for as long as that may take', async t => {
  t.match(batchScript([{ sh: ':', timeout: 150_000 }, { sh: ':' }], nonce), `tk_watch ${nonce} 2 `)
  const survives = true
  t.match(batchScript([{ sh: ':', timeout: 150_000, survives }], nonce), `tk_watch ${nonce} 150 `)
  t.match(batchScript([{ sh: ':', survives }], nonce), `tk_watch ${nonce} 0 `)
})
