import t from 'tap'
import { packages } from '../../../support/host-model/families/packages.js'
import { holdFor } from '../../../support/host-model/laws.js'

await holdFor(t, packages)
