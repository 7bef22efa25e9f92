import { NotObserved } from '../core/failure.js'
import type { Json } from '../core/json.js'
import type { Read } from '../core/module.js'
import { type ReadOptions, read, text } from '../core/read.js'
import { parseJsonText } from '../python/json-text.js'

/** Reads what a command prints as JSON. Other output is not observed. */
export const outputJson = (sh: string, options?: ReadOptions): Read<Json> =>
  read(
    sh,
    raw => {
      if (raw.rc !== 0) throw new NotObserved(raw)
      try {
        return parseJsonText(text(raw.stdout))
      } catch {
        throw new NotObserved(raw, 'the answer is not JSON')
      }
    },
    options,
  )
