import type { Plan } from '../../../core/module.js'
import type { AptChange } from './change.js'
import { choose } from './choose.js'
import { areFresh, whyStale } from './lists.js'
import { type AptParams, debIsUrl, packageNames, upgradeOf } from './params.js'
import type { AptSeen } from './seen.js'
import { isMeant, parseSpec, qualified } from './spec.js'

/** Whether only the lists are to be fetched, with no word about how old they may be: then it is done each time. */
export const isPlainUpdate = (p: AptParams): boolean =>
  asksForLists(p) && p.cache_valid_time === undefined && !asksForMore(p)

const asksForLists = (p: AptParams): boolean => p.update_cache || p.cache_valid_time !== undefined

const asksForMore = (p: AptParams): boolean =>
  (p.name ?? []).length > 0 ||
  p.deb !== undefined ||
  p.upgrade !== 'no' ||
  p.autoremove ||
  p.autoclean ||
  p.clean ||
  p.state === 'fixed'

export const planApt = (p: AptParams, seen: AptSeen): Plan<AptChange> => {
  const body = p.state === 'absent' ? planRemoval(p, seen) : planInstallation(p, seen)
  if (!('changes' in body)) return body
  const changes: AptChange[] = [...body.changes, ...planTidying(p, seen)]
  if (changes.some(one => one.kind !== 'refresh' && one.kind !== 'clean') || p.state === 'fixed')
    changes.unshift(...planRepair(seen))
  return { changes: withHolder(changes, seen) }
}

/** The first change that takes dpkg's lock says who has it; once it is free, the others need not wait. */
const withHolder = (changes: readonly AptChange[], { holder }: AptSeen): readonly AptChange[] => {
  const first = changes.find(({ kind }) => !['refresh', 'autoclean', 'clean'].includes(kind))
  if (holder === undefined || first === undefined) return changes
  const waiting = { ...first, waitsFor: `${holder.program} (process ${holder.pid})` }
  return changes.map(change => (change === first ? waiting : change))
}

const planRepair = ({ broken = [] }: AptSeen): readonly AptChange[] =>
  broken.length === 0 ? [] : [{ kind: 'repair', summary: `finish what was interrupted: ${broken.join(', ')}` }]

const planInstallation = (p: AptParams, seen: AptSeen): Plan<AptChange> => {
  const upgrades = upgradeOf(p) !== 'no'
  // What may be newer is only known from fresh lists; a step takes its time, so that they are still fresh when it is looked at again.
  const newest = upgrades || p.state === 'latest'
  const stale =
    asksForLists(p) &&
    seen.lists !== undefined &&
    !areFresh(seen.lists, Math.max(p.cache_valid_time ?? 0, newest ? 300 : 0))
  const words: string[] = []
  const said: string[] = []
  for (const spec of packageNames(p).map(parseSpec)) {
    const choice = choose(spec, p, seen, stale)
    if (choice.kind === 'needs') return { needs: choice.needs, remedy: choice.remedy, at: sources }
    if (choice.kind === 'refused') return { refused: choice.code, data: choice.data }
    if (choice.kind === 'install') {
      words.push(choice.word)
      said.push(choice.said)
    }
  }
  const changes: AptChange[] = []
  const upgradable = seen.upgrades?.installs.length ?? 0
  if (upgrades && (stale || upgradable > 0)) {
    changes.push({
      kind: 'upgrade',
      summary: stale ? 'upgrade all packages' : `upgrade ${seen.upgrades?.installs.join(', ')}`,
    })
  }
  if (words.length > 0) changes.push(installation(words, said.join(', ')))
  const deb = planDeb(p, seen)
  if (!('changes' in deb)) return deb
  changes.push(...deb.changes)
  const alone = !asksForMore(p) && asksForLists(p)
  if ((stale && changes.length > 0) || (alone && (stale || isPlainUpdate(p)))) {
    changes.unshift({
      kind: 'refresh',
      summary: `fetch the package lists${seen.lists === undefined ? '' : ` (${whyStale(seen.lists)})`}`,
    })
  }
  return { changes }
}

/** Where apt's repositories are named. */
const sources = ['/etc/apt/']

const installation = (words: readonly string[], said: string): AptChange => ({
  kind: 'install',
  words,
  summary: `install ${said}`,
})

const planDeb = (p: AptParams, seen: AptSeen): Plan<AptChange> => {
  if (p.deb === undefined) return { changes: [] }
  const { deb } = seen
  if (deb === undefined) {
    return debIsUrl(p.deb)
      ? { refused: 'deb-name', data: { url: p.deb } }
      : {
          needs: `file ${p.deb} on the host`,
          at: [p.deb],
          remedy: 'bring it in an earlier task (`copy`, `get_url`), or correct the path',
        }
  }
  // A file's name leaves the epoch out.
  const versions = debIsUrl(p.deb) ? (version: string) => version.replace(/^\d+:/, '') : (version: string) => version
  const there = seen.packages.some(
    one => one.name === deb.name && one.status === 'installed' && versions(one.version) === deb.version,
  )
  if (there) return { changes: [] }
  const said = `${deb.name} ${deb.version}`
  if (debIsUrl(p.deb))
    return { changes: [{ kind: 'install-url', url: p.deb, summary: `install ${said} from ${p.deb}` }] }
  return { changes: [installation([p.deb], said)] }
}

const planRemoval = (p: AptParams, seen: AptSeen): Plan<AptChange> => {
  const words: string[] = []
  for (const spec of packageNames(p).map(parseSpec)) {
    const there = seen.packages.find(one => isMeant(spec, one, seen.native) && isThere(one.status, p.purge))
    if (there === undefined) continue
    if (there.want === 'hold' && !p.allow_change_held_packages)
      return { refused: 'held-removal', data: { package: spec.name } }
    words.push(qualified(spec))
  }
  if (words.length === 0) return { changes: [] }
  return { changes: [{ kind: 'remove', words, summary: `${p.purge ? 'purge' : 'remove'} ${words.join(', ')}` }] }
}

/** `config-files`: removed, but for its configuration. */
const isThere = (status: string, purge: boolean): boolean =>
  status !== 'not-installed' && (purge || status !== 'config-files')

const planTidying = (p: AptParams, seen: AptSeen): readonly AptChange[] => {
  const changes: AptChange[] = []
  const alone = (p.name ?? []).length === 0
  const unneeded = seen.unneeded?.removes ?? []
  if (alone && unneeded.length > 0) changes.push({ kind: 'autoremove', summary: `remove ${unneeded.join(', ')}` })
  const downloads = seen.downloads ?? []
  if (p.clean && downloads.length > 0) changes.push({ kind: 'clean', summary: 'remove downloaded packages' })
  else if (p.autoclean && downloads.length > 0)
    changes.push({ kind: 'autoclean', summary: `remove ${downloads.length} downloaded packages` })
  return changes
}
