import { Callable, float, type Meter, type Value } from '../../core/value.js'
import { asValue, Opaque, OperationError, Tuple } from '../../python/kinds.js'
import { strftime } from '../../python/strftime.js'
import { asText } from './convert.js'
import { withinTimeLimit } from './patterns.js'

/** Charged for each directive, as members visited: `%c` alone stands for seven others. */
const stepsEach = 64
/** Charged for each directive, as bytes: the text of the longest one (`%c`), and the piece of the result that holds it meanwhile. */
const longest = 64

/** A point in time as Python's datetime: fields without, or with, an offset. */
export class DateTime extends Opaque {
  readonly typeName = 'datetime'

  /**
   * @param ms the fields read as UTC, in ms since the epoch
   * @param offset minutes east of UTC; undefined where it is not said
   */
  constructor(
    readonly ms: number,
    readonly micros: number,
    readonly offset: number | undefined,
  ) {
    super()
  }

  /** @param at ms since the epoch */
  static now(at: number, utc: boolean): DateTime {
    const shift = utc ? 0 : -new Date(at).getTimezoneOffset()
    return new DateTime(
      Math.floor(at / 1000) * 1000 + shift * 60_000,
      Math.floor((at % 1000) * 1000),
      utc ? 0 : undefined,
    )
  }

  format(format: string, meter: Meter): string {
    const directives = format.split('%').length - 1
    meter.visit(stepsEach * directives)
    meter.grow(format.length + longest * directives)
    return strftime(format, this.ms, this.offset ?? 0, this.micros, this.offset !== undefined)
  }

  /** ms since the epoch; fields without an offset are local time. */
  get epoch(): number {
    const fields = new Date(this.ms)
    if (this.offset !== undefined) return this.ms - this.offset * 60_000
    const [y, mo, d] = [fields.getUTCFullYear(), fields.getUTCMonth(), fields.getUTCDate()]
    return new Date(y, mo, d, fields.getUTCHours(), fields.getUTCMinutes(), fields.getUTCSeconds()).getTime()
  }

  attribute(name: string): Value | undefined {
    const at = new Date(this.ms)
    switch (name) {
      case 'year':
        return at.getUTCFullYear()
      case 'month':
        return at.getUTCMonth() + 1
      case 'day':
        return at.getUTCDate()
      case 'hour':
        return at.getUTCHours()
      case 'minute':
        return at.getUTCMinutes()
      case 'second':
        return at.getUTCSeconds()
      case 'microsecond':
        return this.micros
      case 'strftime':
        return new Callable(name, ([format = ''], _, meter) => this.format(asText(format, 'the format'), meter))
      case 'isoformat':
        return new Callable(name, ([separator = 'T']) => this.iso(asText(separator, 'the separator')))
      case 'timestamp':
        return new Callable(name, () => float(this.epoch / 1000 + this.micros / 1e6))
      case 'weekday':
        return new Callable(name, () => (at.getUTCDay() + 6) % 7)
      case 'isoweekday':
        return new Callable(name, () => at.getUTCDay() || 7)
      case 'date':
      case 'toordinal':
        return new Callable(name, () =>
          name === 'date' ? this.iso(' ').slice(0, 10) : Math.floor(this.ms / 86_400_000) + 719_163,
        )
      case 'timetuple':
        return new Callable(name, () => Tuple.of2(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()))
      default:
        return undefined
    }
  }

  iso(separator: string): string {
    const seconds = new Date(this.ms).toISOString().slice(0, 19).replace('T', separator)
    const fraction = this.micros === 0 ? '' : `.${String(this.micros).padStart(6, '0')}`
    return seconds + fraction + (this.offset === undefined ? '' : strftime('%:z', this.ms, this.offset, 0, true))
  }

  text(): string {
    return this.iso(' ')
  }

  order(other: Value): number | undefined {
    const that = other as unknown
    return that instanceof DateTime ? this.epoch + this.micros / 1000 - that.epoch - that.micros / 1000 : undefined
  }

