/** For GNU time: seconds of processor time, and the largest process. */
export const TIME_FORMAT = '%U %S %M'

/** @returns undefined where time did not live to write its line */
export const parseTime = (text: string): { readonly cpu: number; readonly largest: number } | undefined => {
  const [user, system, kilobytes] = /^([\d.]+) ([\d.]+) (\d+)$/m.exec(text)?.slice(1).map(Number) ?? []
  if (user === undefined || system === undefined || kilobytes === undefined) return undefined
  return { cpu: user + system, largest: kilobytes / 1024 }
}
