import { relative } from 'node:path'
import ts from 'typescript'
import { root } from '../../scripts/lib/project.js'

/** A field of what a module takes or sees, that nothing reads. */
export interface Unread {
  readonly module: string
  readonly of: 'parameters' | 'what is seen'
  readonly field: string
}

/**
 * Goes through the sources of a program once, and finds the fields of each module's parameters and observations (the first two types of
 * `defineModule`) that no expression reads: by name, by destructuring, as a whole where another type asks for them.
 */
export const unreadFields = (files: readonly string[], options: ts.CompilerOptions): readonly Unread[] => {
  const program = ts.createProgram([...files], options)
  const checker = program.getTypeChecker()
  const own = program.getSourceFiles().filter(file => !file.fileName.includes('node_modules'))
  const read = readsIn(own, checker)
  return own.flatMap(file =>
    modulesIn(file).flatMap(call => {
      const [params, seen] = call.typeArguments ?? []
      const unread = (type: ts.TypeNode | undefined, of: Unread['of']): readonly Unread[] =>
        type === undefined
          ? []
          : fieldsOf(checker.getTypeFromTypeNode(type), checker)
              .filter(({ symbol }) => !(symbol.declarations ?? []).some(one => read.has(one)))
              .map(({ name }) => ({ module: relative(root, file.fileName), of, field: name }))
      return [...unread(params, 'parameters'), ...unread(seen, 'what is seen')]
    }),
  )
}

const modulesIn = (file: ts.SourceFile): readonly ts.CallExpression[] => {
  const found: ts.CallExpression[] = []
  each(file, node => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'defineModule')
      found.push(node)
  })
  return found
}

const each = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node)
  ts.forEachChild(node, child => each(child, visit))
}

interface Field {
  readonly name: string
  readonly symbol: ts.Symbol
}

/** Those of its interfaces too, through lists and alternatives; a type of Node or of TypeScript itself is left alone. */
const fieldsOf = (type: ts.Type, checker: ts.TypeChecker, above = '', known = new Set<ts.Type>()): readonly Field[] => {
  if (known.has(type)) return []
  known.add(type)
  if (type.isUnionOrIntersection()) return type.types.flatMap(one => fieldsOf(one, checker, above, known))
  const item = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference)[0] : undefined
  if (item !== undefined) return fieldsOf(item, checker, above, known)
  if ((type.flags & ts.TypeFlags.Object) === 0) return []
  return checker.getPropertiesOfType(type).flatMap(symbol => {
    const declaration = symbol.declarations?.[0]
    if (declaration === undefined || declaration.getSourceFile().fileName.includes('node_modules')) return []
    if ((symbol.flags & ts.SymbolFlags.Method) !== 0) return []
    const name = above === '' ? symbol.name : `${above}.${symbol.name}`
    const inner = checker.getTypeOfSymbol(symbol)
    return [{ name, symbol }, ...fieldsOf(inner, checker, name, known)]
  })
}

/** The declarations of all properties that some expression reads. */
const readsIn = (files: readonly ts.SourceFile[], checker: ts.TypeChecker): ReadonlySet<ts.Declaration> => {
  const read = new Set<ts.Declaration>()
  const note = (symbol: ts.Symbol | undefined): void => {
    for (const one of symbol?.declarations ?? []) read.add(one)
  }
  const property = (type: ts.Type, name: string): void => {
    for (const one of type.isUnion() ? type.types : [type]) note(checker.getPropertyOfType(one, name))
  }
  for (const file of files)
    each(file, node => {
      if (ts.isPropertyAccessExpression(node)) {
        note(checker.getSymbolAtLocation(node.name))
        property(checker.getTypeAtLocation(node.expression), node.name.text)
      } else if (ts.isElementAccessExpression(node)) {
        for (const name of literalsOf(node.argumentExpression, checker))
          property(checker.getTypeAtLocation(node.expression), name)
      } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
        for (const name of literalsOf(node.left, checker)) property(checker.getTypeAtLocation(node.right), name)
      } else if (
        ts.isBindingElement(node) &&
        ts.isObjectBindingPattern(node.parent) &&
        node.dotDotDotToken === undefined
      ) {
        const name = node.propertyName ?? node.name
        if (ts.isIdentifier(name) || ts.isStringLiteral(name))
          property(checker.getTypeAtLocation(node.parent), name.text)
      } else if (ts.isSpreadAssignment(node)) {
        for (const one of checker.getPropertiesOfType(checker.getTypeAtLocation(node.expression))) note(one)
      } else if (ts.isIdentifier(node) && ts.isExpression(node)) asAWhole(node, checker, property)
    })
  return read
}

/** The texts that an expression may come to, where its type says. */
const literalsOf = (node: ts.Expression, checker: ts.TypeChecker): readonly string[] => {
  const type = checker.getTypeAtLocation(node)
  return (type.isUnion() ? type.types : [type]).flatMap(one => (one.isStringLiteral() ? [one.value] : []))
}

/** What is handed on where another type is asked for: the fields that the two have in common. */
const asAWhole = (
  node: ts.Identifier,
  checker: ts.TypeChecker,
  property: (type: ts.Type, name: string) => void,
): void => {
  const parent = node.parent
  const isHandedOn = ts.isCallExpression(parent) ? parent.arguments.includes(node) : ts.isReturnStatement(parent)
  if (!isHandedOn) return
  const asked = checker.getContextualType(node)
  if (asked === undefined || (asked.flags & ts.TypeFlags.Object) === 0) return
  const type = checker.getTypeAtLocation(node)
  if (type === asked) return
  for (const one of checker.getPropertiesOfType(asked)) property(type, one.name)
}
