import type {
  RecordStore,
  StoredBlock,
  StoredDecision,
  StoredMeeting,
  StoredReport,
} from '../report/stored-records.ts';

export class FakeRecords implements RecordStore {
  readonly kept = new Map<string, StoredReport>();
  readonly met = new Map<string, StoredMeeting>();
  readonly told = new Map<string, StoredDecision>();
  readonly blocked = new Map<string, StoredBlock>();
  fails = false;

  async reports(): Promise<readonly StoredReport[]> {
    this.#check();
    // Returns copies of the stored objects, as reading from a disk does.
    return structuredClone([...this.kept.values()]);
  }

  async meetings(): Promise<readonly StoredMeeting[]> {
    this.#check();
    return structuredClone([...this.met.values()]);
  }

  async decisions(): Promise<readonly StoredDecision[]> {
    this.#check();
    return structuredClone([...this.told.values()]);
  }

  async putDecision(decision: StoredDecision): Promise<void> {
    this.#check();
    this.told.set(decision.code, structuredClone(decision));
  }

  async removeDecision(code: string): Promise<void> {
    this.#check();
    this.told.delete(code);
  }

  async blocks(): Promise<readonly StoredBlock[]> {
    this.#check();
    return structuredClone([...this.blocked.values()]);
  }

  async putBlock(block: StoredBlock): Promise<void> {
    this.#check();
    this.blocked.set(block.match, structuredClone(block));
  }

  async removeBlock(match: string): Promise<void> {
    this.#check();
    this.blocked.delete(match);
  }

  async putReport(report: StoredReport): Promise<void> {
    this.#check();
    this.kept.set(report.id, structuredClone(report));
  }

  async putMeeting(meeting: StoredMeeting): Promise<void> {
    this.#check();
    this.met.set(meeting.match, structuredClone(meeting));
  }

  async removeReport(id: string): Promise<void> {
    this.#check();
    this.kept.delete(id);
  }

  async removeMeeting(match: string): Promise<void> {
    this.#check();
    this.met.delete(match);
  }

  #check(): void {
    if (this.fails) throw new Error('as the test wants it');
  }
}