  binary(op: string, other: Value): Value | undefined {
    const that = other as unknown
    const micros = this.ms * 1000 + this.micros
    if (op === '-' && that instanceof DateTime) {
      const shift = ((this.offset ?? 0) - (that.offset ?? 0)) * 60_000_000
      return asValue(new TimeDelta(micros - that.ms * 1000 - that.micros - shift))
    }
    if (!(that instanceof TimeDelta) || (op !== '-' && op !== '+')) return undefined
    const sum = op === '+' ? micros + that.micros : micros - that.micros
    return asValue(new DateTime(Math.floor(sum / 1_000_000) * 1000, modulo(sum, 1_000_000), this.offset))
  }
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by

const DAY = 86_400_000_000

/** A duration, as Python's timedelta. */
export class TimeDelta extends Opaque {
  readonly typeName = 'timedelta'
  constructor(readonly micros: number) {
    super()
  }
  attribute(name: string): Value | undefined {
    switch (name) {
      case 'days':
        return Math.floor(this.micros / DAY)
      case 'seconds':
        return Math.floor(modulo(this.micros, DAY) / 1e6)
      case 'microseconds':
        return modulo(this.micros, 1e6)
      case 'total_seconds':
        return new Callable(name, () => float(this.micros / 1e6))
      default:
        return undefined
    }
  }
  text(): string {
    const days = Math.floor(this.micros / DAY)
    const rest = modulo(this.micros, DAY)
    const [seconds, fraction] = [Math.floor(rest / 1e6), rest % 1e6]
    const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
    const shownDays = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `
    return `${shownDays}${clock}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}`
  }
  order(other: Value): number | undefined {
    const that = other as unknown
    return that instanceof TimeDelta ? this.micros - that.micros : undefined
  }
  binary(op: string, other: Value): Value | undefined {
    const that = other as unknown
    if (!(that instanceof TimeDelta)) return undefined
    if (op === '+') return asValue(new TimeDelta(this.micros + that.micros))
    if (op === '-') return asValue(new TimeDelta(this.micros - that.micros))
    return undefined
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

const directives: { readonly [letter: string]: string } = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  I: '(?<I>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  y: '(?<y>\\d{2})',
  f: '(?<f>\\d{1,6})',
  j: '(?<j>\\d{1,3})',
  p: '(?<p>[AaPp][Mm])',
  b: '(?<b>[A-Za-z]{3})',
  B: '(?<B>[A-Za-z]+)',
  a: '[A-Za-z]{3}',
  A: '[A-Za-z]+',
  z: '(?<z>Z|[-+]\\d\\d:?\\d\\d)',
  Z: '(?:UTC|GMT)?',
  '%': '%',
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Python's strptime for the directives above. @throws OperationError */
export const parseDateTime = (written: string, format: string): DateTime => {
  const pattern = format.replace(/%([\s\S])|\s+|[.*+?^${}()|[\]\\]/g, (whole, letter?: string) => {
    if (letter === undefined) return /^\s/.test(whole) ? '\\s+' : `\\${whole}`
    const known = directives[letter === 'T' ? '%' : letter]
    if (letter === 'T') return '(?<H>\\d{1,2}):(?<M>\\d{1,2}):(?<S>\\d{1,2})'
    if (known === undefined) throw new OperationError(`to_datetime does not know the directive %${letter}`)
    return known
  })
  const names: readonly string[] = pattern.match(/(?<=\(\?<)[A-Za-z]/g) ?? []
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new OperationError(`to_datetime reads %${twice} only once`)
  const regex = new RegExp(`^${pattern}$`)
  const found = withinTimeLimit(regex, [written], () => regex.exec(written))?.groups
  if (found === undefined)
    throw new OperationError(`time data ${JSON.stringify(written)} does not match the format '${format}'`)
  const n = (name: string, fallback: number): number => (found[name] === undefined ? fallback : Number(found[name]))
  const century = found['y'] === undefined ? 1900 : n('y', 0) < 69 ? 2000 + n('y', 0) : 1900 + n('y', 0)
  const named = (found['b'] ?? found['B'])?.slice(0, 3).toLowerCase()
  const month = named === undefined ? n('m', 1) : months.indexOf(named) + 1
  const afternoon = found['p']?.toLowerCase() === 'pm'
  const hour = found['I'] === undefined ? n('H', 0) : (n('I', 0) % 12) + (afternoon ? 12 : 0)
  const day = found['j'] === undefined ? n('d', 1) : n('j', 1)
  const [year, at] = [
    n('Y', century),
    Date.UTC(n('Y', century), found['j'] === undefined ? month - 1 : 0, day, hour, n('M', 0), n('S', 0)),
  ]
  const valid = found['j'] !== undefined || (new Date(at).getUTCMonth() === month - 1 && hour < 24 && n('M', 0) < 60)
  if (!valid || year < 1) throw new OperationError(`'${written}' is not a point in time`)
  return new DateTime(at, found['f'] === undefined ? 0 : Number(found['f'].padEnd(6, '0')), offsetOf(found['z']))
}

const offsetOf = (zone: string | undefined): number | undefined => {
  if (zone === undefined) return undefined
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return zone.startsWith('-') ? -minutes : minutes
}

/** @param ms since the epoch, as the clock of this machine shows it */
export const localTime = (ms: number): Value => asValue(DateTime.now(ms, false))
