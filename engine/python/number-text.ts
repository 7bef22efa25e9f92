/**
 * Python's repr() of a float: the shortest digits that read back as the same number, with an exponent from 1e16 on and
 * below 1e-4.
 */
export const floatText = (value: number): string => {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent >= 16 || exponent < -4) {
    const sign = exponent < 0 ? '-' : '+'
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  return Number.isInteger(value) ? `${BigInt(value)}.0` : String(value)
}

/** Python's str() of a number; an integral one is an int. */
export const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : floatText(value))
