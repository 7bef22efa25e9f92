/** Something the lab cannot do, with the one thing that cures it. */
export class LabProblem extends Error {
  constructor(
    readonly what: string,
    readonly cure: string,
  ) {
    super(`${what}\n  → ${cure}`)
    this.name = 'LabProblem'
  }
}
