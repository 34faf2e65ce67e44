import type { Collection } from '@farandole/kernel/collection';
import type {
  Field,
  NestedField,
  Nullness,
  Row,
  ScalarField,
  ScalarKind,
  SqlType,
  SqlValue,
} from './fields.ts';

/** A column that queries need and that follows from the entity. It is written, and never read. */
export interface Derived<Entity> {
  readonly type: SqlType;
  readonly isNullable?: true;
  readonly of: (entity: Entity) => SqlValue;
}

export interface Index<Name extends string = string> {
  readonly on: readonly Name[];
  readonly unique?: true;
  /** SQL condition of a partial index. */
  readonly where?: string;
  /** A hash index in PostgreSQL, where it is half the size. SQLite has no such indexes. */
  readonly hash?: true;
}

export interface Column<Entity> {
  readonly name: string;
  readonly type: SqlType;
  readonly isNullable: boolean;
  readonly of: (entity: Entity) => SqlValue;
}

/**
 * How the entities of a collection are stored. The primary key is `id`. `RowOf` is a row as Kysely
 * returns it.
 */
export interface Table<Entity, RowOf = Row> {
  readonly columns: readonly Column<Entity>[];
  readonly indexes: readonly Index[];
  read(row: RowOf & Row): Entity;
}

export type EntityOf<C> = C extends Collection<infer _Id, infer Entity, infer _By> ? Entity : never;
type ByOf<C> = C extends Collection<infer _Id, infer _Entity, infer By> ? By : never;

type KeysOf<Entity> = Entity extends unknown ? keyof Entity & string : never;
type ValueOf<Entity, Key> = Entity extends unknown
  ? Key extends keyof Entity
    ? Entity[Key]
    : undefined
  : never;

type KindOf<Value> = [Value] extends [string]
  ? 'text'
  : [Value] extends [number]
    ? 'number'
    : [Value] extends [boolean]
      ? 'flag'
      : 'json';

type NullnessOf<Value> = null extends Value
  ? undefined extends Value
    ? 'either'
    : 'null'
  : undefined extends Value
    ? 'absent'
    : 'never';

type NestedOf<Value, Null extends Nullness> = [Value] extends [readonly [infer A, infer B]]
  ? NestedField<{ 0: NestedField<FieldsOf<A>>; 1: NestedField<FieldsOf<B>> }, Null>
  : [Value] extends [readonly unknown[]]
    ? never
    : [Value] extends [object]
      ? NestedField<FieldsOf<Value>, Null>
      : never;

type FieldOf<Value> =
  | ScalarField<KindOf<NonNullable<Value>> & ScalarKind, string | number, NullnessOf<Value>>
  | NestedOf<NonNullable<Value>, NullnessOf<Value>>;

/** The declaration that an entity needs: a field for each of its properties, in any variant. */
type FieldsOf<Entity> = {
  readonly [Key in KeysOf<Entity>]: FieldOf<ValueOf<Entity, Key>>;
};

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

type SqlOf<Sql, Null> = Null extends 'never' ? Sql : Sql | null;

type FieldRow<Key, F> = F extends { readonly kind: 'nested' | 'tuple' }
  ? F extends NestedField<infer Inner, infer Null>
    ? { readonly [Name in keyof RowOfFields<Inner>]: SqlOf<RowOfFields<Inner>[Name], Null> }
    : never
  : F extends ScalarField<ScalarKind, infer Sql, infer Null, infer As>
    ? { readonly [Name in As extends '' ? Key & string : As]: SqlOf<Sql, Null> }
    : never;

type RowOfFields<Fs> = Intersection<{ [Key in keyof Fs]: FieldRow<Key, Fs[Key]> }[keyof Fs]>;

type DerivedRow<Ds> = {
  readonly [Name in keyof Ds]: SqlOf<
    Ds[Name] extends { readonly type: 'text' } ? string : number,
    Ds[Name] extends { readonly isNullable: true } ? 'null' : 'never'
  >;
};

/** The columns that queries of the collection name and that no field has: the time among them. */
type DerivedOf<C, Fs> = {
  readonly [Name in Exclude<keyof ByOf<C> | 'atMs', keyof RowOfFields<Fs>>]: Derived<EntityOf<C>>;
};

/**
 * Declares how a collection is stored. The compiler requires a column for each property of its
 * entity and for each field of its queries.
 */
export function collection<C>() {
  return <
    Fs extends FieldsOf<EntityOf<C>>,
    Ds extends DerivedOf<C, Fs> = DerivedOf<C, Fs>,
  >(declaration: {
    readonly fields: Fs;
    readonly derived: Ds & Readonly<Record<string, Derived<EntityOf<C>>>>;
    readonly indexes: readonly Index<(keyof RowOfFields<Fs> | keyof DerivedOf<C, Fs>) & string>[];
  }): Table<EntityOf<C>, RowOfFields<Fs> & DerivedRow<Ds>> => {
    const fields = Object.entries(declaration.fields as Readonly<Record<string, Field>>);
    const derived = Object.entries<Derived<EntityOf<C>>>(declaration.derived);
    return {
      columns: [
        ...columnsOf<EntityOf<C>>(fields, (entity) => entity as object, false),
        ...derived.map(([name, { type, isNullable = false, of }]) => ({
          name,
          type,
          isNullable,
          of,
        })),
      ],
      indexes: declaration.indexes,
      // The cast is safe because this package wrote the row from an entity.
      read: (row) => readFields(fields, row) as EntityOf<C>,
    };
  };
}

type Entries = readonly (readonly [key: string, field: Field])[];

function columnsOf<Entity>(
  fields: Entries,
  owner: (entity: Entity) => object | null | undefined,
  isNullable: boolean,
): readonly Column<Entity>[] {
  return fields.flatMap(([key, field]): readonly Column<Entity>[] => {
    const valueOf = (entity: Entity): unknown =>
      (owner(entity) as Readonly<Record<string, unknown>> | null | undefined)?.[key];
    const mayBeNull = isNullable || field.nullness !== 'never';
    if ('fields' in field) {
      const inner = (entity: Entity) => valueOf(entity) as object | null | undefined;
      return columnsOf(Object.entries(field.fields), inner, mayBeNull);
    }
    const of = (entity: Entity): SqlValue => {
      const value = valueOf(entity);
      return value === undefined || value === null ? null : field.encode(value);
    };
    return [{ name: nameOf(key, field), type: field.type, isNullable: mayBeNull, of }];
  });
}

function nameOf(key: string, { name }: ScalarField): string {
  return name === '' ? key : name;
}

function readFields(fields: Entries, row: Row): object {
  const entity: Record<string, unknown> = {};
  for (const [key, field] of fields) {
    const value = readField(key, field, row);
    if (value !== undefined) entity[key] = value;
  }
  return entity;
}

function readField(key: string, field: Field, row: Row): unknown {
  if (isMissing(key, field, row)) {
    if (field.nullness === 'null') return null;
    return 'isNull' in field && field.isNull(row) ? null : undefined;
  }
  if (!('fields' in field)) return field.decode(row[nameOf(key, field)] as string | number);
  const object = readFields(Object.entries(field.fields), row);
  return field.kind === 'tuple' ? Object.values(object) : object;
}

function isMissing(key: string, field: Field, row: Row): boolean {
  if (!('fields' in field)) return (row[nameOf(key, field)] ?? null) === null;
  const [first] = Object.entries(field.fields);
  return field.nullness !== 'never' && first !== undefined && isMissing(...first, row);
}
