import { posix } from 'node:path'
import type { Json } from '../../core/json.js'
import { type All, all, type Controller, defineModule } from '../../core/module.js'
import { pythonJson } from '../../python/json-dump.js'
import { sha1 } from '../support/checksum.js'
import {
  applyHostCopy,
  type HostCopyChange,
  type HostCopySeen,
  planHostCopy,
  probeHostCopy,
} from '../support/copy-on-host.js'
import { fileMessages } from '../support/edit.js'
import { fileBody } from '../support/file-body.js'
import type { FileSeen } from '../support/file-seen.js'
import { mergeResults } from '../support/merge-results.js'
import { field } from '../support/message-data.js'
import { octal } from '../support/path.js'
import {
  applyFileChange,
  type Brought,
  type FileChange,
  type FileParams,
  fileValue,
  planFile,
  probeFile,
} from '../support/put-file.js'
import * as schema from '../support/schema.js'
import { fileAt, treeAt } from '../support/writes.js'
import { applyTree, planTree, probeTree, readTree, type TreeChange, type TreeEntry, type TreeSeen } from './tree.js'

interface Params extends FileParams {
  readonly src?: string
  readonly content?: Json
  readonly remote_src: boolean
  readonly local_follow: boolean
  readonly checksum?: string
  /** By `prepare`: one file, or a tree. */
  readonly brought?: Brought
  readonly tree?: readonly TreeEntry[]
}

/** One of the three, by where it comes from. */
interface Seen {
  readonly file?: FileSeen
  readonly tree?: TreeSeen
  readonly onHost?: HostCopySeen
}

type Copy = FileChange | TreeChange | HostCopyChange

/** Files from the controller, or from elsewhere on the host. Semantics: Ansible's `copy`. */
export const copy = defineModule<Params, Seen, Copy>({
  name: 'copy',
  kind: 'state',
  verify: 'strict',
  doc: `Copies a file, a folder or a text to the host.

\`src\` is looked for beside the role, then beside the playbook, in \`files/\` and without it. A folder is copied with all that is in it;
with a slash at its end only what is in it. Files that are already the same are not sent.`,
  params: schema.object(
    {
      src: schema.str('A file or folder on the controller; with `remote_src` on the host.', { minLength: 1 }),
      content: {
        description: 'The text itself, instead of `src`. Lists and dicts are written as JSON.',
        type: ['string', 'number', 'boolean', 'array', 'object'],
      },
      dest: schema.pathOrFolder('Where it goes. With a slash at its end it is a folder, made if need be.', {
        aliases: ['path'],
      }),
      ...schema.attributes,
      mode: schema.mode('Permissions: octal, symbolic, or `preserve` for those of the source.'),
      directory_mode: schema.mode('Permissions of folders that are copied or made.'),
      backup: schema.backup,
      force: schema.bool('Replace a file that is there and differs.', true),
      follow: schema.bool('Where `dest` is a symbolic link, write the file that it leads to.', false),
      local_follow: schema.bool(
        'Bring what the links in a folder lead to, and not the links; one that leads nowhere stays a link.',
        true,
      ),
      remote_src: schema.bool('Copy from the host itself.', false),
      checksum: schema.str('SHA-1 that the source must have.', { pattern: '^[0-9a-fA-F]{40}$' }),
      validate: schema.validate,
      unsafe_writes: schema.unsafeWrites,
      decrypt: schema.inert('vault files are not read, and are copied as they are'),
      flat: schema.inert('it is a parameter of `fetch`'),
    },
    ['dest'],
    { oneOf: [{ required: ['src'] }, { required: ['content'] }] },
  ),
  examples: `
- name: A banner
  copy:
    content: |
      This machine is managed.
    dest: /etc/motd

- name: Sudo rules, checked before they count
  copy:
    src: sudoers-ops
    dest: /etc/sudoers.d/ops
    mode: '0440'
    validate: /usr/sbin/visudo -cf %s

- name: kubectl for root
  copy:
    src: /etc/kubernetes/admin.conf
    dest: /root/.kube/config
    remote_src: true
    mode: '0600'
`,

  async prepare(params, controller) {
    if (params.content !== undefined) return { ...params, brought: { body: { text: contentText(params.content) } } }
    return params.remote_src || params.src === undefined
      ? params
      : { ...params, ...(await bring(params.src, params.local_follow, controller)) }
  },

  writes({ dest, tree }, seen) {
    if (tree !== undefined) return tree.map(({ path }) => posix.join(seen?.tree?.path ?? dest, path))
    if (seen?.onHost?.src.stat?.kind === 'directory') return fileAt(dest, seen.onHost.dest).map(treeAt)
    return fileAt(dest, seen?.file ?? seen?.onHost?.dest)
  },
  probe: (params): All<Seen> => all<Seen>(probeOf(params)),

  plan(params, seen) {
    if (params.checksum !== undefined) {
      const actual = sourceChecksum(params)
      if (actual !== undefined && actual !== params.checksum.toLowerCase()) {
        return { refused: 'checksum', data: { expected: params.checksum, actual } }
      }
    }
    if (seen.onHost !== undefined) return planHostCopy({ ...params, src: params.src ?? '' }, seen.onHost)
    if (seen.tree !== undefined) return planTree(params, params.tree ?? [], seen.tree)
    return seen.file === undefined ? { changes: [] } : planFile(params, brought(params), seen.file)
  },

  apply(change, params, host) {
    if (params.remote_src && params.content === undefined) return applyHostCopy(change as HostCopyChange, host)
    if (params.tree !== undefined) return applyTree(change as TreeChange, params.tree, host)
    return applyFileChange(change as FileChange, brought(params).body, host)
  },

  value(params, seen, applied) {
    const src = params.src === undefined ? {} : { src: params.src }
    if (seen.file !== undefined) return { ...src, ...fileValue(params, brought(params), seen.file, applied) }
    const stat = seen.onHost?.src.stat
    return {
      ...src,
      dest: params.dest,
      ...(stat === undefined ? {} : { mode: octal(stat.mode), size: stat.size }),
      ...mergeResults(applied),
    }
  },

  messages: {
    codes: {
      ...fileMessages.codes,
      'into-itself': data => ({
        what: `${field(data, 'dest')} is below ${field(data, 'src')}: a folder cannot be copied into itself`,
        remedy: 'name a destination outside of the folder',
      }),
      checksum: data => ({
        what: `the source's SHA-1 is ${field(data, 'actual')}, not ${field(data, 'expected')}`,
        remedy: 'find out which of the two is right before copying it anywhere',
      }),
    },
  },
})

