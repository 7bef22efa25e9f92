import type { DpkgPackage } from '../dpkg.js'
import type { AptParams } from './params.js'
import type { AptSeen, Policy } from './seen.js'
import { fits, foreignFor, installedFor, qualified, type Spec } from './spec.js'

/** What is to be done about one package. */
export type Choice =
  | { readonly kind: 'nothing' }
  /** `word` for apt-get, `said` for people. */
  | { readonly kind: 'install'; readonly word: string; readonly said: string }
  | { readonly kind: 'needs'; readonly needs: string; readonly remedy: string }
  | { readonly kind: 'refused'; readonly code: string; readonly data: { readonly [key: string]: string } }

const nothing: Choice = { kind: 'nothing' }

/** @param refreshing the lists are fetched before, so that what apt knows now does not count */
export const choose = (spec: Spec, p: AptParams, seen: AptSeen, refreshing: boolean): Choice => {
  const own = installedFor(spec, seen)
  // apt names the host's own architecture nowhere.
  const policy = seen.policy?.[spec.arch === seen.native ? spec.name : qualified(spec)]
  const isOnlyForeign = own === undefined && seen.policy !== undefined && policy?.candidate === undefined
  const present = isOnlyForeign ? foreignFor(spec, seen) : own
  if (present === undefined && p.only_upgrade) return nothing
  if (present !== undefined && p.state === 'present' && fits(spec.version, present.version)) return nothing
  if (seen.policy === undefined || refreshing) return unresolved(spec, p, present)
  if (present === undefined && policy?.candidate === undefined && seen.provided?.[spec.name] !== undefined)
    return nothing
  const version = bestVersion(spec, policy)
  if (version === undefined)
    return present !== undefined && spec.version === undefined ? nothing : missing(spec, p, seen, policy)
  if (present?.version === version) return nothing
  const said = present === undefined ? `${spec.name} ${version}` : `${spec.name} ${present.version} → ${version}`
  return (
    refusal(p, present, version, isDowngrade(policy, present, version)) ?? {
      kind: 'install',
      word: spec.version === undefined ? qualified(spec) : `${qualified(spec)}=${version}`,
      said,
    }
  )
}

/** apt resolves it after it has fetched the lists. */
const unresolved = (spec: Spec, p: AptParams, present: DpkgPackage | undefined): Choice =>
  refusal(p, present, spec.version ?? 'a newer one', false) ?? {
    kind: 'install',
    word: spec.text,
    said: present === undefined ? spec.text : `${spec.name} ${present.version} → ${spec.version ?? 'latest'}`,
  }

/** As apt chooses: the highest priority, then the newest; a negative priority is never taken. */
const bestVersion = (spec: Spec, policy: Policy | undefined): string | undefined => {
  if (policy === undefined) return undefined
  if (spec.version === undefined) return policy.candidate
  const fitting = policy.versions.filter(one => fits(spec.version, one.version) && one.priority >= 0)
  const top = Math.max(...fitting.map(one => one.priority))
  return fitting.find(one => one.priority === top)?.version
}

const isDowngrade = (policy: Policy | undefined, present: DpkgPackage | undefined, version: string): boolean => {
  const order = (policy?.versions ?? []).map(one => one.version)
  return (
    present !== undefined && order.includes(present.version) && order.indexOf(version) > order.indexOf(present.version)
  )
}

const refusal = (
  p: AptParams,
  present: DpkgPackage | undefined,
  to: string,
  downgrade: boolean,
): Choice | undefined => {
  if (present === undefined) return undefined
  const data = { package: present.name, from: present.version, to }
  if (present.want === 'hold' && !p.allow_change_held_packages) return { kind: 'refused', code: 'held', data }
  return downgrade && !p.allow_downgrade && !p.force ? { kind: 'refused', code: 'downgrade', data } : undefined
}

const missing = (spec: Spec, p: AptParams, { lists }: AptSeen, policy: Policy | undefined): Choice => {
  const known = (policy?.versions ?? []).map(one => one.version)
  if (spec.version !== undefined && known.length > 0) {
    return {
      kind: 'needs',
      needs: `a repository that has ${spec.name} ${spec.version}`,
      remedy: `ask for a version that there is (${known.slice(0, 3).join(', ')}), or add the repository that has it in an earlier task`,
    }
  }
  return {
    kind: 'needs',
    needs: `a repository that has package ${spec.text}`,
    remedy:
      lists?.any === false && !p.update_cache
        ? 'set `update_cache: true`: there are no package lists on the host yet'
        : `correct the name, or add its repository in an earlier task (\`apt_repository\`)${p.update_cache ? '' : ' and set `update_cache: true`'}`,
  }
}
