import { didYouMean } from '../config/did-you-mean.js'
import type { Source } from '../core/source.js'
import type { Value } from '../core/value.js'
import { pythonLiteral } from '../python/literal.js'
import { commentedWords, type Word } from '../python/shell-words.js'
import type { Builder, GroupEntry } from './builder.js'

type Section = {
  readonly kind: 'hosts' | 'children' | 'vars'
  readonly group: GroupEntry | undefined
  readonly seen: Map<string, Source>
}

/**
 * Reads Ansible's INI format: `[group]`, `[group:children]`, `[group:vars]`, and hosts with `key=value` words.
 * Values are Python literals, or else text. Lines that begin with `#` or `;` are comments, and so is the text after `
 * #` on the line of a host.
 */
export const readIni = (text: string, file: string, builder: Builder): void => {
  let section: Section = { kind: 'hosts', group: undefined, seen: new Map() }
  const seen = new Map<string, Map<string, Source>>()
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const source = { file, line: index + 1, col: raw.length - raw.trimStart().length + 1 }
    if (line.startsWith('[') && !/^\[[^\]]*\]\S/.test(line)) {
      section = header(line, source, builder, seen) ?? section
    } else if (section.kind === 'hosts') {
      if (!hostLine(line, source, section, builder)) break
    } else if (section.kind === 'children') childLine(line, source, section, builder)
    else variableLine(line, source, section, builder)
  }
  builder.checkExpected()
}

const header = (
  line: string,
  source: Source,
  builder: Builder,
  seen: Map<string, Map<string, Source>>,
): Section | undefined => {
  const found = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(line)
  const [, name, kind = 'hosts'] = found ?? []
  if (name === undefined) {
    builder.problem(`'${line}' is no section`, source, 'write [group], [group:children] or [group:vars]')
    return undefined
  }
  if (kind !== 'hosts' && kind !== 'children' && kind !== 'vars') {
    builder.problem(
      `unknown section [${name}:${kind}]`,
      source,
      didYouMean(kind, ['children', 'vars', 'hosts']) ?? 'write [group], [group:children] or [group:vars]',
    )
    return undefined
  }
  if (kind === 'vars') builder.expectGroup(name, source, `[${name}:vars]`)
  const hosts = seen.get(name) ?? new Map<string, Source>()
  seen.set(name, hosts)
  // A section of variables alone does not define a group, since its name may be a typo.
  const group = kind === 'vars' ? builder.group(name, source) : builder.define(name, source)
  return { kind, group, seen: hosts }
}

/** False where the file is not INI, so that its other lines are not read. */
const hostLine = (line: string, source: Source, { group, seen }: Section, builder: Builder): boolean => {
  const words = wordsOf(line)
  if (words instanceof RangeError) {
    const isQuote = words.message.includes('quote')
    builder.problem(
      isQuote ? 'a quote is never closed' : words.message,
      source,
      isQuote ? 'close it, or put a backslash before it' : 'write it twice: \\\\',
    )
    return true
  }
  const [name, ...pairs] = words
  if (name === undefined) return true
  if (/^[\w.-]+:$/.test(name.text)) {
    builder.problem(`'${line}' is YAML, in a file that is read as INI`, source, 'name the file .yml')
    return false
  }
  if (/^[\w-]+=/.test(name.text)) {
    builder.problem(
      `'${name.text}' where a host name belongs`,
      source,
      group === undefined ? 'put the host name first' : `variables of the group go under [${group.name}:vars]`,
    )
    return true
  }
  const hosts = builder.addHosts(name.text, source, group, seen)
  for (const pair of pairs) {
    const at = { ...source, col: source.col + pair.at }
    const equals = pair.text.indexOf('=')
    if (equals < 1) {
      builder.problem(
        `'${pair.text}' where key=value belongs`,
        at,
        'write key=value without spaces around =, in quotes if the value has spaces',
      )
      continue
    }
    const value = literalOrText(pair.text.slice(equals + 1))
    for (const host of hosts) builder.setHostVar(host, pair.text.slice(0, equals), { value, source: at })
  }
  return true
}

const wordsOf = (line: string): readonly Word[] | RangeError => {
  try {
    return commentedWords(line)
  } catch (error) {
    if (error instanceof RangeError) return error
    throw error
  }
}

const childLine = (line: string, source: Source, { group }: Section, builder: Builder): void => {
  const name = line.replace(/\s+#.*$/, '')
  if (/\s|=/.test(name)) {
    builder.problem(`'${name}' is no group name`, source, 'one group a line')
    return
  }
  group?.children.add(name)
  builder.expectGroup(name, source, `[${group?.name}:children]`)
}

const variableLine = (line: string, source: Source, { group }: Section, builder: Builder): void => {
  const equals = line.indexOf('=')
  const name = line.slice(0, equals).trim()
  if (equals === -1 || name === '') {
    builder.problem(`'${line}' where key=value belongs`, source, 'write key=value')
    return
  }
  group?.vars.set(name, { value: literalOrText(line.slice(equals + 1).trim()), source })
}

/** A Python literal or text. `None` is a literal, and null. */
const literalOrText = (text: string): Value => {
  const literal = pythonLiteral(text)
  return literal === undefined ? text : literal
}
