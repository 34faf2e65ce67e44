import type {
  RecordStore,
  StoredBlock,
  StoredDecision,
  StoredMeeting,
  StoredReport,
} from './stored-records.ts';

const DATABASE = 'farandole-records';
/** Version of the IndexedDB database, which increases with each new object store. */
const VERSION = 3;
const REPORTS = 'reports';
const MEETINGS = 'meetings';
const DECISIONS = 'decisions';
const BLOCKS = 'blocks';
const KEYS = {
  [REPORTS]: 'id',
  [MEETINGS]: 'match',
  [DECISIONS]: 'code',
  [BLOCKS]: 'match',
} as const;

/** A `RecordStore` in IndexedDB. Reading skips records that have an unknown shape. */
export class IndexedRecords implements RecordStore {
  readonly #factory: IDBFactory;

  constructor(factory: IDBFactory) {
    this.#factory = factory;
  }

  async reports(): Promise<readonly StoredReport[]> {
    const found: unknown[] = await this.#run(REPORTS, 'readonly', (store) => store.getAll());
    return found.filter(isReport);
  }

  async meetings(): Promise<readonly StoredMeeting[]> {
    const found: unknown[] = await this.#run(MEETINGS, 'readonly', (store) => store.getAll());
    return found.filter(isMeeting);
  }

  async decisions(): Promise<readonly StoredDecision[]> {
    const found: unknown[] = await this.#run(DECISIONS, 'readonly', (store) => store.getAll());
    return found.filter(isDecision);
  }

  async blocks(): Promise<readonly StoredBlock[]> {
    const found: unknown[] = await this.#run(BLOCKS, 'readonly', (store) => store.getAll());
    return found.filter(isBlock);
  }

  async putReport(report: StoredReport): Promise<void> {
    await this.#run(REPORTS, 'readwrite', (store) => store.put(report));
  }

  async putMeeting(meeting: StoredMeeting): Promise<void> {
    await this.#run(MEETINGS, 'readwrite', (store) => store.put(meeting));
  }

  async putBlock(block: StoredBlock): Promise<void> {
    await this.#run(BLOCKS, 'readwrite', (store) => store.put(block));
  }

  async removeReport(id: string): Promise<void> {
    await this.#run(REPORTS, 'readwrite', (store) => store.delete(id));
  }

  async removeMeeting(match: string): Promise<void> {
    await this.#run(MEETINGS, 'readwrite', (store) => store.delete(match));
  }

  async putDecision(decision: StoredDecision): Promise<void> {
    await this.#run(DECISIONS, 'readwrite', (store) => store.put(decision));
  }

  async removeDecision(code: string): Promise<void> {
    await this.#run(DECISIONS, 'readwrite', (store) => store.delete(code));
  }

  async removeBlock(match: string): Promise<void> {
    await this.#run(BLOCKS, 'readwrite', (store) => store.delete(match));
  }

  async #run<T>(
    name: string,
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    const database = await this.#open();
    try {
      const transaction = database.transaction(name, mode);
      const done = new Promise<void>((resolve, reject) => {
        transaction.addEventListener('complete', () => resolve());
        transaction.addEventListener('abort', () => reject(new Error('nothing was kept')));
      });
      const request = work(transaction.objectStore(name));
      // The record is stored only once the transaction has committed.
      await done;
      return request.result;
    } finally {
      database.close();
    }
  }

  #open(): Promise<IDBDatabase> {
    const request = this.#factory.open(DATABASE, VERSION);
    request.addEventListener('upgradeneeded', () => {
      const { result } = request;
      for (const [name, keyPath] of Object.entries(KEYS)) {
        // The object store exists if an older version of the page created it.
        if (!result.objectStoreNames.contains(name)) result.createObjectStore(name, { keyPath });
      }
    });
    return new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(new Error('the records did not open')));
      request.addEventListener('blocked', () => reject(new Error('the records are held open')));
    });
  }
}

function isReport(value: unknown): value is StoredReport {
  if (typeof value !== 'object' || value === null) return false;
  const { id, match, atMs, state } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || typeof match !== 'string' || typeof atMs !== 'number') return false;
  if (typeof state !== 'object' || state === null) return false;
  const { state: kind } = state as { state?: unknown };
  return kind === 'waiting' || kind === 'accepted' || kind === 'refused';
}

function isMeeting(value: unknown): value is StoredMeeting {
  if (typeof value !== 'object' || value === null) return false;
  const { match, receipt, atMs } = value as Readonly<Record<string, unknown>>;
  return typeof match === 'string' && typeof receipt === 'string' && typeof atMs === 'number';
}

function isDecision(value: unknown): value is StoredDecision {
  if (typeof value !== 'object' || value === null) return false;
  const { code, may, atMs, endsAtMs } = value as Readonly<Record<string, unknown>>;
  const isKnown = may === 'text' || may === 'nothing';
  const hasTimes = typeof atMs === 'number' && (endsAtMs === null || typeof endsAtMs === 'number');
  return typeof code === 'string' && isKnown && hasTimes;
}

function isBlock(value: unknown): value is StoredBlock {
  if (typeof value !== 'object' || value === null) return false;
  const { match, atMs, met, proof } = value as Readonly<Record<string, unknown>>;
  if (typeof match !== 'string' || typeof atMs !== 'number') return false;
  return typeof met === 'object' && (typeof proof === 'string' || proof === null);
}
