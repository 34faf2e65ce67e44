import type {
  KeptBlock,
  KeptDecision,
  KeptMeeting,
  KeptReport,
  RecordStore,
} from '../report/kept-records.ts';

export class FakeRecords implements RecordStore {
  readonly kept = new Map<string, KeptReport>();
  readonly met = new Map<string, KeptMeeting>();
  readonly told = new Map<string, KeptDecision>();
  readonly blocked = new Map<string, KeptBlock>();
  fails = false;

  async reports(): Promise<readonly KeptReport[]> {
    this.#check();
    // A copy, as from a disk.
    return structuredClone([...this.kept.values()]);
  }

  async meetings(): Promise<readonly KeptMeeting[]> {
    this.#check();
    return structuredClone([...this.met.values()]);
  }

  async decisions(): Promise<readonly KeptDecision[]> {
    this.#check();
    return structuredClone([...this.told.values()]);
  }

  async putDecision(decision: KeptDecision): Promise<void> {
    this.#check();
    this.told.set(decision.code, structuredClone(decision));
  }

  async removeDecision(code: string): Promise<void> {
    this.#check();
    this.told.delete(code);
  }

  async blocks(): Promise<readonly KeptBlock[]> {
    this.#check();
    return structuredClone([...this.blocked.values()]);
  }

  async putBlock(block: KeptBlock): Promise<void> {
    this.#check();
    this.blocked.set(block.match, structuredClone(block));
  }

  async removeBlock(match: string): Promise<void> {
    this.#check();
    this.blocked.delete(match);
  }

  async putReport(report: KeptReport): Promise<void> {
    this.#check();
    this.kept.set(report.id, structuredClone(report));
  }

  async putMeeting(meeting: KeptMeeting): Promise<void> {
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
