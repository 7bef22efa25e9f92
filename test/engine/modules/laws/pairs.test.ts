import t from 'tap'
import { pairs } from '../../../support/host-model/families/files.js'
import { holdFor } from '../../../support/host-model/laws.js'

await holdFor(t, pairs)
