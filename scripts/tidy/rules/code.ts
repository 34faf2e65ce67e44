import { type Expression, Visitor } from 'oxc-parser';
import { lineAt, type Source } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** Matches paths of code that ships. Tests and build scripts don't ship. */
const SHIPPED = /^(?:packages\/[^/]+|apps\/(?:console|server|web))\/src\//;

/** The one function that makes patterns from text, from constants of its folder. */
const PATTERN_MAKER = 'packages/protocol/src/hint-patterns.ts';

/**
 * Finds faults in code that the linter can't find: markup, patterns and SQL that are built from
 * text, and double type assertions.
 */
export function codeFaults(tree: Tree): Fault[] {
  return tree.sources.filter(({ path }) => SHIPPED.test(path)).flatMap(faultsOf);
}

function faultsOf({ path, text, parsed }: Source): Fault[] {
  const faults: Fault[] = [];
  const fault = (offset: number, message: string): void => {
    faults.push({ path, line: lineAt(text, offset), message });
  };
  const visitor = new Visitor({
    NewExpression({ callee, arguments: [first], start }) {
      if (callee.type !== 'Identifier' || callee.name !== 'RegExp') return;
      if (!isConstant(first) && path !== PATTERN_MAKER)
        fault(start, 'A pattern must be a literal or a constant, never built from text.');
    },
    CallExpression({ callee, arguments: [first], start }) {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      const { object, property } = callee;
      if (object.type !== 'Identifier' || !/^(?:sql|CompiledQuery)$/.test(object.name)) return;
      if (!/^(?:raw|lit)$/.test(property.name) || isConstant(first)) return;
      fault(start, 'SQL must be a literal or a constant, never built from text: use parameters.');
    },
    JSXAttribute({ name, start }) {
      if (name.name !== 'dangerouslySetInnerHTML') return;
      fault(start, 'Insert text as text, never as markup.');
    },
    TSAsExpression({ expression, start }) {
      if (expression.type !== 'TSAsExpression') return;
      if (expression.typeAnnotation.type !== 'TSUnknownKeyword') return;
      fault(start, 'A double assertion bypasses the compiler: narrow the type instead.');
    },
  });
  visitor.visit(parsed.program);
  return faults;
}

/** Returns whether an expression is a string literal, or a constant in capitals. */
function isConstant(node: Expression | { type: 'SpreadElement' } | undefined): boolean {
  if (node?.type === 'Identifier') return /^[A-Z][A-Z0-9_]*$/.test(node.name);
  return node?.type === 'Literal';
}
