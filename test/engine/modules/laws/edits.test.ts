import t from 'tap'
import { edits } from '../../../support/host-model/families/edits.js'
import { holdFor } from '../../../support/host-model/laws.js'

await holdFor(t, edits)
