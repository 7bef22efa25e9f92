import { plainScalar } from './yaml-scalars.js'

/** Which styles are possible for a string. */
export interface Scalar {
  readonly text: string
  readonly multiline: boolean
  readonly flowPlain: boolean
  readonly blockPlain: boolean
  readonly singleQuoted: boolean
}

const BREAKS = '\n\x85\u2028\u2029'
const SPACES = `\0 \t\r${BREAKS}`

const among = (set: string, char: string | undefined): boolean => char !== undefined && set.includes(char)

/** Source: libyaml, src/emitter.c, yaml_emitter_analyze_scalar (unicode is allowed, as Ansible asks for). */
export const analyse = (text: string): Scalar => {
  if (text === '') return { text, multiline: false, flowPlain: false, blockPlain: true, singleQuoted: true }
  const chars = [...text]
  const marks = indicators(chars, /^(?:---|\.\.\.)/.test(text))
  const first = chars[0] ?? ''
  const last = chars.at(-1) ?? ''
  const edges = among(` ${BREAKS}`, first) || among(` ${BREAKS}`, last)
  const multiline = chars.some(char => among(BREAKS, char))
  const breakSpace = /[\n\x85\u2028\u2029] /.test(text)
  const spaceBreak = / [\n\x85\u2028\u2029]/.test(text)
  const special = spaceBreak || chars.some(isSpecial)
  const plain = !edges && !breakSpace && !special && !multiline
  return {
    text,
    multiline,
    flowPlain: plain && !marks.flow,
    blockPlain: plain && !marks.block,
    singleQuoted: !breakSpace && !special,
  }
}

const indicators = (
  chars: readonly string[],
  documentMark: boolean,
): { readonly flow: boolean; readonly block: boolean } => {
  let flow = documentMark
  let block = documentMark
  let afterSpace = true
  for (const [index, char] of chars.entries()) {
    const next = chars[index + 1]
    const beforeSpace = next === undefined || among(SPACES, next)
    if (index === 0) {
      if (among('#,[]{}&*!|>\'"%@`', char) || (char === '-' && beforeSpace)) flow = block = true
      if (among('?:', char)) {
        flow = true
        if (beforeSpace) block = true
      }
    } else {
      if (among(',?[]{}', char)) flow = true
      if (char === ':') {
        flow = true
        if (beforeSpace) block = true
      }
      if (char === '#' && afterSpace) flow = block = true
    }
    afterSpace = among(SPACES, char)
  }
  return { flow, block }
}

/** Whether a character needs double quotes; for libyaml, so do all beyond U+FFFF. */
export const isSpecial = (char: string): boolean => {
  if (char === '\n' || (char >= ' ' && char <= '~')) return false
  const code = char.codePointAt(0) ?? 0
  const printable = code === 0x85 || (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd)
  return !printable || code === 0xfeff
}

/** Whether the text, as a plain scalar, is read back as the same string. */
export const readsAsText = (text: string): boolean => {
  if (text === '<<' || text === '=') return false
  return typeof plainScalar(text) === 'string' && !/^\d{4}-\d\d?-\d\d?(?:$|[Tt \t])/.test(text)
}
