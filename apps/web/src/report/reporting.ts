import type { ReportReason, Side, TaggedLine } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Call, type CallState, isInCall } from '../call/call-state.ts';
import { BlockModel } from './block-model.ts';
import { ownMeetingsOf, ownReportsOf } from './own-records.ts';
import type { Records } from './records.ts';
import { ReportModel, type ReportPorts } from './report-model.ts';
import type { OwnRecords, ReportDraft } from './reporting-view.ts';

export interface ReportingPorts extends Omit<ReportPorts, 'keep'> {
  /** What is kept on this device; its code is fetched when it is first needed. */
  readonly openRecords: () => Promise<Records>;
}

type Answer =
  | ServerMessageOf<'report.accepted'>
  | ServerMessageOf<'report.refused'>
  | ServerMessageOf<'block.accepted'>
  | ServerMessageOf<'block.refused'>;

/** Reports and blocks, and what is kept of them and of whom one met. */
export class Reporting implements OwnRecords, ReportDraft {
  readonly view: ReportModel['view'];
  readonly reports: OwnRecords['reports'];
  readonly meetings: OwnRecords['meetings'];
  readonly news: ReadonlySignal<boolean>;
  readonly #report: ReportModel;
  readonly #blocks: BlockModel;
  readonly #openRecords: () => Promise<Records>;
  readonly #records = signal<Records | null>(null);
  #opening: Promise<Records> | null = null;
  /** The receipt that was kept last. */
  #noted: string | null = null;

  constructor(ports: ReportingPorts) {
    this.#openRecords = ports.openRecords;
    this.#report = new ReportModel({
      ...ports,
      keep: (match, message) => this.#with((records) => records.keep(match, message)),
    });
    this.#blocks = new BlockModel(ports.send);
    this.view = this.#report.view;
    this.reports = computed(() => ownReportsOf(this.#records.value?.reports.value ?? []));
    this.meetings = computed(() =>
      ownMeetingsOf(
        this.#records.value?.meetings.value ?? [],
        (match) => this.wasSent(match),
        (match) => this.stateOf(match),
      ),
    );
    this.news = computed(() => this.reports.value.some(({ isNews }) => isNews));
  }

  // The call.

  open({ match, receipt, side }: Call, lines: readonly TaggedLine[], note: string): void {
    this.#report.open({ match, receipt, side }, lines, note);
  }

  setNote(note: string): void {
    this.#report.setNote(note);
  }

  toggleLine(place: number): void {
    this.#report.toggleLine(place);
  }

  send(reason: ReportReason): void {
    this.#report.send(reason);
  }

  close(): void {
    this.#report.close();
  }

  ask({ match, receipt }: Pick<Call, 'match' | 'receipt'>): void {
    this.#blocks.ask(match, receipt);
  }

  stateOf(match: string): ReturnType<BlockModel['stateOf']> {
    return this.#blocks.stateOf(match);
  }

  wasSent(match: string): boolean {
    return this.#report.wasSent(match);
  }

  // The link.

  sessionOpened(): void {
    this.#report.sessionOpened();
    this.#blocks.sessionOpened();
    this.#with((records) => {
      for (const { match, message } of records.waiting) this.#report.resume(match, message);
      void records.askOutcomes(false);
    });
  }

  receive(message: Answer): void {
    if (message.type === 'report.accepted' || message.type === 'report.refused') {
      this.#report.receive(message);
      this.#with((records) => records.answered(message));
    } else {
      this.#blocks.receive(message);
    }
  }

  // What is kept.

  /** Whom one is in a call with is kept, with the newest receipt that there is. */
  callChanged(state: CallState): void {
    if (!isInCall(state)) return;
    const { match, receipt, mode } = state.call;
    if (this.#noted === receipt) return;
    this.#noted = receipt;
    this.#with((records) => records.met({ match, receipt, mode }));
  }

  look(): void {
    this.#with((records) => void records.askOutcomes(true));
  }

  looked(): void {
    this.#with((records) => records.look());
  }

  reportMeeting(match: string): void {
    const meeting = this.#meeting(match);
    if (meeting !== undefined) this.#report.open({ ...meeting, side: NO_SIDE }, []);
  }

  blockMeeting(match: string): void {
    const meeting = this.#meeting(match);
    if (meeting !== undefined) this.ask(meeting);
  }

  forget(): void {
    this.#with((records) => records.forget());
  }

  #meeting(match: string) {
    return this.#records.value?.meetings.value.find((one) => one.match === match);
  }

  #with(work: (records: Records) => void): void {
    const open = this.#records.peek();
    if (open !== null) {
      work(open);
      return;
    }
    this.#opening ??= this.#openRecords();
    this.#opening.then(
      (records) => {
        this.#records.value = records;
        work(records);
      },
      () => {
        // Without the code nothing is kept; the next time it is fetched again.
        this.#opening = null;
      },
    );
  }
}

/** No lines go with the report of a call whose chat is gone. */
const NO_SIDE: Side = 'a';
