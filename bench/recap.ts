/**
 * Checks of a program's output: whether the run did the work that is measured. Each returns what is wrong, or
 * undefined.
 */

/** Checks the recap of Ansible and tkplay: `HOST … ok=21 changed=0 … failed=0`, one line a host. */
export const wrongInRecap = (output: string, hosts: number): string | undefined => {
  const lines = output.split('\n').filter(line => /^\S+ .*\bok=\d+.*\bchanged=\d+/.test(line))
  const other = lines.find(line => /\b(changed|failed|unreachable|skipped)=[1-9]/.test(line))
  if (other !== undefined) return other.replace(/\s+/g, ' ').trim()
  return lines.length === hosts ? undefined : `the recap is of ${lines.length} hosts, not of ${hosts}`
}

/** Checks pyinfra's last row: `Grand total  60  6  -  54`, the operations: all, done, failed, and without change. */
export const wrongInResults = (output: string, operations: number, always: number): string | undefined => {
  const cells = /^\s*Grand total((?:\s+(?:\d+|-)){4})\s*$/m.exec(output)?.[1]?.trim().split(/\s+/)
  if (cells === undefined) return 'it printed no results'
  const [all, done, failed] = cells.map(cell => (cell === '-' ? 0 : Number(cell)))
  if (all === operations && done === always && failed === 0) return undefined
  return `of ${all} operations ${done} were done and ${failed} failed; ${operations}, ${always} and 0 were due`
}

/** Checks that every host answered. */
export const wrongInAnswers = (output: string, answer: RegExp, hosts: number): string | undefined => {
  const count = output.match(new RegExp(answer.source, 'g'))?.length ?? 0
  return count === hosts ? undefined : `${count} of ${hosts} hosts answered`
}
