export type SqlType = 'text' | 'bigint' | 'integer' | 'smallint' | 'double precision';
export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

/**
 * What a null in the column means for the field: it can't be null, the field is null, the field
 * is absent, or one of both, depending on the rest of the row.
 */
export type Nullness = 'never' | 'null' | 'absent' | 'either';

export type ScalarKind = 'text' | 'number' | 'flag' | 'json';

/** A field that one column stores. */
export interface ScalarField<
  Kind extends ScalarKind = ScalarKind,
  Sql extends string | number = string | number,
  Null extends Nullness = Nullness,
  Name extends string = string,
> {
  readonly kind: Kind;
  readonly type: SqlType;
  readonly nullness: Null;
  /** Name of the column. If empty, the column has the field's name. */
  readonly name: Name;
  readonly encode: (value: unknown) => Sql;
  readonly decode: (sql: string | number) => unknown;
  /** Only for the nullness `either`: whether the field is null, and not absent. */
  readonly isNull?: (row: Row) => boolean;
}

/** An object or a list of fixed length whose fields have columns of their own. */
export interface NestedField<Inner = Fields, Null extends Nullness = Nullness> {
  readonly kind: 'nested' | 'tuple';
  readonly nullness: Null;
  /**
   * The fields of the object. If the object may be null or absent, its first field must be a
   * scalar that is always present, because a null there means that the object is missing.
   */
  readonly fields: Inner;
}

export type Field = ScalarField | NestedField;
export interface Fields {
  readonly [field: string]: Field;
}

function scalar<Kind extends ScalarKind, Sql extends string | number, Name extends string>(
  kind: Kind,
  type: SqlType,
  name: Name,
  encode: (value: never) => Sql,
  decode: (sql: never) => unknown,
): ScalarField<Kind, Sql, 'never', Name> {
  return {
    kind,
    type,
    nullness: 'never',
    name,
    // The casts are safe because the declaration's type checks that the field has this kind.
    encode: encode as (value: unknown) => Sql,
    decode: decode as (sql: string | number) => unknown,
  };
}

const same = <Value>(value: Value): Value => value;

export function text<Name extends string = ''>(name = '' as Name) {
  return scalar('text', 'text', name, same<string>, same<string>);
}

/** A whole number: a count, or a time in milliseconds. */
export function integer<Name extends string = ''>(name = '' as Name) {
  return scalar('number', 'bigint', name, same<number>, same<number>);
}

/** A whole number below 2³¹. */
export function int4<Name extends string = ''>(name = '' as Name) {
  return scalar('number', 'integer', name, same<number>, same<number>);
}

export function real<Name extends string = ''>(name = '' as Name) {
  return scalar('number', 'double precision', name, same<number>, same<number>);
}

/** A boolean, stored as 1 or 0. */
export function flag<Name extends string = ''>(name = '' as Name) {
  return scalar('flag', 'smallint', name, Number as (value: boolean) => number, Boolean);
}

/** A list, or an object that no query looks into, stored as JSON text. */
export function json<Name extends string = ''>(name = '' as Name) {
  return scalar('json', 'text', name, JSON.stringify as (value: object) => string, JSON.parse);
}

/**
 * One of a few texts, stored as its index. The order of `values` is part of the schema: new values
 * go to the end.
 */
export function code<Name extends string = ''>(values: readonly string[], name = '' as Name) {
  const encode = (value: string): number => {
    const index = values.indexOf(value);
    if (index === -1) throw new RangeError(`"${value}" is none of ${values.join(', ')}.`);
    return index;
  };
  return scalar('text', 'smallint', name, encode, (index: number) => values[index]);
}

export function nested<Inner extends Fields>(fields: Inner): NestedField<Inner, 'never'> {
  return { kind: 'nested', nullness: 'never', fields };
}

export function tuple<A extends Fields, B extends Fields>(a: A, b: B) {
  return { kind: 'tuple', nullness: 'never', fields: { 0: nested(a), 1: nested(b) } } as const;
}

type WithNullness<F, Null extends Nullness> =
  F extends ScalarField<infer Kind, infer Sql, 'never', infer Name>
    ? ScalarField<Kind, Sql, Null, Name>
    : F extends NestedField<infer Inner, 'never'>
      ? NestedField<Inner, Null>
      : never;

export function orNull<F extends Field>(field: F): WithNullness<F, 'null'>;
export function orNull(field: Field): unknown {
  return { ...field, nullness: 'null' };
}

export function optional<F extends Field>(field: F): WithNullness<F, 'absent'>;
export function optional(field: Field): unknown {
  return { ...field, nullness: 'absent' };
}

/**
 * A field that only some variants of the entity have, and that may be null there.
 * @param isNull whether the row is of a variant with the field
 */
export function inVariant<F extends ScalarField>(
  isNull: (row: Row) => boolean,
  field: F,
): WithNullness<F, 'either'>;
export function inVariant(isNull: (row: Row) => boolean, field: ScalarField): unknown {
  return { ...field, nullness: 'either', isNull };
}
