import assert from 'node:assert/strict';
import type { MemberId } from '@farandole/accounts/ids';
import { ROLES, type Role } from '@farandole/accounts/roles';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import type { AppealOutcome } from '@farandole/moderation/appeals/appeal';
import type { CaseStep } from '@farandole/moderation/cases/case-steps';
import type { Decided } from '@farandole/moderation/cases/decide';
import type { Measure } from '@farandole/moderation/cases/decision';
import type { QueueInput, QueuePage } from '@farandole/moderation/cases/queue';
import type { Suspension } from '@farandole/moderation/cases/suspension';
import type { ReportInput, TakenReport } from '@farandole/moderation/cases/take-report';
import type {
  AnchorHash,
  AppealId,
  ApprovalId,
  CaseId,
  DecisionId,
  PictureId,
  ReportId,
} from '@farandole/moderation/ids';
import { NOTICE_DELAY_MS_MIN, SERVER_NETWORKS_MIN } from '@farandole/moderation/limits';
import type { QueueName } from '@farandole/moderation/reports/queue-name';
import type { ReportReason } from '@farandole/moderation/reports/reason';
import type { Finding } from '@farandole/moderation/reports/verdict';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { NetworkScope, StoredPair } from '@farandole/moderation/store/stored';

export const START_MS = 1_800_000_000_000;
export const DAY_MS = 86_400_000;

export const subject = (name: string): SubjectId => brandId<SubjectId>(`subject-${name}`);
export const device = (name: string): DeviceKeyId => brandId<DeviceKeyId>(`device-of-${name}`);
export const member = (name: string): MemberId => brandId<MemberId>(`member-${name}`);
/** Fake encrypted bytes of a picture. They contain every byte and are longer than one page. */
export const sealedPicture = (n: number, at = 0): Uint8Array =>
  Buffer.from(Array.from({ length: 5_000 }, (_, byte) => (byte + n + at) % 256));

export const pictureId = (n: number, at = 0): PictureId => brandId<PictureId>(`picture-${n}-${at}`);
export const networkId = (name: string): AnchorHash => brandId<AnchorHash>(`network-${name}`);
export const matchId = (n: number): MatchId =>
  brandId<MatchId>(`match-${n.toString().padStart(4, '0')}`);
export const caseId = (name: string): CaseId => brandId<CaseId>(`case-of-${name}`);

export function given<Value>(result: Result<Value>): Value {
  assert.ok(result.ok, result.ok ? '' : `refused: ${result.reason}`);
  return result.value;
}

export interface ReportChange {
  readonly by?: string;
  readonly of?: string;
  readonly device?: string;
  readonly reason?: ReportReason;
  readonly note?: string | null;
  readonly said?: readonly string[];
  readonly atMs?: number;
  readonly evidence?: ReportInput['report']['evidence'];
  /** The reporter's network. By default each reporter has a network of their own. */
  readonly from?: string;
  /** The reporter's device. By default the report has no device. */
  readonly byDevice?: string;
  /** How the two users chose each other. By default they met by chance. */
  readonly metBy?: 'invitation' | 'again';
  /** Whether the report exceeds the budget of the reporter's network. */
  readonly overBudget?: true;
}

/** Builds a report from call number `n` of a minute. By default Ada reports Mallory. */
export function reportFrom(n: number, change: ReportChange = {}): ReportInput {
  const { by = 'ada', of = 'mallory', atMs = START_MS + n, said = [] } = change;
  return {
    report: {
      id: brandId<ReportId>(`report-${n}`),
      match: matchId(n),
      by: subject(by),
      of: subject(of),
      ofDevice: device(change.device ?? of),
      reason: change.reason ?? 'threat-or-violence',
      note: change.note ?? null,
      lines: said.length,
      evidence: change.evidence ?? 'inconclusive',
      from: {
        network: networkId(change.from ?? `of-${by}`),
        parent: networkId(`around-${change.from ?? by}`),
      },
      lastedMs: 60_000,
      ...(change.byDevice !== undefined && { byDevice: device(change.byDevice) }),
      ...(change.metBy !== undefined && { metBy: change.metBy }),
      atMs,
    },
    said: said.map((text, at) => ({ side: 'b', counters: [0, at + 1], atMs, text })),
    code: `CODE-${n}`,
    side: 'a',
    freshCase: brandId<CaseId>(`case-from-${n}`),
    noticeDelayMs: NOTICE_DELAY_MS_MIN,
    ...(change.overBudget === true && { overBudget: true }),
  };
}

export interface DecisionChange {
  readonly note?: string;
  readonly finding?: Finding;
  readonly networks?: readonly NetworkScope[];
}

