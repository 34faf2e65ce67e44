import type { Seat, TaggedLine } from '@farandole/protocol/fields';
import { type OwnWarning, SHARED_CODE_PREFIX } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, effect, type ReadonlySignal, untracked } from '@preact/signals';
import { type LazyModel, lazyModel } from '../base/lazy-model.ts';
import { type Call, type CallState, isInCall } from '../call/call-state.ts';
import { BlockModel } from './block-model.ts';
import type { OwnBlocks } from './own-blocks.ts';
import type { AskOwnData } from './own-data.ts';
import { ownBlocksOf, ownMeetingsOf, ownReportsOf } from './own-records.ts';
import type { Records } from './records.ts';
import { ReportModel } from './report-model.ts';
import type { ReportPictures } from './report-pictures.ts';
import type { ReportMaterial, ReportPorts } from './report-ports.ts';
import type {
  OwnBlockView,
  OwnDecisionView,
  OwnMeetingView,
  OwnReportView,
} from './reporting-view.ts';

export interface ReportingPorts
  extends Pick<ReportPorts, 'send' | 'freshId' | 'scheduler' | 'isOnline'> {
  /** Returns the current or, if there is none, the last call. Null if there was none. */
  readonly lastCall: () => Call | null;
  readonly leaveCall: (as: 'reported' | 'blocked') => void;
  /** Sets the current call aside or takes it up again. */
  readonly setAside: (aside: boolean) => void;
  readonly lines: () => readonly TaggedLine[];
  /** Whether the page is in the background, where a pending report is sent at once. */
  readonly hidden: ReadonlySignal<boolean>;
  readonly pictures: Pick<ReportPictures, 'take' | 'send'>;
  /** Loads the code that manages stored records on first use. */
  readonly openRecords: () => Promise<Records>;
  /** Loads the code that manages blocks on first use. */
  readonly openBlocks: () => Promise<OwnBlocks>;
  readonly askOwnData: AskOwnData;
}

type ReportReply =
  | ServerMessageOf<'report.accepted'>
  | ServerMessageOf<'report.refused'>
  | ServerMessageOf<'block.accepted'>
  | ServerMessageOf<'block.refused'>
  | ServerMessageOf<'block.removed'>
  | ServerMessageOf<'block.kept'>;

export class Reporting {
  readonly report: ReportModel;
  /** Reports that the user made, newest first. */
  readonly reports: ReadonlySignal<readonly OwnReportView[]>;
  /** Meetings of the last day, newest first. */
  readonly meetings: ReadonlySignal<readonly OwnMeetingView[]>;
  /** Moderation decisions about this user that this page has received, newest first. */
  readonly decisions: ReadonlySignal<readonly OwnDecisionView[]>;
  /** Blocks that the user made, newest first. */
  readonly blocks: ReadonlySignal<readonly OwnBlockView[]>;
  /** Whether there is a moderation decision that the user hasn't seen. */
  readonly news: ReadonlySignal<boolean>;
  /** The newest warning from the moderators; `null` after the user dismissed it. */
  readonly warning: ReadonlySignal<OwnWarning | null>;
  readonly askOwnData: AskOwnData;
  readonly #blocks: BlockModel;
  readonly #ports: ReportingPorts;
  readonly #records: LazyModel<Records>;
  readonly #blockList: LazyModel<OwnBlocks>;
  #noted: string | null = null;

