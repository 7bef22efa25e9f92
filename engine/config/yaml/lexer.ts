import { type CST, Lexer, Parser } from 'yaml'

/**
 * Quoted texts and brackets of several lines as PyYAML reads them: where their lines begin does not matter, nor whether a tab stands
 * there, since only the closing quote or bracket ends them. YAML itself wants those lines indented deeper than the key; playbooks are
 * not always written so. Source: yaml/scanner.py, `unwind_indent` («In flow context, indentation is ignored»), `scan_flow_scalar_breaks`.
 */
class PythonLexer extends Lexer {
  constructor() {
    super()
    const lexer = this as unknown as Scanning
    lexer.parseQuotedScalar = indentedAnyhow(lexer.parseQuotedScalar)
    lexer.parseFlowCollection = indentedAnyhow(lexer.parseFlowCollection)
    const plain = lexer.parsePlainScalar
    const plainAnyhow = indentedAnyhow(plain)
    lexer.parsePlainScalar = function (this: Scanning) {
      return (this.flowLevel > 0 ? plainAnyhow : plain).call(this)
    }
  }
}

type Scan = (this: Scanning) => Generator<string, string, unknown>

/** What of the lexer the library does not show: the indentation that lines need, how deep it is in brackets, and what it scans by. */
interface Scanning {
  indentNext: number
  readonly flowLevel: number
  parseQuotedScalar: Scan
  parseFlowCollection: Scan
  parsePlainScalar: Scan
}

const indentedAnyhow = (scan: Scan): Scan =>
  function* (this: Scanning) {
    const wanted = this.indentNext
    this.indentNext = 0
    const next = yield* scan.call(this)
    this.indentNext = wanted
    return next
  }

/** The tokens of the library's parser over that lexer, for its composer. */
export function* pythonTokens(text: string): Generator<CST.Token> {
  const parser = new Parser()
  for (const lexeme of new PythonLexer().lex(text)) yield* parser.next(lexeme)
  yield* parser.end()
}
