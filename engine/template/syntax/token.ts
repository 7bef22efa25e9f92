export type TokenType =
  | 'data'
  | 'variable-begin'
  | 'variable-end'
  | 'block-begin'
  | 'block-end'
  | 'name'
  | 'string'
  | 'int'
  | 'float'
  | 'operator'
  | 'end'

export interface Token {
  readonly type: TokenType
  /** A string's text is already unescaped. */
  readonly text: string
  /** Offset in the template's text. */
  readonly at: number
}

/** How templates are delimited, and what happens to the white space around blocks. */
export interface SyntaxOptions {
  readonly trimBlocks: boolean
  readonly lstripBlocks: boolean
  readonly blockStart: string
  readonly blockEnd: string
  readonly variableStart: string
  readonly variableEnd: string
  readonly commentStart: string
  readonly commentEnd: string
  /**
   * Whether `\n` in a string inside `{{ }}` is two characters: Ansible leaves escapes to YAML there, but not inside `{% %}`,
   * not in conditions and not in template files.
   */
  readonly rawStrings: boolean
}

export const defaultSyntax: SyntaxOptions = {
  trimBlocks: true,
  lstripBlocks: false,
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
  rawStrings: true,
}

/** An error of the lexer or a parser, at an offset. Who knows the file makes an ExpressionError with line and column of it. */
export class TemplateSyntaxError extends Error {
  constructor(
    message: string,
    readonly at: number,
    readonly hint?: string,
    /** The block that must be closed first. */
    readonly open?: OpenBlock,
  ) {
    super(message)
  }
}

export interface OpenBlock {
  readonly tag: string
  readonly at: number
  /** The tag that closes it. */
  readonly end: string
}
