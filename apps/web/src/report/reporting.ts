import type { ReportReason, Seat, TaggedLine } from '@farandole/protocol/fields';
import { SHARED_CODE_PREFIX } from '@farandole/protocol/http-api';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, effect, type ReadonlySignal, untracked } from '@preact/signals';
import { type Call, type CallState, isInCall } from '../call/call-state.ts';
import { type AskOwnData, OwnDataModel } from '../state/own-data.ts';
import { BlockModel } from './block-model.ts';
import { LatePart } from './late-part.ts';
import type { LatePictures } from './late-pictures.ts';
import type { OwnBlocks } from './own-blocks.ts';
import { ownBlocksOf, ownMeetingsOf, ownReportsOf } from './own-records.ts';
import type { Records } from './records.ts';
import { type ReportMaterial, ReportModel, type ReportPorts } from './report-model.ts';
import type { OwnRecords, ReportDraft } from './reporting-view.ts';

export interface ReportingPorts extends Omit<ReportPorts, 'keep' | 'drop' | 'sendPictures'> {
  /** Whether the page is in the background: what is held does not wait there. */
  readonly hidden: ReadonlySignal<boolean>;
  readonly pictures: Pick<LatePictures, 'take' | 'send'>;
  /** What is kept on this device; its code is fetched when it is first needed. */
  readonly openRecords: () => Promise<Records>;
  /** Whom one blocked; likewise. */
  readonly openBlocks: () => Promise<OwnBlocks>;
  readonly askOwnData: AskOwnData;
}

type Answer =
  | ServerMessageOf<'report.accepted'>
  | ServerMessageOf<'report.refused'>
  | ServerMessageOf<'block.accepted'>
  | ServerMessageOf<'block.refused'>
  | ServerMessageOf<'block.removed'>
  | ServerMessageOf<'block.kept'>;

/** Reports and blocks, and what is kept of them and of whom one met. */
export class Reporting implements OwnRecords, ReportDraft {
  readonly view: ReportModel['view'];
  readonly reports: OwnRecords['reports'];
  readonly meetings: OwnRecords['meetings'];
  readonly decisions: OwnRecords['decisions'];
  readonly blocks: OwnRecords['blocks'];
  readonly news: ReadonlySignal<boolean>;
  readonly warning: OwnRecords['warning'];
  readonly atServer: OwnRecords['atServer'];
  readonly #report: ReportModel;
  readonly #blocks: BlockModel;
  readonly #pictures: ReportingPorts['pictures'];
  readonly #send: ReportingPorts['send'];
  readonly #records: LatePart<Records>;
  readonly #blockList: LatePart<OwnBlocks>;
  /** The receipt that was kept last. */
  #noted: string | null = null;

