/** What a field must be: a value, one of several values, or a number within inclusive bounds. */
export type Condition<Value> =
  | Value
  | { readonly oneOf: readonly Value[] }
  | { readonly from?: number; readonly to?: number };

export interface FindOptions {
  readonly limit: number;
  /** How many of the first results are left out. */
  readonly skip?: number;
  /** Newest first; oldest first by default. */
  readonly newestFirst?: boolean;
}

/** Stored entities of one kind by id. `By` are the indexed fields; all given conditions must hold. */
export interface Collection<Id extends string, Entity, By> {
  get(id: Id): Promise<Entity | null>;
  /** Inserts an entity, or replaces the one that has its id. */
  put(entity: Entity): Promise<void>;
  /**
   * Puts many entities in one statement.
   *
   * @param known what happens to a stored entity whose id is given: it stays, or it is replaced
   */
  putAll(entities: readonly Entity[], known: 'stay' | 'give way'): Promise<void>;
  remove(id: Id): Promise<void>;
  /** Ordered by time, then by id. */
  find(
    by: { readonly [Field in keyof By]?: Condition<By[Field]> },
    options: FindOptions,
  ): Promise<readonly Entity[]>;
  count(by: { readonly [Field in keyof By]?: Condition<By[Field]> }): Promise<number>;
}
