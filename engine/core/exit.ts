/** Exit codes, each with one meaning. */
export const exit = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  pending: 4,
  bug: 70,
  interrupted: 130,
} as const
