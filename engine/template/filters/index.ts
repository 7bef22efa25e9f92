import type { FilterTable } from '../contract.js'
import { addresses } from './addresses.js'
import { basics } from './basics.js'
import { combinatorics } from './combinatorics.js'
import { comments } from './comment.js'
import { dicts } from './dicts.js'
import { encoding } from './encoding.js'
import { json } from './json.js'
import { lists } from './lists.js'
import { numbers } from './numbers.js'
import { passwords } from './password.js'
import { paths } from './paths.js'
import { regex } from './regex.js'
import { selection } from './select.js'
import { sets } from './sets.js'
import { strings } from './strings.js'
import { time } from './time.js'
import { yaml } from './yaml.js'

/** All filters, by Ansible's short names. */
export const filters: FilterTable = {
  ...basics,
  ...strings,
  ...lists,
  ...selection,
  ...dicts,
  ...sets,
  ...combinatorics,
  ...numbers,
  ...json,
  ...yaml,
  ...encoding,
  ...passwords,
  ...paths,
  ...regex,
  ...time,
  ...comments,
  ...addresses,
}
