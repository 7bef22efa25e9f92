import { didYouMean } from '../config/did-you-mean.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { ConfigError } from '../core/failure.js'
import { formatSource, type Source } from '../core/source.js'
import { Float, type Value } from '../core/value.js'
import type { Binding } from '../core/vars.js'
import { expandRanges, RangeProblem, splitPort } from './ranges.js'

export interface HostEntry {
  readonly name: string
  /** Where the host was first named. */
  readonly source: Source
  /** The inventory file that first named it. */
  readonly file: string
  readonly vars: Map<string, Binding>
}

export interface GroupEntry {
  readonly name: string
  readonly source: Source
  readonly vars: Map<string, Binding>
  readonly hosts: Set<string>
  readonly children: Set<string>
}

/**
 * Collects hosts and groups from all sources and formats. Problems are collected too, so that all problems of a file
 * are reported together.
 */
export class Builder {
  readonly hosts = new Map<string, HostEntry>()
  readonly groups = new Map<string, GroupEntry>()
  readonly problems: Diagnostic[] = []
  readonly warnings: Diagnostic[] = []
  /** Prints a line while an inventory script is slow. */
  readonly say: (line: string) => void
  /** Groups that have a section or key of their own. */
  readonly #defined = new Set(['all', 'ungrouped'])

  constructor(say: (line: string) => void = () => {}) {
    this.say = say
  }
  /** Groups that an INI file names as a child or in `[NAME:vars]`; each must be defined somewhere in the file. */
  readonly #expected: { readonly name: string; readonly source: Source; readonly as: string }[] = []

  problem(message: string, source: Source, hint: string): void {
    this.problems.push({ message, source, hint })
  }

  group(name: string, source: Source): GroupEntry {
    const known = this.groups.get(name)
    if (known !== undefined) return known
    const made: GroupEntry = { name, source, vars: new Map(), hosts: new Set(), children: new Set() }
    this.groups.set(name, made)
    return made
  }

  define(name: string, source: Source): GroupEntry {
    this.#defined.add(name)
    return this.group(name, source)
  }

  /**
   * Adds the hosts of a line or key: ranges are expanded, and a port becomes `ansible_port`.
   * A host may be in several groups; twice in one list is an error.
   * @param once the hosts of this list so far
   */
  addHosts(
    written: string,
    source: Source,
    group: GroupEntry | undefined,
    once?: Map<string, Source>,
  ): readonly HostEntry[] {
    const { name: pattern, port } = splitPort(written)
    return this.#names(pattern, source).map(name => {
      const before = once?.get(name)
      if (before !== undefined) {
        this.problem(
          `two hosts of the same name: '${name}'`,
          source,
          `it is in this group already, at ${formatSource(before)}: remove one, or give one another name and its ansible_host`,
        )
      }
      once?.set(name, source)
      const entry = this.hosts.get(name) ?? { name, source, file: source.file, vars: new Map<string, Binding>() }
      this.hosts.set(name, entry)
      group?.hosts.add(name)
      if (port !== undefined) this.setHostVar(entry, 'ansible_port', { value: port, source })
      return entry
    })
  }

  setHostVar(host: HostEntry, name: string, binding: Binding): void {
    const before = host.vars.get(name)
    if (before?.source !== undefined && addressVariables.has(name) && !sameScalar(before.value, binding.value)) {
      if (before.source.file === binding.source?.file) {
        this.problem(
          `two hosts of the same name: '${host.name}' has ${name} ${scalarText(binding.value)} here and ${scalarText(before.value)} at ${formatSource(before.source)}`,
          binding.source,
          'give one of them another name, or remove the wrong address',
        )
      }
    }
    host.vars.set(name, binding)
  }

  expectGroup(name: string, source: Source, as: string): void {
    this.#expected.push({ name, source, as })
  }

  /** Reports the expected groups that are not defined. Call this at the end of a file. */
  checkExpected(): void {
    for (const { name, source, as } of this.#expected.splice(0)) {
      if (this.#defined.has(name)) continue
      this.problem(`${as}: no group '${name}'`, source, didYouMean(name, this.#defined) ?? `define it: [${name}]`)
    }
  }

  throwProblems(): void {
    const [first, ...more] = this.problems
    if (first !== undefined) throw new ConfigError(first, ...more)
  }

  #names(pattern: string, source: Source): readonly string[] {
    if (pattern === '' || /[\s,'"{}/\p{Cc}]/u.test(pattern) || pattern.endsWith(':') || pattern === '---') {
      this.problem(
        `'${pattern}' is no host name`,
        source,
        pattern === '---'
          ? 'this looks like YAML: name the file .yml'
          : 'a host name has no spaces, quotes, commas, slashes or colon at its end',
      )
      return []
    }
    try {
      // An IPv6 address has colons but is no range. splitPort has already removed brackets around one.
      return expandRanges(pattern)
    } catch (error) {
      if (!(error instanceof RangeProblem)) throw error
      this.problem(error.message, source, error.hint)
      return []
    }
  }
}

const addressVariables = new Set([
  'ansible_host',
  'ansible_port',
  'tkplay_host',
  'tkplay_port',
  'ansible_ssh_host',
  'ansible_ssh_port',
])

const sameScalar = (a: Value, b: Value): boolean => scalarText(a) === scalarText(b)

const scalarText = (value: Value): string => String(value instanceof Float ? value.value : value)
