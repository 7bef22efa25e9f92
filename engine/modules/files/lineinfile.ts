import { defineModule } from '../../core/module.js'
import { expandReplacement, pythonRegex } from '../../python/regex.js'
import {
  applyEdit,
  type Edit,
  type Edited,
  type EditParams,
  editsText,
  editValue,
  fileMessages,
  planEdit,
} from '../support/edit.js'
import { type FileSeen, textFile } from '../support/file-seen.js'
import { bare, ended, endLine, firstMatch, lineMatching, linesOf, linesWithout } from '../support/lines.js'
import * as schema from '../support/schema.js'
import { fileAt } from '../support/writes.js'

interface Params extends EditParams {
  readonly state: 'present' | 'absent'
  readonly line?: string
  readonly regexp?: string
  readonly search_string?: string
  readonly insertafter?: string
  readonly insertbefore?: string
  readonly backrefs: boolean
  readonly firstmatch: boolean
}

/** One line of a text file. Semantics: Ansible's `lineinfile`; patterns are Python's, matched against one line at a time. */
export const lineinfile = defineModule<Params, FileSeen, Edit>({
  name: 'lineinfile',
  kind: 'state',
  verify: 'lenient',
  doc: `Makes sure that a line is in a text file, or is not.

With \`regexp\` (or \`search_string\`) the last line that matches is replaced; where none matches, the line is added at \`insertafter\` or
\`insertbefore\`, else at the end. A pattern should match the line that it brings, or each run replaces again.`,
  params: schema.object(
    {
      path: schema.path('The file.', { aliases: ['dest', 'destfile', 'name'] }),
      state: schema.oneOf('Whether the line is to be there.', ['present', 'absent'], 'present'),
      line: schema.str('The line, without a newline.', { aliases: ['value'] }),
      regexp: schema.str('The line to replace, or the lines to remove.', {
        aliases: ['regex'],
        examples: ['^#?PermitRootLogin\\b'],
      }),
      search_string: schema.str('Like `regexp`, but a text that the line holds as it is.'),
      insertafter: schema.str('Add the line after the last line that matches; `EOF` is the end, `BOF` the beginning.'),
      insertbefore: schema.str('Add the line before the last line that matches; `BOF` is the beginning.'),
      backrefs: schema.bool(
        'Put groups of `regexp` into the line (`\\1`); where nothing matches, nothing is done.',
        false,
      ),
      firstmatch: schema.bool('Take the first line that matches instead of the last.', false),
      create: schema.bool('Make the file where there is none.', false),
      backup: schema.backup,
      validate: schema.validate,
      unsafe_writes: schema.unsafeWrites,
      ...schema.attributes,
    },
    ['path'],
    {
      allOf: [
        schema.exclusive('insertafter', 'insertbefore'),
        schema.exclusive('regexp', 'search_string'),
        schema.whenever('state', ['absent'], schema.needsOne('line', 'regexp', 'search_string')),
        schema.whenever('state', ['present'], schema.needsOne('line'), { orAbsent: true }),
        schema.whenever('backrefs', [true], schema.needsOne('regexp')),
      ],
    },
  ),
  examples: `
- name: No password logins
  lineinfile:
    path: /etc/ssh/sshd_config
    regexp: '^#?PasswordAuthentication\\b'
    line: PasswordAuthentication no
    validate: /usr/sbin/sshd -t -f %s

- name: An address for the registry
  lineinfile:
    path: /etc/hosts
    search_string: registry.example.com
    line: 192.0.2.10 registry.example.com
`,

  edits: editsText,
  writes: ({ path }, seen) => fileAt(path, seen),
  probe: ({ path }) => textFile(path),

  plan: (params, seen) =>
    params.state === 'absent' && seen.stat === undefined
      ? { changes: [] }
      : planEdit(params, seen, text => edit(params, text)),

  apply: (change, _params, host) => applyEdit(change, host),

  value: ({ state }, { stat }, applied) =>
    state === 'absent' && stat === undefined ? { msg: 'file not present' } : editValue(applied),

  messages: fileMessages,
})

const edit = (params: Params, text: string): Edited =>
  params.state === 'absent' ? withoutLine(params, text) : withLine(params, text)

const withoutLine = (params: Params, text: string): Edited => {
  const { regexp, search_string } = params
  const lines = linesOf(text)
  const kept =
    search_string !== undefined
      ? lines.filter(line => !line.includes(search_string))
      : regexp !== undefined
        ? linesWithout(pythonRegex(regexp, { ascii: true }), lines)
        : lines.filter(line => bare(line) !== params.line)
  const removed = lines.length - kept.length
  return { text: kept.join(''), msg: removed === 0 ? '' : `${removed} line(s) removed` }
}

/** Which line `regexp` or `search_string` means; -1 where neither is given, or there is none. */
const lineMeant = ({ regexp, search_string, firstmatch }: Params, lines: readonly string[]): number => {
  if (search_string !== undefined) {
    const holds = (line: string): boolean => line.includes(search_string)
    return firstmatch ? lines.findIndex(holds) : lines.findLastIndex(holds)
  }
  if (regexp === undefined) return -1
  return lineMatching(pythonRegex(regexp, { ascii: true }), lines, firstmatch ? 'first' : 'last')
}

const withLine = (params: Params, text: string): Edited => {
  const { line = '', backrefs } = params
  const lines = linesOf(text)
  const at = lineMeant(params, lines)
  if (at >= 0) return replaced(lines, at, backrefs ? expanded(params, lines[at] ?? '') : line)
  if (lines.some(one => bare(one) === line))
    return replaced(
      lines,
      lines.findLastIndex(one => bare(one) === line),
      line,
    )
  if (backrefs) return { text, msg: '' }
  const index = insertionIndex(params, lines)
  const above = ended(lines.slice(0, index))
  return { text: [...above, `${line}\n`, ...lines.slice(index)].join(''), msg: 'line added' }
}

const expanded = ({ regexp = '', line = '' }: Params, present: string): string => {
  const match = firstMatch(pythonRegex(regexp, { ascii: true }), present)
  return match === null ? line : expandReplacement(line, match)
}

const replaced = (lines: readonly string[], at: number, line: string): Edited => {
  const next = lines.with(at, endLine(line))
  return next[at] === lines[at] ? { text: lines.join(''), msg: '' } : { text: next.join(''), msg: 'line replaced' }
}

/** The index at which a new line is put in: the end, unless a pattern matches. */
const insertionIndex = ({ insertafter, insertbefore, firstmatch }: Params, lines: readonly string[]): number => {
  if (insertafter === 'BOF' || insertbefore === 'BOF') return 0
  const wanted = insertafter === 'EOF' ? undefined : (insertafter ?? insertbefore)
  if (wanted === undefined) return lines.length
  const pattern = pythonRegex(wanted, { ascii: true })
  const at = lineMatching(pattern, lines, firstmatch ? 'first' : 'last')
  return at === -1 ? lines.length : insertafter === undefined ? at : at + 1
}
