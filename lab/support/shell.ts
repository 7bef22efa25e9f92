import { $, ProcessOutput } from 'zx'

/** Commands of this machine. Each part of the template is quoted by zx; what a command prints stays with it. */
export const sh = $({ quiet: true, verbose: false, stdio: ['ignore', 'pipe', 'pipe'] })

/** The same, for commands whose failure means «already so». */
export const attempt = $({ quiet: true, verbose: false, nothrow: true, stdio: ['ignore', 'pipe', 'pipe'] })

/** What went wrong, in the command's own words. */
export const reason = (error: unknown): string => {
  if (error instanceof ProcessOutput) return error.stderr.trim() || error.stdout.trim() || `exit code ${error.exitCode}`
  return error instanceof Error ? error.message : String(error)
}
