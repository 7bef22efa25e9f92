import { defineModule } from '../../core/module.js'
import { bounded } from '../../python/bounded-regex.js'
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
import { firstMatch } from '../support/lines.js'
import * as schema from '../support/schema.js'
import { fileAt } from '../support/writes.js'

interface Params extends EditParams {
  readonly regexp: string
  readonly replace: string
  readonly after?: string
  readonly before?: string
}

/** Replaces all matches in a text file. Semantics: Ansible's `replace`; the pattern is Python's, with MULTILINE. */
export const replace = defineModule<Params, FileSeen, Edit>({
  name: 'replace',
  kind: 'state',
  verify: 'lenient',
  doc: `Replaces every match of a pattern in a text file.

\`^\` and \`$\` match at every line. A pattern that matches its own replacement changes the file each time: such a step is reported as
changed, not idempotent.`,
  params: schema.object(
    {
      path: schema.path('The file.', { aliases: ['dest', 'destfile', 'name'] }),
      regexp: schema.str('What to replace.', { examples: ['^(\\S+\\s+swap\\s.*)$'] }),
      replace: schema.str('What to put in its place; `\\1` is a group. Empty: the match is removed.', { default: '' }),
      after: schema.str('Only what follows a match of this pattern.'),
      before: schema.str('Only what stands before a match of this pattern.'),
      backup: schema.backup,
      validate: schema.validate,
      unsafe_writes: schema.unsafeWrites,
      ...schema.attributes,
    },
    ['path', 'regexp'],
  ),
  examples: `
- name: No swap after a reboot
  replace:
    path: /etc/fstab
    regexp: '^([^#\\n]\\S*\\s+\\S+\\s+swap\\s.*)$'
    replace: '# \\1'
`,

  edits: editsText,
  writes: ({ path }, seen) => fileAt(path, seen),
  probe: ({ path }) => textFile(path),

  plan: (params, seen) => planEdit(params, seen, text => edit(params, text)),

  apply: (change, _params, host) => applyEdit(change, host),

  value: (_params, _seen, applied) => editValue(applied),

  messages: fileMessages,
})

const edit = (params: Params, text: string): Edited => {
  const section = sectionOf(params, text)
  if (section === undefined) {
    return { text, msg: 'Pattern for before/after params did not match the given file' }
  }
  const [from, to] = section
  const pattern = pythonRegex(params.regexp, { multiline: true })
  let count = 0
  const before = text.slice(from, to)
  const next = bounded(pattern, [before], () =>
    before.replace(pattern, (...args) => {
      count++
      return expandReplacement(params.replace, matchOf(args))
    }),
  )
  const all = text.slice(0, from) + next + text.slice(to)
  return all === text ? { text, msg: '' } : { text: all, msg: `${count} replacements made` }
}

/** The arguments of a replace callback as the match that they describe. */
const matchOf = (args: readonly unknown[]): RegExpMatchArray => {
  const named = args.at(-1)
  const groups = typeof named === 'object' && named !== null ? (named as Record<string, string>) : undefined
  const match = args.slice(0, groups === undefined ? -2 : -3) as string[]
  return Object.assign(match, groups === undefined ? {} : { groups }) as RegExpMatchArray
}

/** Where they let it look: offsets; undefined where they do not match. `before` alone reaches to its last match, as Ansible has it. */
const sectionOf = ({ after, before }: Params, text: string): readonly [number, number] | undefined => {
  if (!after && !before) return [0, text.length]
  const plain = pythonRegex(`${after ?? ''}(?P<subsection>.*${after && before ? '?' : ''})${before ?? ''}`, {
    dotAll: true,
  })
  const match = firstMatch(new RegExp(plain.source, `${plain.flags}d`), text)
  return match?.indices?.groups?.['subsection']
}
