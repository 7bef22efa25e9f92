/** The format for GNU time: user and system seconds, and kB of the largest process. */
export const TIME_FORMAT = '%U %S %M'

/** Parses that line. @returns undefined where time was killed before it wrote the line */
export const parseTime = (text: string): { readonly cpu: number; readonly largest: number } | undefined => {
  const [user, system, kilobytes] = /^([\d.]+) ([\d.]+) (\d+)$/m.exec(text)?.slice(1).map(Number) ?? []
  if (user === undefined || system === undefined || kilobytes === undefined) return undefined
  return { cpu: user + system, largest: kilobytes / 1024 }
}
