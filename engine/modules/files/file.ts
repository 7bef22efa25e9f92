import { posix } from 'node:path'
import { defineModule, type Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { foldersScript, hardLinkScript, linkScript, removeScript, touchScript } from '../../shell/safe-change.js'
import { type AttributeBits, applyAttributes, modeBits } from '../support/attributes.js'
import { field } from '../support/message-data.js'
import { barredMessage, octal } from '../support/path.js'
import * as schema from '../support/schema.js'
import { fileAt, treeAt } from '../support/writes.js'
import { type FileChange, type FileParams, planPath, stateOf } from './file-plan.js'
import { type PathFacts, probePath } from './file-probe.js'

/** Folders, links, permissions, and what must not be there. Semantics: Ansible's `file`. */
export const file = defineModule<FileParams, PathFacts, FileChange>({
  name: 'file',
  kind: 'state',
  // Times are set each time, as is wanted; whatever else remains is told.
  verify: (params, seen) => {
    const setsTimes = params.state === 'touch' || params.modification_time === 'now' || params.access_time === 'now'
    if (!setsTimes) return 'strict'
    const plan = planPath(params, seen)
    return 'changes' in plan && plan.changes.every(({ kind }) => kind === 'touch') ? 'passing' : 'lenient'
  },
  doc: `Makes folders and links, sets permissions, and removes.

\`file\` only sets attributes: it makes nothing. \`touch\` makes an empty file, and sets the times of one that is there, so it is changed
each time unless both times say \`preserve\`.`,
  params: schema.object(
    {
      path: schema.path('The path.', { aliases: ['dest', 'name'] }),
      state: schema.oneOf('What is to be there. Unless told: what is there, else a file.', [
        'absent',
        'directory',
        'file',
        'hard',
        'link',
        'touch',
      ]),
      src: schema.str(
        'What a link leads to, as it stands there. A relative one counts from the folder that the link is in.',
        {
          minLength: 1,
        },
      ),
      ...schema.attributes,
      unsafe_writes: schema.inert('attributes are set in place anyway'),
      recurse: schema.bool('Give everything below a folder the same attributes.', false),
      force: schema.bool('Make a link to what is not there yet, or in the place of a file or an empty folder.', false),
      follow: schema.bool('A link stands for what it leads to.', true),
      modification_time: schema.oneOf('Keep the time of the last change, or set it.', ['preserve', 'now']),
      access_time: schema.oneOf('Keep the time of the last access, or set it.', ['preserve', 'now']),
    },
    ['path'],
    {
      allOf: [
        schema.whenever('recurse', [true], {
          not: { required: ['state'], properties: { state: { not: { const: 'directory' } } } },
        }),
        schema.whenever('state', ['hard'], schema.needsOne('src')),
      ],
    },
  ),
  examples: `
- name: A folder for keys
  file:
    path: /etc/apt/keyrings
    state: directory
    mode: '0755'

- name: No swap file
  file:
    path: /swapfile
    state: absent

- name: One name for all versions
  file:
    path: /usr/local/bin/kubectl
    src: /opt/kubernetes/1.34/kubectl
    state: link
`,

  // A folder that is made has nothing beneath it; what goes, and a link, take all beneath along.
  writes(params, seen) {
    const { path, state, recurse } = params
    const at = [...fileAt(path, seen), ...(seen?.real === undefined ? [] : [seen.real])]
    return [...(state === 'absent' || state === 'link' || recurse ? at.map(treeAt) : at), ...behind(params)]
  },
  clears: ({ state }) => state === 'absent',
  probe: ({ path, src, recurse }) => probePath({ path, recurse, ...omitUndefined({ src }) }),
  plan: planPath,

  async apply(change, _params, host) {
    switch (change.kind) {
      case 'remove':
        return void (await host.shell(removeScript(change.path, change.folder), { shown: `remove ${change.path}` }))
      case 'mkdir':
        return makeFolders(change, host)
      case 'link':
        await makeLink(change, host)
        return behindLink(change, host)
      case 'touch':
        await touch(change, host)
        return applyAttributes(host, change)
      case 'attributes':
        return applyAttributes(host, change)
    }
  },

  value(params, seen) {
    const state = stateOf(params, seen)
    const stat = params.follow ? (seen.stat ?? seen.own) : seen.own
    const bits = params.mode === undefined ? stat?.mode : modeBits(params.mode, stat?.mode, state === 'directory')
    if (state === 'absent') return { path: seen.path, state }
    return {
      ...(state === 'link' || state === 'hard' || state === 'touch' ? { dest: seen.path } : { path: seen.path }),
      state: state === 'touch' ? 'file' : state,
      ...omitUndefined({ src: params.src, mode: bits === undefined ? undefined : octal(bits), size: stat?.size }),
      ...omitUndefined({
        owner: params.owner ?? stat?.owner,
        group: params.group ?? stat?.group,
        uid: stat?.uid,
        gid: stat?.gid,
      }),
    }
  },

  messages: {
    codes: {
      ...barredMessage,
      'other-kind': data => ({
        what: `${field(data, 'path')} is a ${field(data, 'is')}, not a ${field(data, 'wanted')}`,
        remedy: 'remove it first with state: absent, or name another path',
      }),
      'in-the-way': data => ({
        what: `there is a ${field(data, 'is')} at ${field(data, 'path')}`,
        remedy: 'force: true replaces a file or an empty directory',
      }),
      'not-empty': data => ({
        what: `the directory ${field(data, 'path')} is not empty`,
        remedy: 'remove it first with state: absent',
      }),
      'to-itself': data => ({
        what: `a link at ${field(data, 'path')} cannot lead to itself`,
        remedy: 'give another src',
      }),
      'no-src': data => ({ what: `nothing says what ${field(data, 'path')} is to lead to`, remedy: 'give src' }),
      dangling: data => ({
        what: `${field(data, 'path')} is a link to ${field(data, 'target')}, where nothing is`,
        remedy: 'make what it leads to, or remove the link',
      }),
    },
  },
})

/** Folders that had to be made on the way get the same attributes, as Ansible does it. */
const makeFolders = async (
  { path, mode, owner, group }: { readonly path: string } & AttributeBits,
  host: Session,
): Promise<void> => {
  await host.shell(foldersScript(path, omitUndefined({ mode, owner, group })), { shown: `make the folder ${path}` })
}

const touch = async ({ path, via, times }: FileChange & { kind: 'touch' }, host: Session): Promise<void> => {
  const flags = times.map(time => (time === 'access' ? '-a' : '-m'))
  await host.shell(touchScript(via ?? path, flags, via !== undefined), { shown: `touch ${path}` })
}

/** Made out of others' reach and moved to its place, so that the name is never missing. */
const makeLink = async ({ path, src, hard, instead }: FileChange & { kind: 'link' }, host: Session): Promise<void> => {
  const shown = `make the link ${path}`
  const script = hard ? hardLinkScript(path, besides(path, src), instead) : linkScript(path, src, instead)
  await host.shell(script, { shown })
}

/** What a new link leads to gets the attributes, by the name that the play gives it; a hard link is the file itself. */
const behindLink = (
  { path, src, hard, own, owner, group, mode }: FileChange & { kind: 'link' },
  host: Session,
): Promise<void> => {
  if (own === true && !hard) return applyAttributes(host, { path, ...omitUndefined({ owner, group }) })
  const target = besides(path, src)
  return applyAttributes(host, { path: target, via: target, ...omitUndefined({ owner, group, mode }) })
}

/** What else gets the attributes that a link is given. */
const behind = ({ path, state, src, follow, mode, owner, group }: FileParams): readonly string[] =>
  ((state === 'link' && follow) || state === 'hard') && src !== undefined && (mode ?? owner ?? group) !== undefined
    ? [besides(path, src)]
    : []

const besides = (path: string, src: string): string => posix.resolve(posix.dirname(path), src)
