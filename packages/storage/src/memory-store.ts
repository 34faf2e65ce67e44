import { randomBytes } from 'node:crypto';
import type { MemberId } from '@farandole/accounts/ids';
import type { AuditEntry } from '@farandole/accounts/records';
import type { Collection, Condition, FindOptions } from '@farandole/kernel/collection';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { Words, WordsOwner } from '@farandole/moderation/store/kept';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type {
  AuditCheckpoint,
  AuditRow,
  AuditTrail,
  AuditVerdict,
  Records,
  WordsKept,
} from '@farandole/moderation/store/records';
import { chainRow, firstAfter, GENESIS } from './audit-chain.ts';
import { AuditCheck } from './audit-check.ts';
import { readAuditRow } from './audit-row.ts';
import { AuditSeal, type SealedEnd } from './audit-seal.ts';
import { GroupCommit, type OpenTransaction } from './group-commit.ts';
import type { AuditTableRow } from './schema.ts';
import { SEAL_KEY_BYTES } from './sealed-bytes.ts';
import { type Columns, TABLES, type TableOf, type Value } from './tables.ts';

/** The store in memory, for tests and simulations: it forgets everything when the process ends. */
export class MemoryStore implements ModerationStore {
  readonly #commit: GroupCommit;

  constructor() {
    const undo: (() => void)[] = [];
    const records = memoryRecords((step) => void undo.push(step));
    const undoTo = (length: number): void => {
      while (undo.length > length) undo.pop()?.();
    };
    this.#commit = new GroupCommit(async (): Promise<OpenTransaction> => {
      let marked = 0;
      return {
        records,
        mark: async () => {
          marked = undo.length;
        },
        backToMark: async () => undoTo(marked),
        commit: async () => {
          undo.length = 0;
        },
        rollback: async () => undoTo(0),
      };
    });
  }

  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    return this.#commit.run(name, input);
  }

  async close(): Promise<void> {
    await this.#commit.close();
  }
}

/** Takes the way back of each change as it is made. */
type Undo = (step: () => void) => void;

function memoryRecords(undo: Undo): Records {
  return {
    cases: new MemoryCollection(TABLES.cases, undo),
    reports: new MemoryCollection(TABLES.reports, undo),
    pictures: new MemoryCollection(TABLES.pictures, undo),
    pictureKeys: new MemoryCollection(TABLES.pictureKeys, undo),
    decisions: new MemoryCollection(TABLES.decisions, undo),
    sanctions: new MemoryCollection(TABLES.sanctions, undo),
    strikes: new MemoryCollection(TABLES.strikes, undo),
    appeals: new MemoryCollection(TABLES.appeals, undo),
    sharedAppeals: new MemoryCollection(TABLES.sharedAppeals, undo),
    approvals: new MemoryCollection(TABLES.approvals, undo),
    people: new MemoryCollection(TABLES.people, undo),
    members: new MemoryCollection(TABLES.members, undo),
    settings: new MemoryCollection(TABLES.settings, undo),
    passkeys: new MemoryCollection(TABLES.passkeys, undo),
    passwords: new MemoryCollection(TABLES.passwords, undo),
    consoleSessions: new MemoryCollection(TABLES.consoleSessions, undo),
    signInLinks: new MemoryCollection(TABLES.signInLinks, undo),
    attempts: new MemoryCollection(TABLES.attempts, undo),
    spentChallenges: new MemoryCollection(TABLES.spentChallenges, undo),
    tallies: new MemoryCollection(TABLES.tallies, undo),
    pairs: new MemoryCollection(TABLES.pairs, undo),
    anchors: new MemoryCollection(TABLES.anchors, undo),
    words: new MemoryWords(undo),
    audit: new MemoryAudit(undo),
  };
}

/** A map whose every change can be taken back. */
class UndoableMap<Key, Entity> {
  readonly #map = new Map<Key, Entity>();
  readonly #undo: Undo;

  constructor(undo: Undo) {
    this.#undo = undo;
  }

  get(key: Key): Entity | undefined {
    return this.#map.get(key);
  }

