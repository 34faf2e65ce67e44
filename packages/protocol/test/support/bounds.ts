import assert from 'node:assert/strict';

/** Object keys and list indexes that lead to a value in a frame. */
export type Path = readonly (string | number)[];

/** An allowed value at the limit of a field, and a forbidden value just above the limit. */
export interface Bound {
  readonly path: Path;
  readonly by: string;
  readonly allowed: unknown;
  readonly refused: unknown;
}

/** The keywords of JSON Schema that this walk understands. */
interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'null';
  readonly const?: string | number;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * Matches each part of the protocol's patterns: `[class]{min,max}`, `[class]{n}` or an escaped
 * full stop.
 */
const PATTERN_PART = /\[(?<set>[^\]]+)\]\{(?<min>\d+)(?<comma>,)?(?<max>\d*)\}|\\\./gy;

/**
 * Walks a schema along a valid sample and returns the limits of its fields. Fails for a string,
 * list or number without a limit.
 */
export function boundsOf(schema: unknown, sample: unknown): readonly Bound[] {
  return [...walk(schema as Schema, sample, [])];
}

export function withValue(frame: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(frame)) {
    const items = [...(frame as readonly unknown[])];
    items[Number(key)] = withValue(items[Number(key)], rest, value);
    return items;
  }
  const fields = frame as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: withValue(fields[key], rest, value) };
}

function* walk(schema: Schema, sample: unknown, path: Path): Generator<Bound> {
  const at = path.join('.');
  if (schema.anyOf !== undefined) {
    yield* walkUnion(schema.anyOf, sample, path);
    return;
  }
  if (schema.enum !== undefined) {
    for (const allowed of schema.enum)
      yield { path, by: 'enum', allowed, refused: `not ${allowed}` };
    return;
  }
  if (schema.const !== undefined) {
    yield { path, by: 'const', allowed: schema.const, refused: `not ${schema.const}` };
    return;
  }
  switch (schema.type) {
    case 'object':
      for (const [key, field] of Object.entries(schema.properties ?? {})) {
        const value = (sample as Readonly<Record<string, unknown>>)[key];
        assert.notEqual(value, undefined, `the fixture lacks ${at}.${key}`);
        yield* walk(field, value, [...path, key]);
      }
      return;
    case 'array':
      yield* walkList(schema, sample as readonly unknown[], path);
      return;
    case 'string':
      yield* walkString(schema, path);
      return;
    case 'integer':
      assert.ok(schema.minimum !== undefined, `${at} has no minimum`);
      assert.ok(schema.maximum !== undefined, `${at} has no maximum`);
      yield { path, by: 'minimum', allowed: schema.minimum, refused: schema.minimum - 1 };
      yield { path, by: 'maximum', allowed: schema.maximum, refused: schema.maximum + 1 };
      yield { path, by: 'integer', allowed: schema.minimum, refused: schema.minimum + 0.5 };
      return;
    case 'boolean':
    case 'null':
      return;
    case undefined:
    default:
      assert.fail(`${at} has a schema that nobody bounds: ${JSON.stringify(schema)}`);
  }
}

/**
 * Yields a value that matches no branch of the union, and the limits of the branch that the
 * sample matches.
 */
function* walkUnion(branches: readonly Schema[], sample: unknown, path: Path): Generator<Bound> {
  for (const branch of branches) {
    if (branch.type === 'object' && !isOfKind(branch, sample)) continue;
    if (branch.const !== undefined) {
      yield { path, by: 'const', allowed: branch.const, refused: `not ${branch.const}` };
    } else if (branch.type === 'null') {
      yield { path, by: 'null', allowed: null, refused: {} };
    } else {
      yield* walk(branch, sample, path);
    }
  }
}

/** Whether the sample has the constant fields of a branch, such as its `kind`. */
function isOfKind({ properties = {} }: Schema, sample: unknown): boolean {
  return Object.entries(properties).every(
    ([key, field]) =>
      field.const === undefined ||
      (sample as Record<string, unknown> | null)?.[key] === field.const,
  );
}

function* walkList(schema: Schema, sample: readonly unknown[], path: Path): Generator<Bound> {
  const { items, minItems = 0, maxItems } = schema;
  assert.ok(maxItems !== undefined, `${path.join('.')} has no longest list`);
  const [item] = sample;
  assert.notEqual(item, undefined, `the fixture's ${path.join('.')} is empty`);
  const listOf = (length: number): unknown[] => Array.from({ length }, () => item);
  yield { path, by: 'maxItems', allowed: listOf(maxItems), refused: listOf(maxItems + 1) };
  if (minItems > 0) {
    yield { path, by: 'minItems', allowed: listOf(minItems), refused: listOf(minItems - 1) };
  }
  if (items !== undefined) yield* walk(items, item, [...path, 0]);
}

function* walkString(schema: Schema, path: Path): Generator<Bound> {
  const { maxLength, minLength = 0, pattern } = schema;
  if (pattern !== undefined) yield* walkPattern(pattern, path);
  if (maxLength === undefined) {
    assert.ok(pattern !== undefined, `${path.join('.')} has no longest text`);
    assert.ok(!/,\}/.test(pattern), `${path.join('.')} has an open pattern and no longest text`);
    return;
  }
  const text = (length: number): string => 'A'.repeat(length);
  yield { path, by: 'maxLength', allowed: text(maxLength), refused: text(maxLength + 1) };
  if (minLength > 0) {
    yield { path, by: 'minLength', allowed: text(minLength), refused: text(minLength - 1) };
  }
}

function* walkPattern(pattern: string, path: Path): Generator<Bound> {
  const body = pattern.replace(/^\^/, '').replace(/\$$/, '');
  const parts = [...body.matchAll(PATTERN_PART)];
  assert.equal(parts.map(([text]) => text).join(''), body, `the walk cannot read ${pattern}`);
  const write = (place: number, length: number): string =>
    parts
      .map(({ groups }, each) => {
        if (groups?.['set'] === undefined) return '.';
        // Every set of this protocol has digits, and some have no capital letters.
        return '0'.repeat(each === place ? length : Number(groups['min']));
      })
      .join('');
  for (const [place, { groups }] of parts.entries()) {
    if (groups?.['set'] === undefined) continue;
    const min = Number(groups['min']);
    const isOpen = groups['comma'] !== undefined && groups['max'] === '';
    const max = groups['comma'] === undefined ? min : Number(groups['max']);
    yield { path, by: 'pattern', allowed: write(place, min), refused: write(place, min - 1) };
    if (!isOpen) {
      yield { path, by: 'pattern', allowed: write(place, max), refused: write(place, max + 1) };
    }
    yield {
      path,
      by: 'characters',
      allowed: write(place, min),
      refused: `${write(place, min).slice(0, -1)} `,
    };
  }
}
