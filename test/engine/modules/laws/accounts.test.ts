import t from 'tap'
import { accounts } from '../../../support/host-model/families/accounts.js'
import { holdFor } from '../../../support/host-model/laws.js'

await holdFor(t, accounts)
