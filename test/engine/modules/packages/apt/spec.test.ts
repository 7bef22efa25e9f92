import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { casePattern, fits, installedFor, parseSpec } from '../../../../../engine/modules/packages/apt/spec.js'

t.test('name, architecture, version', async t => {
  t.same(parseSpec('kubelet=1.34.4-*'), { text: 'kubelet=1.34.4-*', name: 'kubelet', version: '1.34.4-*' })
  t.same(parseSpec('libc6:i386'), { text: 'libc6:i386', name: 'libc6', arch: 'i386' })
  t.same(
    parseSpec('a=1:2=3'),
    { text: 'a=1:2=3', name: 'a', version: '1:2=3' },
    'epochs and later = belong to the version',
  )
})

t.test('a pattern is fnmatch’s', async t => {
  t.ok(fits(undefined, '1.0'))
  t.ok(fits('1.34.*', '1.34.4-1.1'))
  t.notOk(fits('1.34.*', '1x34.4'))
  t.ok(fits('1.3[45].?', '1.35.0'))
  t.notOk(fits('1.34', '1.34.4'))
})

t.test('what is half-configured is not installed', async t => {
  const one = { name: 'a', arch: 'amd64', want: 'install', status: 'half-configured', version: '1' } as const
  t.equal(installedFor(parseSpec('a'), { packages: [one] }), undefined)
  t.same(installedFor(parseSpec('a:amd64'), { packages: [{ ...one, status: 'installed' }] })?.version, '1')
  t.equal(installedFor(parseSpec('a:i386'), { packages: [{ ...one, status: 'installed' }] }), undefined)
})

t.test('a name without an architecture means the host’s own, and `all` is its own, too', async t => {
  const of = (arch: string) => ({ name: 'a', arch, want: 'install', status: 'installed', version: arch }) as const
  const found = (spec: string, ...archs: readonly string[]) =>
    installedFor(parseSpec(spec), { native: 'amd64', packages: archs.map(of) })?.version
  t.equal(found('a', 'i386'), undefined)
  t.equal(found('a', 'i386', 'amd64'), 'amd64')
  t.equal(found('a', 'all'), 'all')
  t.equal(found('a:amd64', 'all'), 'all')
  t.equal(found('a:i386', 'all'), undefined)
  t.equal(found('a:i386', 'amd64', 'i386'), 'i386')
  const counted = (spec: string, arch: string): string =>
    spawnSync(
      '/bin/sh',
      ['-c', `n=amd64; case a=${arch}=1=installed in ${casePattern(parseSpec(spec))}) echo yes ;; esac`],
      {
        encoding: 'utf8',
      },
    ).stdout.trim()
  t.strictSame(
    ['amd64', 'all', 'i386'].map(arch => counted('a', arch)),
    ['yes', 'yes', ''],
  )
  t.equal(counted('a:i386', 'i386'), 'yes')
})

const piece = fc.constantFrom('1', '2', '.', '-', '+', '~', ':', 'a', '*', '?', "'", ' ')
const word = fc.array(piece, { minLength: 1, maxLength: 6 }).map(all => all.join(''))
const version = word.filter(one => !/[*? ']/.test(one))

t.test('the shell’s pattern and ours agree', async () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(word, version), { minLength: 20, maxLength: 20 }), pairs => {
      const script = pairs
        .map(([pattern, version]) => {
          const spec = parseSpec(`a=${pattern}`)
          return `case a=amd64=${version}=installed in ${casePattern(spec)}) echo yes ;; *) echo no ;; esac`
        })
        .join('\n')
      const ran = spawnSync('/bin/sh', ['-c', `n=amd64\n${script}`], { encoding: 'utf8' })
      const ours = pairs.map(([pattern, version]) => (fits(pattern, version) ? 'yes' : 'no'))
      return ran.stdout.trim() === ours.join('\n')
    }),
    { numRuns: 30 },
  )
})
