import { stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { readLocal } from '../../config/files/local-file.js'
import { type Layer, rank } from '../../core/vars.js'
import type { Templates } from '../input.js'
import { dataLayer } from './scope.js'

/** The variables about a template file, as in Ansible. Any other layer may set `ansible_managed`. */
export const templateLayers = async (
  templates: Templates,
  path: string,
  { src, dest }: { readonly src: string; readonly dest: string },
): Promise<readonly Layer[]> => {
  const { mtimeMs, uid } = await stat(path)
  return [
    dataLayer(rank.connection, 'what templates are marked with', [['ansible_managed', 'Ansible managed']]),
    dataLayer(rank.magic, 'the template', [
      ['template_host', hostname()],
      ['template_path', src],
      ['template_fullpath', path],
      ['template_destpath', dest],
      ['template_uid', userOf(uid)],
      ['template_mtime', templates.moment(mtimeMs)],
      // The start of the run: with the current time the file would differ each time it is rendered.
      ['template_run_date', templates.moment()],
    ]),
  ]
}

/** The user's name, or the uid where it has none or /etc/passwd is missing. */
const userOf = (uid: number): string | number => {
  try {
    const known = new RegExp(`^([^:\\n]*):[^:\\n]*:${uid}:`, 'm').exec(readLocal('/etc/passwd').toString())
    return known?.[1] ?? uid
  } catch {
    return uid
  }
}
