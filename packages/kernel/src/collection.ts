/** Matches one value, any of several values, or a value within inclusive bounds. */
export type Condition<Value> =
  | Value
  | { readonly oneOf: readonly Value[] }
  | { readonly from?: Value; readonly to?: Value };

export interface FindOptions<Field = string> {
  readonly limit: number;
  readonly skip?: number;
  readonly newestFirst?: boolean;
  /** Field by which the entities are ordered, then by id. By default they are ordered by time. */
  readonly orderBy?: Field;
}

/** Conditions that an entity must meet together. */
export type Query<By> = { readonly [Field in keyof By]?: Condition<By[Field]> };

/**
 * Entities stored by id. `By` lists the indexed fields. A query returns the entities that meet
 * all its conditions.
 */
export interface Collection<Id extends string, Entity, By> {
  get(id: Id): Promise<Entity | null>;
  /** Inserts an entity, or replaces the stored entity with the same id. */
  put(entity: Entity): Promise<void>;
  /**
   * Writes all entities in few statements.
   * @param known whether a stored entity with the same id stays or gives way to the new one
   */
  putAll(entities: readonly Entity[], known: 'stay' | 'give way'): Promise<void>;
  remove(id: Id): Promise<void>;
  /** Removes the entities with these ids in few statements. */
  removeAll(ids: readonly Id[]): Promise<void>;
  /**
   * Finds entities, ordered by time or another field and then by id.
   * @param by one query, or several of which an entity must meet one
   */
  find(
    by: Query<By> | readonly Query<By>[],
    options: FindOptions<keyof By & string>,
  ): Promise<readonly Entity[]>;
  count(by: Query<By>): Promise<number>;
}