  constructor(ports: ReportingPorts) {
    this.#records = new LatePart(ports.openRecords);
    this.#blockList = new LatePart(ports.openBlocks);
    this.#send = ports.send;
    this.atServer = new OwnDataModel(ports.askOwnData);
    this.#pictures = ports.pictures;
    this.#report = new ReportModel({
      ...ports,
      sendPictures: (token, pictures) => ports.pictures.send(token, pictures),
      keep: (match, message) => this.#records.with((records) => records.keep(match, message)),
      drop: (id) => this.#records.with((records) => records.drop(id)),
    });
    this.#blocks = new BlockModel(ports.send);
    this.view = this.#report.view;
    this.reports = computed(() => ownReportsOf(this.#records.part.value?.reports.value ?? []));
    this.meetings = computed(() =>
      ownMeetingsOf(
        this.#records.part.value?.meetings.value ?? [],
        (match) => this.wasSent(match),
        (match) => this.stateOf(match),
      ),
    );
    this.decisions = computed(() => this.#records.part.value?.decisions.value ?? []);
    this.blocks = computed(() =>
      ownBlocksOf(
        this.#blockList.part.value?.blocks.value ?? [],
        (match) => this.#isReported(match),
        ports.isOnline.value,
      ),
    );
    this.warning = computed(() => this.#records.part.value?.warning.value ?? null);
    this.news = computed(() => this.reports.value.some(({ isNews }) => isNews));
    effect(() => {
      if (ports.hidden.value && this.#report.isHeld) untracked(() => this.sendNow());
    });
  }

  // The call.

  /** @param leave ends the call, and with it what was kept of the stranger's picture but for this */
  open(
    { match, receipt, side }: Call,
    lines: readonly TaggedLine[],
    note: string,
    leave: () => void,
  ): void {
    const pictures = this.#pictures.take();
    leave();
    this.#report.open({ match, receipt, side }, { lines, note, pictures });
  }

  hold(): void {
    this.#report.hold();
  }

  sendNow(): void {
    this.#report.sendNow();
  }

  takeBack(): void {
    this.#report.takeBack();
  }

  otherReason(): void {
    this.#report.otherReason();
  }

  togglePicture(id: number): void {
    this.#report.togglePicture(id);
  }

  dropPictures(): void {
    this.#report.dropPictures();
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
    const state = this.#blocks.stateOf(match);
    const isKept = this.#blockList.part.value?.holds(match) === true;
    return state === 'none' && isKept ? 'accepted' : state;
  }

  wasSent(match: string): boolean {
    return this.#report.wasSent(match);
  }

  // The link.

  sessionOpened(): void {
    this.#report.sessionOpened();
    this.#blocks.sessionOpened();
    for (const message of this.#blockList.part.peek()?.waiting ?? []) this.#send(message);
    this.#records.with((records) => {
      for (const { match, message } of records.waiting) this.#report.resume(match, message);
      void records.askNews(false);
    });
  }

  receive(message: Answer): void {
    if (message.type === 'report.accepted' || message.type === 'report.refused') {
      this.#report.receive(message);
      this.#records.with((records) => records.answered(message));
    } else if (message.type === 'block.removed' || message.type === 'block.kept') {
      this.#blockList.with((list) => {
        const match = list.answered(message);
        if (match !== null) this.#blocks.forget(match);
      });
    } else {
      this.#blocks.receive(message);
      if (message.type === 'block.accepted') this.#keepBlock(message);
    }
  }

  /** What may be read and appealed against by its code outlives the cookie here. */
  standingTold({ may, because, appeal, endsAtMs }: ServerMessageOf<'standing.changed'>): void {
    if (may === 'meet' || because !== 'decision' || appeal === undefined) return;
    // Of a device that others have, too: nothing of it is about them, and without the cookie it opens nothing.
    if (appeal.startsWith(SHARED_CODE_PREFIX)) return;
    const told = { code: appeal, may, endsAtMs: endsAtMs ?? null };
    this.#records.with((records) => records.decided(told));
  }

  // What is kept.

  /** Whom one is in a call with is kept, with the newest receipt that there is. */
  callChanged(state: CallState): void {
    if (!isInCall(state)) return;
    const { match, receipt, mode } = state.call;
    if (this.#noted === receipt) return;
    this.#noted = receipt;
    this.#records.with((records) => records.met({ match, receipt, mode }));
  }

  look(): void {
    this.#records.with((records) => void records.askNews(true));
    this.#blockList.with(() => {});
  }

  looked(): void {
    this.#records.with((records) => records.look());
    this.#blockList.part.peek()?.look();
  }

  understood(): void {
    this.#records.with((records) => records.understood());
  }

  reportMeeting(match: string): void {
    const meeting = this.#meeting(match);
    if (meeting === undefined) return;
    this.#report.open({ ...meeting, side: NO_SIDE }, NOTHING_KEPT);
  }

  blockMeeting(match: string): void {
    const meeting = this.#meeting(match);
    if (meeting !== undefined) this.ask(meeting);
  }

  unblock(match: string): void {
    this.#blockList.with((list) => {
      const message = list.remove(match);
      if (message !== null) this.#send(message);
    });
  }

  forget(): void {
    this.#records.with((records) => records.forget());
    this.#blockList.with((list) => list.forget());
  }

  /** In this visit or an earlier one, and not in vain. */
  #isReported(match: string): boolean {
    const kept = this.#records.part.value?.reports.value.find((one) => one.match === match);
    return kept === undefined ? this.wasSent(match) : kept.state.state !== 'refused';
  }

  #keepBlock({ match, proof = null }: KeptProof): void {
    this.#records.with((records) => {
      const block = { ...records.moment(match), match, proof };
      this.#blockList.with((list) => list.add(block));
    });
  }

  #meeting(match: string) {
    return this.#records.part.value?.meetings.value.find((one) => one.match === match);
  }
}

interface KeptProof {
  readonly match: string;
  readonly proof?: string | null | undefined;
}

/** Nothing goes with the report of a call whose chat is gone. */
const NOTHING_KEPT: ReportMaterial = { lines: [], note: '', pictures: [] };
const NO_SIDE: Seat = 'a';
