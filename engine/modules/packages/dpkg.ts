import { NotObserved } from '../../core/failure.js'
import type { Raw } from '../../core/module.js'
import { ShellText, sh } from '../../shell/quote.js'

/** A package as dpkg's own list has it. */
export interface DpkgPackage {
  readonly name: string
  readonly arch: string
  readonly want: 'unknown' | 'install' | 'hold' | 'deinstall' | 'purge'
  /** `installed`, `config-files`, `not-installed`, `half-configured`, … */
  readonly status: string
  readonly version: string
}

// Not a template of ours: dpkg-query's own.
export const packageFormat = '${Package}|${Architecture}|${db:Status-Want}|${db:Status-Status}|${Version}\\n'

/** Shell text that puts the packages of these names into `$q`, one a line; unknown names are left out. One fork. */
export const queryInto = (names: readonly string[]): ShellText =>
  new ShellText(sh`q=$(LC_ALL=C dpkg-query -W -f ${packageFormat} -- ${names} 2>/dev/null) || [ $? -eq 1 ] || exit $?`)

/** @throws NotObserved for a line of another form */
export const parsePackages = (raw: Raw, lines: string): readonly DpkgPackage[] =>
  lines
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [name, arch, want, status, version] = line.split('|')
      if (name === undefined || arch === undefined || status === undefined || version === undefined || !isWant(want)) {
        throw new NotObserved(raw, `dpkg-query answered «${line}»`)
      }
      return { name, arch, want, status, version }
    })

const isWant = (word: string | undefined): word is DpkgPackage['want'] =>
  ['unknown', 'install', 'hold', 'deinstall', 'purge'].includes(word ?? '')
