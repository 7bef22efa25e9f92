import type { Missing } from '../../core/module.js'
import { treeAt } from './writes.js'

/** A file that an earlier step must bring. */
export const needsFile = (path: string): Missing => ({ needs: `file ${path}`, at: [path] })

/** A folder that an earlier step must make, be it for something beneath. */
export const needsFolder = (path: string): Missing => ({ needs: `directory ${path}`, at: [treeAt(path)] })
