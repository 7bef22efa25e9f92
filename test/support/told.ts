/** What is expected of a failure as plain output tells it. */
export interface Told {
  /** `failed: HOST › STEP` */
  readonly head: string
  readonly what: RegExp
  /** Where one ran. */
  readonly command?: RegExp
  readonly output?: RegExp
  readonly remedy: RegExp
}

/** A failure's parts as they were printed; the remedies are those of the whole output. */
interface Found {
  readonly what: string
  readonly commands: readonly string[]
  readonly output: string
  readonly remedies: readonly string[]
}

export const toldOf = (printed: string, head: string): Found => {
  const lines = printed.split('\n')
  const at = lines.findIndex(line => line.startsWith(`${head}: `))
  const end = lines.findIndex((line, index) => index > at && !line.startsWith('  '))
  const block = at === -1 ? [] : lines.slice(at, end)
  return {
    what: block[0]?.slice(head.length + 2) ?? '',
    commands: after(block, '  $ '),
    output: after(block, '  | ').join('\n'),
    remedies: after(lines, '  → '),
  }
}

const after = (lines: readonly string[], mark: string): readonly string[] =>
  lines.filter(line => line.startsWith(mark)).map(line => line.slice(mark.length))