  constructor(ports: ReportingPorts) {
    this.#ports = ports;
    this.#records = lazyModel(ports.openRecords);
    this.#blockList = lazyModel(ports.openBlocks);
    this.askOwnData = ports.askOwnData;
    this.report = new ReportModel({
      ...ports,
      setAside: () => this.#setAside(),
      takeUp: () => ports.setAside(false),
      leaveCall: (match, as) => this.#leave(match, as),
      block: (draft) => this.ask(draft),
      unblock: (match) => this.#undoBlock(match),
      sendPictures: (token, pictures) => ports.pictures.send(token, pictures),
      keep: (match, message) => this.#records.use((records) => records.keep(match, message)),
      drop: (id) => this.#records.use((records) => records.drop(id)),
    });
    this.#blocks = new BlockModel(ports.send);
    this.reports = computed(() => ownReportsOf(this.#records.model.value?.reports.value ?? []));
    this.meetings = computed(() =>
      ownMeetingsOf(
        this.#records.model.value?.meetings.value ?? [],
        (match) => this.wasReported(match),
        (match) => this.stateOf(match),
      ),
    );
    this.decisions = computed(() => this.#records.model.value?.decisions.value ?? []);
    this.blocks = computed(() =>
      ownBlocksOf(
        this.#blockList.model.value?.blocks.value ?? [],
        (match) => this.#isReported(match),
        ports.isOnline.value,
      ),
    );
    this.warning = computed(() => this.#records.model.value?.warning.value ?? null);
    this.news = computed(() => this.reports.value.some(({ isNews }) => isNews));
    effect(() => {
      if (ports.hidden.value && this.report.isPending) untracked(() => this.report.sendNow());
    });
  }

  /** Ends the call and blocks the peer. The server never matches the two users again. */
  block(): void {
    const call = this.#ports.lastCall();
    if (call === null) return;
    this.#ports.leaveCall('blocked');
    this.ask(call);
  }

  /** @returns false if the user had already blocked the peer */
  ask(of: Pick<Call, 'match' | 'receipt'> & { readonly of?: Seat | false }): boolean {
    const { match } = of;
    const state = this.stateOf(match);
    if (state === 'asked' || state === 'accepted') return false;
    this.#blocks.ask(of);
    return true;
  }

  stateOf(match: string): ReturnType<BlockModel['stateOf']> {
    const state = this.#blocks.stateOf(match);
    const isKept = this.#blockList.model.value?.holds(match) === true;
    return state === 'none' && isKept ? 'accepted' : state;
  }

  wasReported(match: string): boolean {
    return this.report.wasReported(match);
  }

  sessionOpened(): void {
    this.report.sessionOpened();
    this.#blocks.sessionOpened();
    for (const message of this.#blockList.model.peek()?.waiting ?? []) this.#ports.send(message);
    this.#records.use((records) => {
      for (const { match, message } of records.waiting) this.report.resume(match, message);
      void records.askNews(false);
    });
  }

  receive(message: ReportReply): void {
    if (message.type === 'report.accepted' || message.type === 'report.refused') {
      this.report.receive(message);
      this.#records.use((records) => records.answered(message));
    } else if (message.type === 'block.removed' || message.type === 'block.kept') {
      this.#blockList.use((list) => {
        const match = list.answered(message);
        if (match !== null) this.#blocks.forget(match);
      });
    } else {
      this.#blocks.receive(message);
      if (message.type === 'block.accepted') {
        this.#keepBlock(message);
        if (this.#blocks.isUndone(message.match)) this.#undoBlock(message.match);
      }
    }
  }

  /**
   * Stores the code of the moderation decision, because the user needs it after the cookie is
   * gone.
   */
  standingTold({ may, because, appeal, endsAtMs }: ServerMessageOf<'standing.changed'>): void {
    if (may === 'meet' || because !== 'decision' || appeal === undefined) return;
    // The code of a decision about a shared device isn't stored, because the decision may be about
    // another user of this device, and without the cookie the code opens nothing.
    if (appeal.startsWith(SHARED_CODE_PREFIX)) return;
    const told = { code: appeal, may, endsAtMs: endsAtMs ?? null };
    this.#records.use((records) => records.decided(told));
  }

  /** Stores the current meeting with its newest receipt. */
  callChanged(state: CallState): void {
    if (!isInCall(state)) return;
    const { match, receipt, mode } = state.call;
    // The list of meetings names one stranger a call.
    if (this.#noted === receipt || mode === 'question') return;
    this.#noted = receipt;
    this.#records.use((records) => records.met({ match, receipt, mode }));
  }

  /** Loads the stored records and queries the server for the outcomes of reports. */
  startViewing(): void {
    this.#records.use((records) => void records.askNews(true));
    this.#blockList.use(() => {});
  }

  /** Marks the stored records as seen by the user. */
  stopViewing(): void {
    this.#records.use((records) => records.startViewing());
    this.#blockList.model.peek()?.startViewing();
  }

  understood(): void {
    this.#records.use((records) => records.understood());
  }

  reportMeeting(match: string): void {
    const meeting = this.#meeting(match);
    if (meeting === undefined) return;
    this.report.openFor({ ...meeting, side: NO_SEAT, lines: [], pictures: [] });
  }

  blockMeeting(match: string): void {
    const meeting = this.#meeting(match);
    if (meeting !== undefined) this.ask(meeting);
  }

  unblock(match: string): void {
    this.#blockList.use((list) => {
      const message = list.remove(match);
      if (message !== null) this.#ports.send(message);
    });
  }

  /** Deletes all stored records except unsent reports. */
  forget(): void {
    this.#records.use((records) => records.forget());
    this.#blockList.use((list) => list.forget());
  }

  #setAside(): (Call & ReportMaterial) | null {
    const call = this.#ports.lastCall();
    if (call === null) return null;
    this.#ports.setAside(true);
    // The pictures are taken now, because they show what the user saw before pressing Report.
    return { ...call, lines: this.#ports.lines(), pictures: this.#ports.pictures.take() };
  }

  #leave(match: string, as: 'reported' | 'blocked') {
    const call = this.#ports.lastCall();
    // A call that failed to connect may have been followed by another one, which must not end.
    if (call?.match !== match) return null;
    const lines = this.#ports.lines();
    this.#ports.leaveCall(as);
    return { receipt: call.receipt, lines };
  }

  #undoBlock(match: string): void {
    this.#blocks.undo(match);
    // The list is reached through the records, as in `#keepBlock`, so that the block is in it.
    this.#records.use(() => this.unblock(match));
  }

  /** Whether the user reported this call, in any visit, and the server didn't refuse the report. */
  #isReported(match: string): boolean {
    const kept = this.#records.model.value?.reports.value.find((one) => one.match === match);
    return kept === undefined ? this.wasReported(match) : kept.state.state !== 'refused';
  }

  #keepBlock({ match, proof = null }: StoredProof): void {
    this.#records.use((records) => {
      const block = { ...records.moment(match), match, proof };
      this.#blockList.use((list) => list.add(block));
    });
  }

  #meeting(match: string) {
    return this.#records.model.value?.meetings.value.find((one) => one.match === match);
  }
}

interface StoredProof {
  readonly match: string;
  readonly proof?: string | null | undefined;
}

/**
 * In a report without chat lines it doesn't matter which seat of the call (`a` or `b`) the
 * reporter had.
 */
const NO_SEAT: Seat = 'a';
