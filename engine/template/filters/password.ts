import { randomInt } from 'node:crypto'
import type { Value } from '../../core/value.js'
import { OperationError } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { asInt } from '../values/convert.js'
import { Memo } from './memo.js'
import { shaCrypt } from './sha-crypt.js'

const saltCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./'

const newSalt = (length: number): string =>
  Array.from({ length }, () => saltCharacters.charAt(randomInt(saltCharacters.length))).join('')

/** The default rounds of passlib, which Ansible uses. */
const usualRounds = { sha256: 535_000, sha512: 656_000 } as const

/** A hash takes most of a second, and an expression is evaluated again for each probe. */
const hashes = new Memo<string>(500)

const hashPassword = filter(
  'hashtype="sha512" salt=null salt_size=null rounds=null ident=null',
  (value, [type = 'sha512', salt = null, size = null, rounds = null]) => {
    const name = text(type).replace(/_crypt$/, '')
    if (name !== 'sha512' && name !== 'sha256') {
      throw new OperationError(`password_hash('${text(type)}') is not offered`, 'type', "use 'sha512' or 'sha256'")
    }
    const given: Value = salt === null ? newSalt(size === null ? 16 : asInt(size, 'salt_size')) : salt
    const used = text(given)
    if (!/^[./0-9A-Za-z]{0,16}$/.test(used))
      throw new OperationError('a salt is up to 16 letters, digits, dots and slashes')
    const count = rounds === null ? usualRounds[name] : asInt(rounds, 'rounds')
    if (count < 1_000 || count > 999_999) throw new OperationError('rounds are from 1 000 to 999 999')
    const password = text(value)
    return hashes.of([name, password, used, count], () => shaCrypt(name, password, used, count))
  },
)

export const passwords: FilterTable = { password_hash: hashPassword }
