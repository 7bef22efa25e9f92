import type { TestTable } from '../contract.js'
import { addressTests } from './addresses.js'
import { comparisons } from './comparisons.js'
import { files } from './files.js'
import { regexes } from './regexes.js'
import { results } from './results.js'
import { types } from './types.js'
import { versions } from './version.js'

/** All tests, by Jinja2's and Ansible's short names. */
export const tests: TestTable = {
  ...types,
  ...comparisons,
  ...results,
  ...regexes,
  ...versions,
  ...files,
  ...addressTests,
}
