import t from 'tap'
import { mounts } from '../../../support/host-model/families/mounts.js'
import { holdFor } from '../../../support/host-model/laws.js'

await holdFor(t, mounts)
