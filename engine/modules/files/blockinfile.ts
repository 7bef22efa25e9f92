import { defineModule } from '../../core/module.js'
import { pythonRegex } from '../../python/regex.js'
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
import { bare, ended, firstMatch, inserted, lineMatching, linesOf } from '../support/lines.js'
import * as schema from '../support/schema.js'
import { fileAt } from '../support/writes.js'

interface Params extends EditParams {
  readonly state: 'present' | 'absent'
  readonly block: string
  readonly marker: string
  readonly marker_begin: string
  readonly marker_end: string
  readonly insertafter?: string
  readonly insertbefore?: string
  readonly append_newline: boolean
  readonly prepend_newline: boolean
}

/** Some lines of a text file, between two markers. Semantics: Ansible's `blockinfile`. */
export const blockinfile = defineModule<Params, FileSeen, Edit>({
  name: 'blockinfile',
  kind: 'state',
  verify: 'lenient',
  doc: `Keeps a block of lines between two marker lines in a text file.

Several blocks in one file need a \`marker\` each. An empty block is removed with its markers.`,
  params: schema.object(
    {
      path: schema.path('The file.', { aliases: ['dest', 'destfile', 'name'] }),
      state: schema.oneOf('Whether the block is to be there.', ['present', 'absent'], 'present'),
      block: schema.str('The lines between the markers.', { aliases: ['content'], default: '' }),
      marker: schema.str('The marker lines; `{mark}` becomes `marker_begin` and `marker_end`.', {
        default: '# {mark} ANSIBLE MANAGED BLOCK',
        pattern: '\\{mark\\}',
      }),
      marker_begin: schema.str('What stands for `{mark}` above the block.', { default: 'BEGIN' }),
      marker_end: schema.str('What stands for `{mark}` below the block.', { default: 'END' }),
      insertafter: schema.str('Put a new block after the last line that matches; `EOF` is the end.'),
      insertbefore: schema.str('Put a new block before the last line that matches; `BOF` is the beginning.'),
      append_newline: schema.bool('Leave an empty line after the block.', false),
      prepend_newline: schema.bool('Leave an empty line before the block.', false),
      create: schema.bool('Make the file where there is none.', false),
      backup: schema.backup,
      validate: schema.validate,
      unsafe_writes: schema.unsafeWrites,
      ...schema.attributes,
    },
    ['path'],
    { allOf: [schema.exclusive('insertafter', 'insertbefore')] },
  ),
  examples: `
- name: All hosts know each other's names
  blockinfile:
    path: /etc/hosts
    marker: '# {mark} cluster'
    block: |
      192.0.2.1 node1
      192.0.2.2 node2
`,

  edits: editsText,
  writes: ({ path }, seen) => fileAt(path, seen),
  probe: ({ path }) => textFile(path),

  plan: (params, seen) =>
    !wanted(params) && seen.stat === undefined ? { changes: [] } : planEdit(params, seen, text => edit(params, text)),

  apply: (change, _params, host) => applyEdit(change, host),

  value: (params, { stat, path }, applied) =>
    stat === undefined && !wanted(params) ? { msg: `File ${path} not present` } : editValue(applied),

  messages: fileMessages,
})

const wanted = ({ state, block }: Params): boolean => state === 'present' && block !== ''

const edit = (params: Params, text: string): Edited => {
  const mark = (name: string): string => `${params.marker.replaceAll('{mark}', name)}\n`
  const [begin, end] = [mark(params.marker_begin), mark(params.marker_end)]
  const { lines, at } = withoutBlock(params, linesOf(text), begin, end)
  const block = wanted(params) ? [begin, ...ended(linesOf(params.block)), end] : []
  const head = at === 0 ? [] : ended(lines.slice(0, at))
  const tail = lines.slice(at)
  const present = params.state === 'present'
  const above = present && params.prepend_newline && at > 0 && bare(head.at(-1) ?? '') !== '' ? ['\n'] : []
  const below = present && params.append_newline && tail.length > 0 && bare(tail[0] ?? '') !== '' ? ['\n'] : []
  const next = [...head, ...inserted(above, above.length, ...block), ...below, ...tail].join('')
  return { text: next, msg: next === text ? '' : block.length === 0 ? 'Block removed' : 'Block inserted' }
}

/** The lines without the block, and where a block belongs. */
const withoutBlock = (
  params: Params,
  lines: readonly string[],
  begin: string,
  end: string,
): { lines: readonly string[]; at: number } => {
  const first = lines.lastIndexOf(begin)
  const last = lines.findLastIndex(line => line === end || line === bare(end))
  if (first === -1 || last === -1) return { lines, at: insertionIndex(params, lines) }
  const [from, to] = [Math.min(first, last), Math.max(first, last)]
  return { lines: [...lines.slice(0, from), ...lines.slice(to + 1)], at: from }
}

/** The index at which a new block is put in: the end, unless a pattern matches. */
const insertionIndex = ({ insertafter, insertbefore }: Params, lines: readonly string[]): number => {
  if (insertbefore === 'BOF' || insertafter === 'BOF') return 0
  const asked = insertafter === 'EOF' || insertbefore === 'EOF' ? undefined : (insertafter ?? insertbefore)
  if (asked === undefined) return lines.length
  const at =
    asked.includes('(?m)') || /^\(\?[a-z]*m/.test(asked)
      ? lineOfMatch(asked, lines, insertafter !== undefined)
      : lastMatch(asked, lines)
  return at === -1 ? lines.length : insertafter === undefined ? at : at + 1
}

const lastMatch = (asked: string, lines: readonly string[]): number =>
  lineMatching(pythonRegex(asked, { ascii: true }), lines, 'last')

/** A pattern under `(?m)` may span lines: it is looked for in the whole text, and its last (or first) line counts. */
const lineOfMatch = (asked: string, lines: readonly string[], after: boolean): number => {
  const text = lines.join('')
  const match = firstMatch(pythonRegex(asked, { ascii: true }), text)
  if (match === null) return -1
  const upTo = text.slice(0, after ? match.index + match[0].length : match.index)
  return upTo.split('\n').length - 1
}
