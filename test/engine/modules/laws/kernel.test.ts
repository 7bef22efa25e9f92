import t from 'tap'
import { kernel } from '../../../support/host-model/families/kernel.js'
import { holdFor } from '../../../support/host-model/laws.js'

await holdFor(t, kernel)
