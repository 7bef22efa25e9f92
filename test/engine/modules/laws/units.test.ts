import t from 'tap'
import { units } from '../../../support/host-model/families/units.js'
import { holdFor } from '../../../support/host-model/laws.js'

await holdFor(t, units)
