import { ApplyFailed } from '../../core/failure.js'
import { type Change, defineModule, type Session } from '../../core/module.js'
import { read, text } from '../../core/read.js'
import { diagnoseBy, notRoot, notRootMessage } from '../support/diagnose.js'
import { nulSeparated } from '../support/nul-separated.js'
import { int, list, object, oneOf } from '../support/schema.js'
import { lockMessage, lockRules } from './apt/messages.js'
import { type DpkgPackage, parsePackages, queryInto } from './dpkg.js'

interface Params {
  readonly name: readonly string[]
  readonly selection: 'install' | 'hold' | 'deinstall' | 'purge'
  readonly lock_timeout: number
}

interface Seen {
  readonly packages: readonly DpkgPackage[]
  /** The host's own architecture: that of a name without one. */
  readonly native: string
}

type Select = Change & { readonly kind: 'select'; readonly lines: string }

/** What dpkg wants of a package. Source: dpkg(1), --set-selections. */
export const dpkgSelections = defineModule<Params, Seen, Select>({
  name: 'dpkg_selections',
  kind: 'state',
  doc: `Holds packages at their version, or lets go of them.

A package that is to be held must be installed: an earlier task brings it. Several names may be given, and a held lock is waited
for (\`lock_timeout\`): Ansible knows neither.`,
  params: object(
    {
      name: list('The packages.', { minItems: 1, examples: ['kubelet'] }),
      selection: oneOf('What dpkg shall want: `hold` keeps the version, `install` lets go again.', [
        'install',
        'hold',
        'deinstall',
        'purge',
      ]),
      lock_timeout: int('Seconds to wait for another program that installs packages.', { minimum: 0, default: 60 }),
    },
    ['name', 'selection'],
  ),
  examples: `- name: no surprise upgrades
  dpkg_selections:
    name: kubelet
    selection: hold
`,

  parts: ({ name }) => [`dpkg_selections ${name}`],
  writes: ['/var/lib/dpkg/'],
  probe: ({ name }) =>
    read(`${queryInto(name)}\nprintf '%s\\0' "$q"; dpkg --print-architecture`, raw => {
      const [packages = '', native = ''] = nulSeparated(raw, 2)
      return { packages: parsePackages(raw, packages), native: native.trim() }
    }),

  plan({ name, selection }, seen) {
    const changes: string[] = []
    const summaries: string[] = []
    for (const one of name) {
      const present = packageOf(one, seen)
      if (present === undefined) {
        if (selection === 'hold' || selection === 'install') return { needs: `package ${one}`, remedy: absent(one) }
      } else if (present.want !== selection) {
        const qualified = isOwn(present, seen) ? present.name : `${present.name}:${present.arch}`
        changes.push(`${qualified} ${selection}`)
        summaries.push(`${qualified}: ${present.want} → ${selection}`)
      }
    }
    if (changes.length === 0) return { changes: [] }
    return { changes: [{ kind: 'select', lines: `${changes.join('\n')}\n`, summary: summaries.join(', ') }] }
  },

  apply: (change, { lock_timeout }, host) => select(host, change.lines, lock_timeout),

  value: ({ name, selection }, seen) => ({
    before: packageOf(name[0] ?? '', seen)?.want ?? 'not present',
    after: selection,
  }),

  messages: { codes: { ...notRootMessage, ...lockMessage }, diagnose: diagnoseBy([...lockRules, notRoot]) },
})

/** The package that a name means: that of its architecture; without one the host's own, or the only one there is. */
const packageOf = (written: string, seen: Seen): DpkgPackage | undefined => {
  const [name, arch] = written.split(':')
  const there = seen.packages.filter(one => one.name === name && one.status !== 'not-installed')
  if (arch !== undefined) return there.find(one => one.arch === arch || (arch === seen.native && isOwn(one, seen)))
  return there.find(one => isOwn(one, seen)) ?? (there.length === 1 ? there[0] : undefined)
}

const isOwn = ({ arch }: DpkgPackage, { native }: Seen): boolean => arch === native || arch === 'all'

/** dpkg itself does not wait for its lock. */
const select = async (host: Session, lines: string, seconds: number): Promise<void> => {
  const argv = ['dpkg', '--set-selections']
  for (let left = seconds; ; left--) {
    const answer = await host.run(argv, { stdin: lines, ok: 'any' })
    if (answer.rc === 0) return
    const [, pid] = /locked by another process with pid (\d+)/.exec(text(answer.stderr)) ?? []
    if (pid === undefined || left <= 0) throw new ApplyFailed(argv.join(' '), answer)
    if (left === seconds) host.progress(`waiting for process ${pid} to let go of dpkg's lock`)
    await host.run(['sleep', '1'])
  }
}

const absent = (name: string): string => `install it in an earlier task (\`apt: {name: ${name}}\`), or correct the name`
