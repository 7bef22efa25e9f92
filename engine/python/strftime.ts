const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const pad = (value: number, width = 2, fill = '0'): string => String(value).padStart(width, fill)

/**
 * C's strftime in the C locale.
 * @param ms the fields to show, read as UTC
 * @param offset minutes east of UTC
 * @param zoned whether the offset is known: %z and %Z are empty otherwise
 */
export const strftime = (format: string, ms: number, offset: number, micros: number, zoned: boolean): string => {
  const at = new Date(ms)
  const again = (inner: string): string => strftime(inner, ms, offset, micros, zoned)
  return format.replace(/%([-_0^]?)(:?[A-Za-z%])/g, (whole, flag: string, letter: string) => {
    const text = directive(letter, at, offset, micros, zoned, again)
    if (text === undefined) return whole
    if (flag === '-') return text.replace(/^[0 ]+(?=.)/, '')
    if (flag === '_') return text.replace(/^0+(?=.)/, zeros => ' '.repeat(zeros.length))
    return flag === '^' ? text.toUpperCase() : text
  })
}

const directive = (
  letter: string,
  at: Date,
  offset: number,
  micros: number,
  zoned: boolean,
  again: (format: string) => string,
): string | undefined => {
  switch (letter) {
    case 'Y':
      return String(at.getUTCFullYear())
    case 'C':
      return pad(Math.floor(at.getUTCFullYear() / 100))
    case 'y':
      return pad(at.getUTCFullYear() % 100)
    case 'm':
      return pad(at.getUTCMonth() + 1)
    case 'd':
      return pad(at.getUTCDate())
    case 'e':
      return pad(at.getUTCDate(), 2, ' ')
    case 'H':
      return pad(at.getUTCHours())
    case 'I':
      return pad(at.getUTCHours() % 12 || 12)
    case 'M':
      return pad(at.getUTCMinutes())
    case 'S':
      return pad(at.getUTCSeconds())
    case 'f':
      return pad(micros, 6)
    case 'p':
      return at.getUTCHours() < 12 ? 'AM' : 'PM'
    case 'j':
      return pad(dayOfYear(at) + 1, 3)
    case 'A':
      return days[at.getUTCDay()]
    case 'a':
      return days[at.getUTCDay()]?.slice(0, 3)
    case 'B':
      return months[at.getUTCMonth()]
    case 'b':
    case 'h':
      return months[at.getUTCMonth()]?.slice(0, 3)
    case 'w':
      return String(at.getUTCDay())
    case 'u':
      return String(at.getUTCDay() || 7)
    case 'U':
      return pad(Math.floor((dayOfYear(at) + 7 - at.getUTCDay()) / 7))
    case 'W':
      return pad(Math.floor((dayOfYear(at) + 7 - ((at.getUTCDay() + 6) % 7)) / 7))
    case 'V':
      return pad(isoWeek(at).week)
    case 'G':
      return String(isoWeek(at).year)
    case 's':
      return String(Math.floor(at.getTime() / 1000) - offset * 60)
    case 'z':
      return zoned ? zone(offset, '') : ''
    case ':z':
      return zoned ? zone(offset, ':') : ''
    case 'Z':
      return zoned ? (offset === 0 ? 'UTC' : `UTC${zone(offset, ':')}`) : ''
    case 'F':
      return again('%Y-%m-%d')
    case 'T':
    case 'X':
      return again('%H:%M:%S')
    case 'R':
      return again('%H:%M')
    case 'D':
    case 'x':
      return again('%m/%d/%y')
    case 'c':
      return again('%a %b %e %H:%M:%S %Y')
    case 'r':
      return again('%I:%M:%S %p')
    case 'n':
      return '\n'
    case 't':
      return '\t'
    case '%':
      return '%'
    default:
      return undefined
  }
}

const DAY = 86_400_000

const dayOfYear = (at: Date): number => Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / DAY)

/** ISO 8601: week 1 is the week with the year's first Thursday. */
const isoWeek = (at: Date): { readonly year: number; readonly week: number } => {
  const thursday = new Date(at.getTime() + (3 - ((at.getUTCDay() + 6) % 7)) * DAY)
  return { year: thursday.getUTCFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 }
}

const zone = (offset: number, separator: string): string => {
  const minutes = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}${separator}${pad(minutes % 60)}`
}
