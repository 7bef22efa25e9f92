import { posix } from 'node:path'
import { defineModule } from '../../core/module.js'
import { fileMessages } from '../support/edit.js'
import type { FileSeen } from '../support/file-seen.js'
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
import { fileAt } from '../support/writes.js'

interface Params extends FileParams {
  readonly src: string
  readonly trim_blocks: boolean
  readonly lstrip_blocks: boolean
  readonly newline_sequence: '\n' | '\r' | '\r\n' | '\\n' | '\\r' | '\\r\\n'
  /** By `prepare`: the rendered file. */
  readonly brought?: Brought
}

/** A file made of a Jinja template. Semantics: Ansible's `template`. */
export const template = defineModule<Params, FileSeen, FileChange>({
  name: 'template',
  kind: 'state',
  verify: 'strict',
  doc: `Puts a rendered Jinja template on the host.

The template is looked for beside the role, then beside the playbook, in \`templates/\` and without it. It sees \`ansible_managed\`
(«Ansible managed» unless a variable of that name is set), \`template_path\`, \`template_fullpath\`, \`template_destpath\`, \`template_host\`,
\`template_uid\`, \`template_mtime\` and \`template_run_date\`, which is the moment at which the run began.`,
  params: schema.object(
    {
      src: schema.str('The template on the controller.', { examples: ['kubeadm.yaml.j2'] }),
      dest: schema.pathOrFolder("Where it goes; a folder gets a file of the template's name.", { aliases: ['path'] }),
      ...schema.attributes,
      mode: schema.mode('Permissions: octal, symbolic, or `preserve` for those of the template.'),
      backup: schema.backup,
      force: schema.bool('Replace a file that is there and differs.', true),
      follow: schema.bool('Where `dest` is a symbolic link, write the file that it leads to.', false),
      validate: schema.validate,
      unsafe_writes: schema.unsafeWrites,
      trim_blocks: schema.bool('Take away the newline after a block tag.', true),
      lstrip_blocks: schema.bool('Take away the blanks before a block tag.', false),
      newline_sequence: schema.oneOf('What ends a line.', ['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n'], '\n'),
    },
    ['src', 'dest'],
  ),
  examples: `
- name: The cluster's configuration
  template:
    src: kubeadm.yaml.j2
    dest: /etc/kubernetes/kubeadm.yaml
    mode: '0600'
`,

  async prepare(params, controller) {
    const path = await controller.find('templates', params.src)
    const text = await controller.template(path, {
      src: params.src,
      dest: params.dest,
      trimBlocks: params.trim_blocks,
      lstripBlocks: params.lstrip_blocks,
      newline: params.newline_sequence.replaceAll('\\n', '\n').replaceAll('\\r', '\r'),
    })
    const { mode } = await controller.stat(path)
    return { ...params, brought: { body: { text }, basename: posix.basename(path), mode } }
  },

  writes: ({ dest }, seen) => fileAt(dest, seen),
  probe: params => probeFile(params, brought(params)),
  plan: (params, seen) => planFile(params, brought(params), seen),
  apply: (change, params, host) => applyFileChange(change, brought(params).body, host),
  value: (params, seen, applied) => ({ src: params.src, ...fileValue(params, brought(params), seen, applied) }),
  messages: fileMessages,
})

const brought = (params: Params): Brought => {
  if (params.brought === undefined) throw new TypeError('template was not prepared')
  return params.brought
}
