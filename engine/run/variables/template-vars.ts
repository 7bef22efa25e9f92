import { stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { readLocal } from '../../config/files/local-file.js'
import { type Layer, rank } from '../../core/vars.js'
import type { Templates } from '../input.js'
import { dataLayer } from './scope.js'

/** What a template file sees of itself, as in Ansible; `ansible_managed` is whatever else sets it. */
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
      // The same in each pass: or the file would differ from one look to the next.
      ['template_run_date', templates.moment()],
    ]),
  ]
}

/** The number, where there is no name for it or no such file. */
const userOf = (uid: number): string | number => {
  try {
    const known = new RegExp(`^([^:\\n]*):[^:\\n]*:${uid}:`, 'm').exec(readLocal('/etc/passwd').toString())
    return known?.[1] ?? uid
  } catch {
    return uid
  }
}
