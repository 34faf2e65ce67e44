import type { Collection, FindOptions, Query } from '@farandole/kernel/collection';
import { isFolded, placeOf } from '../../cases/queue-place.ts';
import type {
  AuditTrail,
  Records,
  RewrappedTexts,
  ServerKeyRecords,
  TextRecords,
} from '../../store/records.ts';
import { columnsOfReport } from '../../store/report-columns.ts';
import type { Person, UserText } from '../../store/stored.ts';
import { provenUntilMs } from '../../trust/standing.ts';

type Columns = Readonly<Record<string, unknown>>;

/** Returns records in memory, without transactions. Simulations run commands on them. */
export function memoryRecords(): Records {
  const at = ({ atMs }: { readonly atMs: number }): Columns => ({ atMs });
  return {
    cases: new Rows((of) => ({
      atMs: of.state === 'closed' ? of.atMs : of.openedAtMs,
      place: placeOf(of),
      fold: isFolded(of) ? of.fold : null,
    })),
    reports: new Rows(columnsOfReport),
    // The simulation has no report budgets, so no report belongs to a fold.
    folds: { waiting: async () => [] },
    pictures: new Rows(at),
    pictureKeys: new Rows(at),
    // The simulation's reports have no pictures.
    pictureBytes: {
      put: async () => {},
      get: async () => null,
      keepOutOfBackups: async () => {},
      remove: async () => {},
    },
    decisions: new Rows(at),
    sanctions: new Rows(({ startsAtMs, endsAtMs, liftedAtMs, on }) => ({
      atMs: startsAtMs,
      subject: on.scope === 'subject' ? on.subject : null,
      holdsUntilMs: Math.min(endsAtMs ?? Infinity, liftedAtMs ?? Infinity),
    })),
    strikes: new Rows(at),
    appeals: new Rows(at),
    approvals: new Rows(at),
    people: new Rows(columnsOfPerson),
    settings: new Rows(at),
    tallies: new Rows(at),
    pairs: new Rows(({ atMs, sides: [a, b] }) => ({ atMs, a: a.subject, b: b.subject })),
    anchors: new Rows(at),
    blocks: new Rows(at),
    ageRefusals: new Rows(at),
    pushes: new Rows(at),
    members: new Rows(at),
    passkeys: new Rows(() => ({ atMs: 0 })),
    passwords: new Rows(() => ({ atMs: 0 })),
    consoleSessions: new Rows(at),
    serverState: new Rows(at),
    signInLinks: new Rows(at),
    attempts: new Rows(at),
    spentChallenges: new Rows(at),
    words: new MemoryWords(),
    keys: NO_KEYS,
    audit: SILENT,
  };
}

function columnsOfPerson({ trust, hold, standing }: Person): Columns {
  return {
    atMs: trust.atMs,
    heldUntilMs: hold?.endsAtMs ?? 0,
    provenUntilMs: standing === undefined ? 0 : provenUntilMs(standing),
  };
}

interface Row<Entity> {
  readonly entity: Entity;
  /** The fields of a stored entity, with the columns that a store derives from it. */
  readonly columns: Columns;
}

class Rows<Id extends string, Entity extends { readonly id: Id }, By>
  implements Collection<Id, Entity, By>
{
  readonly #derive: (entity: Entity) => Columns;
  readonly #rows = new Map<Id, Row<Entity>>();

  constructor(derive: (entity: NoInfer<Entity>) => Columns) {
    this.#derive = derive;
  }

  async get(id: Id): Promise<Entity | null> {
    return this.#rows.get(id)?.entity ?? null;
  }

  async put(entity: Entity): Promise<void> {
    this.#rows.set(entity.id, { entity, columns: { ...entity, ...this.#derive(entity) } });
  }

  async putAll(entities: readonly Entity[], known: 'stay' | 'give way'): Promise<void> {
    for (const entity of entities) {
      if (known === 'give way' || !this.#rows.has(entity.id)) await this.put(entity);
    }
  }

  async remove(id: Id): Promise<void> {
    this.#rows.delete(id);
  }

  async removeAll(ids: readonly Id[]): Promise<void> {
    for (const id of ids) this.#rows.delete(id);
  }

  async find(
    by: Query<By> | readonly Query<By>[],
    { limit, skip = 0, newestFirst = false, orderBy = 'atMs' }: FindOptions,
  ): Promise<readonly Entity[]> {
    const found = this.#matching(Array.isArray(by) ? by : [by]).toSorted((a, b) =>
      inOrder(a, b, orderBy),
    );
    if (newestFirst) found.reverse();
    return found.slice(skip, skip + limit).map(({ entity }) => entity);
  }

  async count(by: Query<By>): Promise<number> {
    return this.#matching([by]).length;
  }

  #matching(anyOf: readonly object[]): Row<Entity>[] {
    const queries = anyOf.map((by) => Object.entries(by));
    return [...this.#rows.values()].filter(({ columns }) =>
      queries.some((conditions) =>
        conditions.every(([field, condition]) => meets(columns[field], condition)),
      ),
    );
  }
}

function inOrder<Entity extends { readonly id: string }>(
  a: Row<Entity>,
  b: Row<Entity>,
  field: string,
): number {
  const [one, other] = [a, b].map(({ columns }) => columns[field]) as [string, string];
  if (one !== other) return one < other ? -1 : 1;
  return a.entity.id < b.entity.id ? -1 : 1;
}

function meets(value: unknown, condition: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return value === condition;
  if ('oneOf' in condition)
    return Array.isArray(condition.oneOf) && condition.oneOf.includes(value);
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  const { from = value, to = value } = condition as { from?: number; to?: number };
  return value >= from && value <= to;
}

class MemoryWords implements TextRecords {
  readonly #words = new Map<string, UserText>();

  async put(owner: string, id: string, words: UserText): Promise<void> {
    this.#words.set(`${owner} ${id}`, words);
  }

  async get(owner: string, id: string): Promise<UserText | null> {
    return this.#words.get(`${owner} ${id}`) ?? null;
  }

  async keepUntil(): Promise<void> {}

  async destroyKey(owner: string, id: string): Promise<void> {
    this.#words.delete(`${owner} ${id}`);
  }

  async destroyDue(): Promise<number> {
    return 0;
  }

  async rewrap(): Promise<RewrappedTexts> {
    return { rewrapped: 0, unopened: 0, next: null };
  }

  useKeys(): void {}
}

/** The simulation encrypts nothing, so it has no keys. */
const NO_KEYS: ServerKeyRecords = {
  fingerprint: async () => null,
  setFingerprint: async () => {},
  sealedAudit: async () => true,
  textKey: async () => null,
  setTextKey: async () => {},
  rotating: async () => [],
  addRotating: async () => {},
  removeRotating: async () => {},
};

/** An audit log that stores nothing. */
const SILENT: AuditTrail = {
  append: async () => {},
  after: async () => [],
  of: async () => [],
  head: async () => 0,
  countAbout: async () => 0,
  countOf: async () => 0,
  lastOf: async () => 0,
  ofActions: async () => [],
  verify: async () => ({ ok: true, rows: 0, head: 0 }),
  checkpoint: async () => null,
  forget: async () => {},
  prune: async () => 0,
};
