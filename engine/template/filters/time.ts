import { asValue, OperationError } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { truth } from '../values/compare.js'
import { asText, toFloat } from '../values/convert.js'
import { DateTime, parseDateTime } from '../values/datetime.js'

export const time: FilterTable = {
  to_datetime: filter('format="%Y-%m-%d %H:%M:%S"', (value, [format = '']) =>
    asValue(parseDateTime(asText(value, 'what to_datetime reads'), asText(format, 'format'))),
  ),
  strftime: filter('second=null utc=false', (value, [second = null, utc = false], { env, budget }) => {
    const seconds = second === null ? env.now() / 1000 : toFloat(second)
    if (seconds === undefined) throw new OperationError(`'${text(second)}' is not a number of seconds`)
    return DateTime.now(Math.floor(seconds) * 1000, truth(utc) === true).format(asText(value, 'the format'), budget)
  }),
}