type Untimed<Input> = Input extends unknown ? Omit<Input, 'nowMs'> : never;

type Done<Outcome> = Outcome extends { readonly ok: true; readonly value: infer Value }
  ? Value
  : never;

export class Desk {
  readonly store: ModerationStore;
  nowMs = START_MS;
  #fresh = 0;
  #proved = 0;

  constructor(store: ModerationStore) {
    this.store = store;
  }

  fresh(kind: string): string {
    this.#fresh += 1;
    return `${kind}-${this.#fresh.toString().padStart(4, '0')}`;
  }

  async run<Name extends CommandName>(
    name: Name,
    input: Untimed<InputOf<Name>>,
  ): Promise<OutcomeOf<Name>> {
    const timed: unknown = { ...input, nowMs: this.nowMs };
    return await this.store.run(name, timed as InputOf<Name>);
  }

  async do<Name extends CommandName>(
    name: Name,
    input: Untimed<InputOf<Name>>,
  ): Promise<Done<OutcomeOf<Name>>> {
    const outcome: unknown = await this.run(name, input);
    return given(outcome as Result<Done<OutcomeOf<Name>>>);
  }

  async hire(name: string, ...roles: Role[]): Promise<MemberId> {
    const input = { id: member(name), name, roles, by: null, nowMs: this.nowMs };
    return given(await this.store.run('member.add', input)).id;
  }

  /** Returns a page of the queue, by default the first. */
  async page(by: MemberId, change: Omit<QueueInput, 'by' | 'nowMs'> = {}): Promise<QueuePage> {
    return await this.do('queue.read', { by, ...change });
  }

  /** Returns the rows of the queue's first page. */
  async queue(by: MemberId): Promise<QueuePage['rows']> {
    return (await this.page(by)).rows;
  }

  async hireModerators(one: string, other: string) {
    return [await this.hire(one, 'moderator'), await this.hire(other, 'moderator')] as const;
  }

  async report(n: number, change: ReportChange = {}): Promise<TakenReport> {
    return await this.store.run('report.take', reportFrom(n, change));
  }

  /** Reports a possible minor. The reporter is proven and uses another network than the subject. */
  async reportMinor(n: number, change: ReportChange = {}): Promise<TakenReport> {
    const { by = 'ada', of = 'mallory' } = change;
    await this.see(`home-of-${of}`, of);
    await this.prove(by);
    return await this.report(n, { ...change, reason: 'may-be-under-18' });
  }

  /**
   * Makes users proven by calls with people of three networks, without counting unreported
   * calls.
   */
  async prove(...names: readonly string[]): Promise<void> {
    const calls = names.flatMap((name, at) =>
      ['one', 'two', 'three'].map((place) => ({
        subject: subject(name),
        // Once the store has many proven users, the partner must be proven and must not have made
        // two other users proven. So each user gets a different partner.
        other: subject(`reporter-${(this.#proved + at) % 20}`),
        ...{ counts: true, isMutual: true, lastedMs: 600_000, endedAtMs: this.nowMs },
        network: networkId(`of-${name}`),
        otherNetwork: networkId(`place-${place}`),
      })),
    );
    this.#proved += names.length;
    await this.store.run('sessions.clean', { subjects: [], calls, nowMs: this.nowMs });
  }

  /**
   * Records users of many networks and proven reporters, because software restricts and suspends
   * users only if the store knows both.
   */
  async open(): Promise<void> {
    for (let n = 0; n < SERVER_NETWORKS_MIN; n++) await this.see(`place-${n}`, `passer-by-${n}`);
    const reporters = Array.from({ length: 20 }, (_, n) => `reporter-${n}`);
    await this.prove('ada', ...reporters);
  }

  /** Reports Mallory until software suspends her. The first report is Ada's. */
  async reportUntilHeld(): Promise<TakenReport & { readonly hold: Suspension }> {
    await this.open();
    for (let n = 0; ; n++) {
      const by = n === 0 ? 'ada' : `reporter-${n}`;
      const { hold, ...taken } = await this.report(n, { by, evidence: 'verified' });
      if (hold !== null) return { ...taken, hold };
    }
  }

  /** Records that users were seen on a network, such as `dorm`, or `campus/16` for a wide one. */
  async see(network: string, ...names: readonly string[]): Promise<void> {
    const bits = Number(network.split('/')[1] ?? 24);
    const from = { network: networkId(network), family: 'v4', bits, atMs: this.nowMs } as const;
    const anchors = names.map((name) => ({ ...from, subject: subject(name) }));
    await this.store.run('anchors.see', { anchors });
  }

