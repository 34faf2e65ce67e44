import { parseSync } from 'oxc-parser';

/** A node of the syntax tree (ESTree), with its position in the source text. */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Syntax nodes that the `$NAME`s of a pattern matched, by name. */
type Captures = Map<string, SyntaxNode>;

export interface Found {
  readonly node: SyntaxNode;
  readonly captures: Captures;
}

const POSITION = new Set(['start', 'end', 'raw', 'range', 'loc']);
const WILDCARD = /^\$[A-Z]+$/;
const REST = '$$';

/** @throws Error when the text isn't TypeScript */
export function parse(text: string): SyntaxNode {
  const { program, errors } = parseSync('source.ts', text, { preserveParens: false });
  if (errors.length > 0) throw new Error(`${errors[0]?.message}: ${text.slice(0, 200)}`);
  return program as unknown as SyntaxNode;
}

/**
 * Parses a pattern. A text that ends with `;` or `}` is a list of statements, one that ends with
 * `,` is a property, and any other is an expression.
 */
export function parsePattern(pattern: string): SyntaxNode {
  if (pattern.startsWith('case ')) {
    const [clause] = list(statementOf(`switch (x) { ${pattern} }`)['cases']);
    return must(clause, pattern);
  }
  if (pattern.endsWith(',')) {
    const object = expressionOf(`{ ${pattern} }`);
    return must(list(object['properties'])[0], pattern);
  }
  return (/[;}]$/.test(pattern) && !pattern.startsWith('{')) || pattern.startsWith('if ')
    ? statementOf(pattern)
    : expressionOf(pattern);
}

/** Returns every syntax node within `scope` that matches the pattern. */
export function findAll(scope: SyntaxNode, pattern: SyntaxNode): readonly Found[] {
  const found: Found[] = [];
  visit(scope, (node) => {
    const captures: Captures = new Map();
    if (isLike(node, pattern, captures)) found.push({ node, captures });
  });
  return found;
}

/** Returns the functions, class members and variables of a program with this name. */
export function membersNamed(program: SyntaxNode, name: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  visit(program, (node) => {
    const named = node['id'] ?? node['key'];
    if (isNode(named) && nameOf(named) === name) found.push(node);
  });
  return found;
}

function nameOf(node: SyntaxNode): unknown {
  return node.type === 'PrivateIdentifier' ? `#${String(node['name'])}` : node['name'];
}

function expressionOf(text: string): SyntaxNode {
  return must(statementOf(`(${text});`)['expression'], text);
}

/** Parses the text inside a method, where every keyword of a function body is allowed. */
function statementOf(text: string): SyntaxNode {
  const program = parse(`class A { *m() { ${text} } }`);
  const body: SyntaxNode[] = [];
  visit(program, (node) => {
    if (body.length === 0 && node.type === 'BlockStatement') body.push(...list(node['body']));
  });
  return must(body[0], text);
}

function visit(node: SyntaxNode, see: (node: SyntaxNode) => void): void {
  see(node);
  for (const value of Object.values(node)) {
    for (const each of Array.isArray(value) ? value : [value]) if (isNode(each)) visit(each, see);
  }
}

function isLike(value: unknown, pattern: unknown, captures: Captures): boolean {
  if (Array.isArray(pattern)) return Array.isArray(value) && areLike(value, pattern, captures);
  if (!isNode(pattern) || !isNode(value)) return isSame(value, pattern, captures);
  const wildcard = wildcardOf(pattern);
  if (WILDCARD.test(wildcard)) {
    captures.set(wildcard, value);
    return true;
  }
  return isSame(value, pattern, captures);
}

/**
 * Returns the name of a wildcard such as `$A`, which may be an expression or a statement; '' for
 * other nodes.
 */
function wildcardOf({ type, name, expression }: SyntaxNode): string {
  if (type === 'ExpressionStatement' && isNode(expression)) return wildcardOf(expression);
  return type === 'Identifier' ? String(name) : '';
}

function areLike(values: readonly unknown[], patterns: readonly unknown[], captures: Captures) {
  const rest = patterns.findIndex(isRest);
  if (rest < 0 && values.length !== patterns.length) return false;
  if (rest >= 0 && values.length < patterns.length - 1) return false;
  const after = rest < 0 ? 0 : patterns.length - 1 - rest;
  const head = rest < 0 ? patterns : patterns.slice(0, rest);
  const tail = after === 0 ? [] : patterns.slice(-after);
  return (
    head.every((each, at) => isLike(values[at], each, captures)) &&
    tail.every((each, at) => isLike(values[values.length - after + at], each, captures))
  );
}

/**
 * Returns whether a pattern is `$$`, which matches any number of arguments, statements or
 * properties.
 */
function isRest(pattern: unknown): boolean {
  if (!isNode(pattern)) return false;
  const inner = pattern['expression'] ?? pattern['key'] ?? pattern;
  return isNode(inner) && inner['name'] === REST;
}

function isSame(value: unknown, pattern: unknown, captures: Captures): boolean {
  if (typeof pattern !== 'object' || pattern === null) return value === pattern;
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.entries(pattern).every(
    ([field, of]) => POSITION.has(field) || isLike(fields[field], of, captures),
  );
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function list(value: unknown): readonly SyntaxNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function must(value: unknown, pattern: string): SyntaxNode {
  if (!isNode(value)) throw new Error(`no syntax: ${pattern}`);
  return value;
}
