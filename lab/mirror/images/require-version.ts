import { LabProblem } from '../../support/problem.js'

/**
 * An image's tag is what its program says of itself: who reads a log or asks for help by it is not led astray.
 * @throws LabProblem where the program says otherwise
 */
export function requireVersion(program: string, said: string, tag: string): void {
  const version = /\bv?(\d+(?:\.\d+)+)/.exec(said)?.[1]
  if (version === tag || version?.startsWith(`${tag}.`)) return
  throw new LabProblem(
    `${program} says that it is ${version ?? `«${said.trim().slice(0, 80)}»`}, and its image is tagged ${tag}`,
    `give the image the tag of what is there: ${program.toUpperCase()}_TAG in lab/mirror/versions.ts`,
  )
}
