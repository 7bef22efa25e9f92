/** A position in a file that the user wrote. Lines and columns count from 1. */
export interface Source {
  readonly file: string
  readonly line: number
  readonly col: number
}

export const formatSource = ({ file, line, col }: Source): string => `${file}:${line}:${col}`
