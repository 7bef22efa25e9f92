import { posix } from 'node:path'
import { type Look, nothing, type Probe } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { raw, text } from '../../core/read.js'
import { sh } from '../../shell/quote.js'
import { globText } from './expanding-words.js'
import { shellPath } from './path.js'
import { treeAt } from './writes.js'

/** Why a step need not run, as its parameters say it. */
export interface Guarded {
  readonly chdir?: string
  readonly creates?: string
  readonly removes?: string
  readonly unless?: string
}

/** Why it need not run; absent where it must. */
export interface Guard {
  readonly met?: 'creates' | 'removes' | 'unless'
  /** The path of `creates`, and that of `removes`, up to its first glob; where it counts from a home or a folder the host says which. */
  readonly paths?: readonly string[]
}

/** Whether it need run at all. Without a guard nothing is read. */
export const probeGuard = ({ chdir, creates, removes, unless }: Guarded): Probe<Guard> => {
  const tests = [
    creates === undefined
      ? ''
      : `for f in ${globText(creates)}; do if [ -e "$f" ] || [ -L "$f" ]; then exit 10; fi; done`,
    removes === undefined
      ? ''
      : `n=1; for f in ${globText(removes)}; do if [ -e "$f" ] || [ -L "$f" ]; then n=; fi; done; [ -z "$n" ] || exit 11`,
    unless === undefined ? '' : sh`if (eval ${unless}) >/dev/null 2>&1; then exit 12; fi`,
  ].filter(test => test !== '')
  if (tests.length === 0) return nothing as Probe<Guard>
  const folder = chdir === undefined ? [] : [sh`cd ${shellPath(chdir)} 2>/dev/null || exit 0`]
  const met = { 10: 'creates', 11: 'removes', 12: 'unless' } as const
  const paths = [creates, removes].filter(path => path !== undefined).map(beforeGlob)
  const guard = raw([...folder, ...paths.map(printPath), ...tests, 'exit 0'].join('\n'))
  return {
    ...guard,
    parse: answer => {
      const code = answer.rc as keyof typeof met
      const told = text(answer.stdout).split('\0').slice(0, -1)
      return omitUndefined({
        met: met[code],
        paths: paths.length > 0 && told.length === paths.length ? told : undefined,
      })
    },
  }
}

/** `/a/b*.c` → `/a/`: what comes or goes there decides. */
const beforeGlob = (path: string): string => path.replace(/[^/]*[*?[].*$/, '')

const printPath = (path: string): string =>
  posix.isAbsolute(path)
    ? sh`printf '%s\0' ${path}`
    : sh`p=${shellPath(path)}; case $p in /*) ;; *) p=$PWD/$p ;; esac; printf '%s\0' "$p"`

/**
 * `creates` names what the command itself makes, so that another step which may change anything is not expected to bring it; `removes`
 * names what is there already. What `unless` asks, nobody knows.
 */
export const guardLooks = ({ unless, creates, removes }: Guarded, { met, paths }: Guard): Look | undefined => {
  if (met === 'unless' || (met === undefined && unless !== undefined)) return { at: 'anything', absent: false }
  const asked = [creates, removes].filter(path => path !== undefined)
  if (asked.length === 0) return undefined
  if (paths === undefined) return { at: asked, absent: false }
  const [first = '', last = first] = paths
  switch (met) {
    case 'creates':
      return { at: [first], absent: false }
    case 'removes':
      return { at: paths.map(treeAt), absent: true }
    default:
      return {
        at: [...(creates === undefined ? [] : [treeAt(first)]), ...(removes === undefined ? [] : [last])],
        absent: false,
      }
  }
}