const contentText = (content: Json): string => (typeof content === 'string' ? content : pythonJson(content))

const bring = async (
  src: string,
  follow: boolean,
  controller: Controller,
): Promise<Pick<Params, 'brought' | 'tree'>> => {
  const path = await controller.find('files', src)
  const { kind, mode } = await controller.stat(path)
  const name = posix.basename(path)
  if (kind === 'file') return { brought: { body: fileBody(await controller.read(path)), basename: name, mode } }
  if (src.endsWith('/')) return { tree: await readTree(controller, path, follow) }
  const target = follow ? undefined : await controller.link(path)
  if (target !== undefined) return { tree: [{ kind: 'link', path: name, mode, target }] }
  const entries = await readTree(controller, path, follow)
  return { tree: [{ kind: 'directory', path: name, mode }, ...entries.map(entry => below(name, entry))] }
}

const below = (name: string, entry: TreeEntry): TreeEntry => ({ ...entry, path: posix.join(name, entry.path) })

const probeOf = (params: Params): Parameters<typeof all<Seen>>[0] => {
  if (params.content === undefined && params.remote_src) return { onHost: probeHostCopy(params.src ?? '', params.dest) }
  if (params.tree !== undefined) return { tree: probeTree(params.dest, params.tree) }
  return { file: probeFile(params, brought(params)) }
}

const sourceChecksum = ({ brought: source }: Params): string | undefined =>
  source === undefined
    ? undefined
    : sha1('text' in source.body ? source.body.text : Buffer.from(source.body.base64, 'base64'))

const brought = (params: Params): Brought => {
  if (params.brought === undefined) throw new TypeError('copy was not prepared')
  return params.brought
}