  set(key: Key, entity: Entity): void {
    this.#remember(key);
    this.#map.set(key, entity);
  }

  delete(key: Key): void {
    this.#remember(key);
    this.#map.delete(key);
  }

  entries(): [Key, Entity][] {
    return [...this.#map];
  }

  values(): Entity[] {
    return [...this.#map.values()];
  }

  #remember(key: Key): void {
    const before = this.#map.get(key);
    this.#undo(() => {
      if (before === undefined) this.#map.delete(key);
      else this.#map.set(key, before);
    });
  }
}

type Asked = Readonly<Record<string, Condition<Value> | undefined>>;

class MemoryCollection<Id extends string, Entity extends { readonly id: Id }, By>
  implements Collection<Id, Entity, By>
{
  readonly #table: TableOf<Entity>;
  readonly #map: UndoableMap<Id, Entity>;

  constructor(table: TableOf<Entity>, undo: Undo) {
    this.#table = table;
    this.#map = new UndoableMap(undo);
  }

  async get(id: Id): Promise<Entity | null> {
    return this.#map.get(id) ?? null;
  }

  async put(entity: Entity): Promise<void> {
    this.#map.set(entity.id, entity);
  }

  async putAll(entities: readonly Entity[], known: 'stay' | 'give way'): Promise<void> {
    for (const entity of entities) {
      if (known === 'give way' || this.#map.get(entity.id) === undefined) await this.put(entity);
    }
  }

  async remove(id: Id): Promise<void> {
    this.#map.delete(id);
  }

  async find(
    by: { readonly [Field in keyof By]?: Condition<By[Field]> },
    { limit, skip = 0, newestFirst = false }: FindOptions,
  ): Promise<readonly Entity[]> {
    const asked = Object.entries(by as Asked);
    const found = this.#map
      .values()
      .map((entity) => ({ entity, columns: this.#columnsOf(entity) }))
      .filter(({ columns }) => asked.every(([name, is]) => holds(columns[name] ?? null, is)))
      .sort((a, b) => a.columns.atMs - b.columns.atMs || Number(a.entity.id > b.entity.id) * 2 - 1)
      .map(({ entity }) => entity);
    return (newestFirst ? found.reverse() : found).slice(skip, skip + limit);
  }

  async count(by: { readonly [Field in keyof By]?: Condition<By[Field]> }): Promise<number> {
    return (await this.find(by, { limit: Number.MAX_SAFE_INTEGER })).length;
  }

  #columnsOf(entity: Entity): Columns {
    return { id: entity.id, ...this.#table.columns(entity) };
  }
}

function holds(value: Value, condition: Condition<Value> | undefined): boolean {
  if (condition === undefined) return true;
  if (typeof condition !== 'object' || condition === null) return value === condition;
  if ('oneOf' in condition) return condition.oneOf.includes(value);
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = condition;
  return typeof value === 'number' && from <= value && value <= to;
}

interface MemoryWord {
  readonly words: Words;
  readonly keepUntilMs: number;
}

class MemoryWords implements WordsKept {
  readonly #map: UndoableMap<string, MemoryWord>;

  constructor(undo: Undo) {
    this.#map = new UndoableMap(undo);
  }

  async put(owner: WordsOwner, id: string, words: Words, keepUntilMs: number): Promise<void> {
    this.#map.set(`${owner}:${id}`, { words, keepUntilMs });
  }

  async get(owner: WordsOwner, id: string): Promise<Words | null> {
    return this.#map.get(`${owner}:${id}`)?.words ?? null;
  }

  async keepUntil(owner: WordsOwner, id: string, keepUntilMs: number): Promise<void> {
    const known = this.#map.get(`${owner}:${id}`);
    if (known !== undefined) this.#map.set(`${owner}:${id}`, { ...known, keepUntilMs });
  }

  async shred(owner: WordsOwner, id: string): Promise<void> {
    this.#map.delete(`${owner}:${id}`);
  }

  async shredDue(nowMs: number, limit: number): Promise<number> {
    const due = this.#map
      .entries()
      .filter(([, { keepUntilMs }]) => keepUntilMs <= nowMs)
      .slice(0, limit);
    for (const [id] of due) this.#map.delete(id);
    return due.length;
  }

  async rewrap(): Promise<{ rewrapped: number; unopened: number }> {
    return { rewrapped: this.#map.entries().length, unopened: 0 };
  }
}

class MemoryAudit implements AuditTrail {
  readonly #rows: UndoableMap<number, AuditTableRow>;
  readonly #ends: UndoableMap<'first' | 'last', SealedEnd>;
  readonly #seal = new AuditSeal(randomBytes(SEAL_KEY_BYTES));

  constructor(undo: Undo) {
    this.#rows = new UndoableMap(undo);
    this.#ends = new UndoableMap(undo);
  }

  async append(entry: AuditEntry): Promise<void> {
    const { row, last } = chainRow(this.#seal, this.#end('last'), true, entry);
    this.#rows.set(row.seq, row);
    this.#ends.set('last', last);
  }

  async after(seq: number, limit: number): Promise<readonly AuditRow[]> {
    return this.#after(seq).slice(0, limit).map(readAuditRow);
  }

  async of(about: string, limit: number): Promise<readonly AuditRow[]> {
    const rows = this.#after(0).filter((row) => row.about === about);
    return rows.slice(-limit).map(readAuditRow);
  }

  async head(): Promise<number> {
    return this.#end('last').seq;
  }

  async countAbout(by: MemberId, action: string, fromMs: number): Promise<number> {
    return new Set(this.#doneBy(by, action, fromMs).map(({ about }) => about)).size;
  }

  async countOf(by: AuditEntry['by'], action: string, fromMs: number): Promise<number> {
    return this.#doneBy(by, action, fromMs).length;
  }

  async lastOf(actions: readonly string[]): Promise<number> {
    const rows = this.#rows.values().filter(({ action }) => actions.includes(action));
    return Math.max(0, ...rows.map(({ seq }) => seq));
  }

  async ofActions(
    actions: readonly string[],
    seq: number,
    limit: number,
  ): Promise<readonly AuditRow[]> {
    const rows = this.#after(seq).filter(({ action }) => actions.includes(action));
    return rows.slice(0, limit).map(readAuditRow);
  }

  async verify(known: AuditCheckpoint | null): Promise<AuditVerdict> {
    const first = this.#end('first');
    const check = new AuditCheck({ seal: this.#seal, first, last: this.#end('last'), known });
    this.#after(first.seq).every((row) => check.take(row));
    return check.verdict();
  }

  async checkpoint(): Promise<AuditCheckpoint | null> {
    const { seq, hash, seal } = this.#end('last');
    return seal === null ? null : { seq, hash, seal };
  }

  async forget(about: string): Promise<void> {
    for (const row of this.#rows.values()) {
      if (row.about === about) this.#rows.set(row.seq, { ...row, details: null, salt: null });
    }
  }

  async prune(atMs: number, limit: number): Promise<number> {
    const first = this.#end('first');
    const oldest = this.#after(first.seq).slice(0, limit);
    const kept = oldest.findIndex((row) => row.atMs >= atMs);
    const gone = kept === -1 ? oldest : oldest.slice(0, kept);
    if (gone.length === 0) return 0;
    for (const { seq } of gone) this.#rows.delete(seq);
    this.#ends.set('first', firstAfter(this.#seal, first, gone));
    return gone.length;
  }

  #end(id: 'first' | 'last'): SealedEnd {
    return this.#ends.get(id) ?? GENESIS;
  }

  #doneBy(by: AuditEntry['by'], action: string, fromMs: number): AuditTableRow[] {
    return this.#after(0).filter(
      (row) => row.by === by && row.action === action && row.atMs >= fromMs,
    );
  }

  #after(seq: number): AuditTableRow[] {
    return this.#rows
      .values()
      .filter((row) => row.seq > seq)
      .sort((a, b) => a.seq - b.seq);
  }
}
