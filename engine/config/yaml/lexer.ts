import { type CST, Lexer, Parser } from 'yaml'

/**
 * Reads quoted text and brackets over several lines as PyYAML does: the indentation of their lines does not matter, and
 * may contain tabs, since only the closing quote or bracket ends them. The YAML standard requires such lines to be
 * indented deeper than the key, but many playbooks do not. Source: yaml/scanner.py, `unwind_indent` («In flow context,
 * indentation is ignored»), `scan_flow_scalar_breaks`.
 */
class PythonLexer extends Lexer {
  constructor() {
    super()
    const lexer = this as unknown as Scanning
    lexer.parseQuotedScalar = withAnyIndentation(lexer.parseQuotedScalar)
    lexer.parseFlowCollection = withAnyIndentation(lexer.parseFlowCollection)
    const plain = lexer.parsePlainScalar
    const plainInFlow = withAnyIndentation(plain)
    lexer.parsePlainScalar = function (this: Scanning) {
      return (this.flowLevel > 0 ? plainInFlow : plain).call(this)
    }
  }
}

type Scan = (this: Scanning) => Generator<string, string, unknown>

/** Private members of the library's lexer: the required indentation, the depth of brackets, and its scan functions. */
interface Scanning {
  indentNext: number
  readonly flowLevel: number
  parseQuotedScalar: Scan
  parseFlowCollection: Scan
  parsePlainScalar: Scan
}

const withAnyIndentation = (scan: Scan): Scan =>
  function* (this: Scanning) {
    const wanted = this.indentNext
    this.indentNext = 0
    const next = yield* scan.call(this)
    this.indentNext = wanted
    return next
  }

/** The tokens of the library's parser, with that lexer; input for its composer. */
export function* pythonTokens(text: string): Generator<CST.Token> {
  const parser = new Parser()
  for (const lexeme of new PythonLexer().lex(text)) yield* parser.next(lexeme)
  yield* parser.end()
}
