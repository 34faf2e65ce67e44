/** A value, one of several values, or a number within inclusive bounds. */
export type Condition<Value> =
  | Value
  | { readonly oneOf: readonly Value[] }
  | { readonly from?: number; readonly to?: number };

export interface FindOptions {
  readonly limit: number;
  readonly skip?: number;
  /** Defaults to oldest first. */
  readonly newestFirst?: boolean;
}

/** Stored entities by id. `By` lists the indexed fields; all given conditions must match. */
export interface Collection<Id extends string, Entity, By> {
  get(id: Id): Promise<Entity | null>;
  /** Inserts or replaces by id. */
  put(entity: Entity): Promise<void>;
  /**
   * Writes all entities in one statement.
   * @param known whether a stored entity with the same id stays or is replaced
   */
  putAll(entities: readonly Entity[], known: 'stay' | 'give way'): Promise<void>;
  remove(id: Id): Promise<void>;
  /** Orders by time, then by id. */
  find(
    by: { readonly [Field in keyof By]?: Condition<By[Field]> },
    options: FindOptions,
  ): Promise<readonly Entity[]>;
  count(by: { readonly [Field in keyof By]?: Condition<By[Field]> }): Promise<number>;
}
