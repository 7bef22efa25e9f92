import { ShellText } from '../../shell/quote.js'

/**
 * `now` for shell text that waits: seconds that only go forward. The clock of a fresh machine jumps when it first hears of the time, and a
 * wait by it would end at once, or never. Where there is no /proc, the clock is all there is.
 */
export const clock = new ShellText(
  `now() { if IFS=. read -r up _ 2>/dev/null </proc/uptime; then printf '%s' "$up"; else date +%s; fi; }`,
)
