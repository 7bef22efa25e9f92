import t from 'tap'
import { kubernetes } from '../../../support/host-model/families/kubernetes.js'
import { holdFor } from '../../../support/host-model/laws.js'

await holdFor(t, kubernetes)