  async pair(n: number, a: string, b: string): Promise<void> {
    const place = { tier: 'normal', circle: 'normal' } as const;
    const pair: StoredPair = {
      id: matchId(n),
      atMs: this.nowMs,
      sides: [
        { subject: subject(a), place },
        { subject: subject(b), place },
      ],
      mode: 'video',
      age: 'declared',
      policy: 1,
    };
    await this.store.run('pairs.note', { pairs: [pair] });
  }

  /** Adds pictures to report `n`. Their encryption keys are fake, one for each role. */
  async addPictures(n: number, count: number, lane: QueueName = 'normal') {
    const pictures = Array.from({ length: count }, (_, at) => ({
      id: pictureId(n, at),
      lane,
      digest: 'd'.repeat(64),
      bytes: 4_000,
      agoMs: 500 * (at + 1),
      keys: ROLES.map((role) => ({ role, wrapped: `key-of-${n}-${at}-for-${role}` })),
      sealed: sealedPicture(n, at),
    }));
    const report = brandId<ReportId>(`report-${n}`);
    return await this.store.run('pictures.add', { report, pictures, nowMs: this.nowMs });
  }

  /** Returns which of the pictures the store has, by their encrypted bytes. */
  async storedOf(...ids: readonly PictureId[]): Promise<readonly PictureId[]> {
    const stored: PictureId[] = [];
    for (const picture of ids) {
      if ((await this.store.run('pictures.bytes', { picture })) !== null) stored.push(picture);
    }
    return stored;
  }

  async reveal(picture: PictureId, by: MemberId, shiftMax = 1_000) {
    return await this.store.run('picture.reveal', { picture, by, shiftMax, nowMs: this.nowMs });
  }

  async step(of: CaseId, by: MemberId, step: CaseStep): Promise<void> {
    await this.do('case.step', { case: of, by, step });
  }

  async assign(of: CaseId, by: MemberId): Promise<void> {
    await this.step(of, by, { event: 'assign' });
  }

  async reopen(of: CaseId, by: MemberId): Promise<void> {
    await this.step(of, by, { event: 'reopen', why: 'new-facts' });
  }

  async decide(
    of: CaseId,
    by: MemberId,
    measure: Measure,
    change: DecisionChange = {},
  ): Promise<Decided> {
    const { note = '', finding } = change;
    await this.assign(of, by);
    return given(
      await this.store.run('case.decide', {
        case: of,
        by,
        decision: {
          ...{ measure, reason: 'threat-or-violence', note },
          ...(finding !== undefined && { finding }),
        },
        networks: change.networks ?? [],
        freshDecision: brandId<DecisionId>(this.fresh('decision')),
        freshApproval: brandId<ApprovalId>(this.fresh('approval')),
        nowMs: this.nowMs,
      }),
    );
  }

  async decideNow(of: CaseId, by: MemberId, measure: Measure, note = '') {
    const decided = await this.decide(of, by, measure, { note });
    assert.ok(decided.decided === 'now');
    return decided;
  }

  /** Proposes a decision that a second member must approve. */
  async propose(
    of: CaseId,
    by: MemberId,
    measure: Measure = 'suspend-permanently',
    change: DecisionChange = {},
  ): Promise<ApprovalId> {
    const decided = await this.decide(of, by, measure, change);
    assert.ok(decided.decided === 'proposed');
    return decided.approval;
  }

  async answerProposal(approval: ApprovalId, by: MemberId, answer: 'approved' | 'declined') {
    return await this.store.run('approval.answer', {
      approval,
      by,
      answer,
      freshDecision: brandId<DecisionId>(this.fresh('decision')),
      nowMs: this.nowMs,
    });
  }

  async appeal(decision: DecisionId, text = 'That was not me.') {
    return await this.store.run('appeal.file', {
      decision,
      text,
      freshAppeal: brandId<AppealId>(this.fresh('appeal')),
      nowMs: this.nowMs,
    });
  }

  async answerAppeal(
    appeal: AppealId,
    by: MemberId,
    outcome: AppealOutcome,
    endsAtMs: number | null = null,
  ): Promise<void> {
    await this.do('appeal.answer', { appeal, by, outcome, endsAtMs });
  }

  async standing() {
    const standing = await this.store.run('standing.read', { nowMs: this.nowMs, unless: null });
    assert.ok(standing !== null);
    return standing;
  }

  async audit() {
    return given(await this.store.run('audit.read', { by: null, after: 0 }));
  }

  async export(of: SubjectId) {
    return await this.store.run('subject.export', { subject: of });
  }
}
