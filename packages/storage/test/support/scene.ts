import assert from 'node:assert/strict';
import type { ConsoleSessionId, MemberId, PasskeyId, SignInLinkId } from '@farandole/accounts/ids';
import type { Action } from '@farandole/accounts/roles';
import { brandId } from '@farandole/kernel/id';
import type { DecisionInput } from '@farandole/moderation/cases/decision';
import type {
  AppealId,
  ApprovalId,
  CaseId,
  DecisionId,
  DeviceHash,
  PictureId,
} from '@farandole/moderation/ids';
import type { QueueName } from '@farandole/moderation/reports/queue-name';
import { actionInQueue } from '@farandole/moderation/reports/queue-name';
import type { NetworkScope } from '@farandole/moderation/store/stored';
import { type Desk, given, member, pictureId, subject } from './desk.ts';

export type Can = (action: Action) => boolean;

/**
 * Sets up a separate case for each tested command. The setup's commands come from a member with
 * all roles.
 */
export class Scene {
  readonly desk: Desk;
  readonly by: MemberId;
  readonly boss: MemberId;
  readonly lane: QueueName;
  readonly can: Can;
  readonly n: number;

  constructor(desk: Desk, by: MemberId, boss: MemberId, lane: QueueName, can: Can, n: number) {
    this.desk = desk;
    this.by = by;
    this.boss = boss;
    this.lane = lane;
    this.can = can;
    this.n = n;
  }

  get base() {
    return { by: this.by, nowMs: this.desk.nowMs };
  }

  get of(): string {
    return `of-${this.n}`;
  }

  fresh<Id extends string>(kind: string): Id {
    return this.desk.fresh(kind) as Id;
  }

  async report(): Promise<CaseId> {
    const reason = this.lane === 'normal' ? 'threat-or-violence' : 'may-be-under-18';
    return (await this.desk.report(this.n, { by: `by-${this.n}`, of: this.of, reason })).case;
  }

  /** Creates an ordinary case whose subject has another open case with child safety. */
  async besideSealed(): Promise<CaseId> {
    const { desk, n, of } = this;
    const minor = { by: `by-another-${n}`, of, reason: 'may-be-under-18' } as const;
    await desk.report(100_000 + n, minor);
    return await this.report();
  }

  /**
   * Creates a case and assigns it to the tested member, or to another member if the tested one
   * may not have it.
   */
  async held(): Promise<CaseId> {
    const of = await this.report();
    const isTheirs = this.can('case.assign') && this.can(actionInQueue('read', this.lane));
    await this.desk.assign(of, isTheirs ? this.by : this.boss);
    return of;
  }

  /** The tested member if permitted to decide the case, otherwise another member. */
  get decider(): MemberId {
    return this.can(actionInQueue('decide', this.lane)) ? this.by : this.boss;
  }

  async decision(by = this.boss) {
    const of = await this.report();
    return await this.desk.decideNow(of, by, 'suspend-1d');
  }

  async proposed(by = this.boss): Promise<ApprovalId> {
    const proposed = await this.desk.decide(await this.report(), by, 'suspend-permanently');
    assert.ok(proposed.decided === 'proposed');
    return proposed.approval;
  }

  async newcomer(): Promise<MemberId> {
    return await this.desk.hire(this.fresh('newcomer'));
  }

  async rolesProposed(): Promise<ApprovalId> {
    const { desk, boss } = this;
    const asked = { member: await this.newcomer(), roles: ['auditor'] } as const;
    const freshApproval: ApprovalId = this.fresh('approval');
    const input = { ...asked, by: boss, freshApproval, nowMs: desk.nowMs };
    return given(await desk.store.run('roles.propose', input));
  }

  async moreAsked(): Promise<ApprovalId> {
    const { desk, boss } = this;
    const freshApproval: ApprovalId = this.fresh('approval');
    const input = { by: boss, freshApproval, nowMs: desk.nowMs };
    return given(await desk.store.run('reveals.ask', input));
  }

  async picture(): Promise<PictureId> {
    const { desk, n, of, boss, lane } = this;
    // Reports about possible minors accept no pictures, so this opens another case.
    const { case: id } = await desk.report(n, { by: `by-${n}`, of });
    given(await desk.addPictures(n, 1));
    if (lane === 'child-safety') {
      await desk.assign(id, boss);
      await desk.step(id, boss, { event: 'escalate', to: 'child-safety' });
    }
    return pictureId(n);
  }

  async lookAsked(): Promise<ApprovalId> {
    const freshApproval: ApprovalId = this.fresh('approval');
    const asked = { by: this.boss, freshApproval, nowMs: this.desk.nowMs };
    const input = { ...asked, picture: await this.picture() };
    return given(await this.desk.store.run('unsealing.ask', input));
  }

  async deletionAsked(): Promise<ApprovalId> {
    const freshApproval: ApprovalId = this.fresh('approval');
    const asked = { by: this.boss, freshApproval, nowMs: this.desk.nowMs };
    const input = { ...asked, case: (await this.decision()).decision.case };
    return given(await this.desk.store.run('deletion.ask', input));
  }

  async appealed(): Promise<AppealId> {
    const { decision } = await this.decision();
    return given(await this.desk.appeal(decision.id)).id;
  }

  /** Files an appeal as another user of the banned device. */
  async sharedAppealed(): Promise<AppealId> {
    const { desk, n } = this;
    const { sanctions } = await this.decision();
    const device = sanctions.find(({ on }) => on.scope === 'device');
    assert.ok(device !== undefined);
    const freshAppeal: AppealId = this.fresh('appeal');
    const text = { text: 'Not me.', freshAppeal, nowMs: desk.nowMs };
    const input = { sanction: device.id, subject: subject(`near-${n}`), ...text };
    return given(await desk.store.run('appeal.file', input)).id;
  }

  async ageAppealed(): Promise<AppealId> {
    const { desk, n } = this;
    const freshAppeal: AppealId = this.fresh('appeal');
    const device = brandId<DeviceHash>(`device-${n}`);
    const age = { subject: subject(`near-${n}`), device, endsAtMs: desk.nowMs + 86_400_000 };
    const input = { age, text: 'Not me.', freshAppeal, nowMs: desk.nowMs };
    return given(await desk.store.run('appeal.file', input)).id;
  }

  async session(): Promise<ConsoleSessionId> {
    const { store, nowMs } = this.desk;
    const link: SignInLinkId = this.fresh('link');
    const session: ConsoleSessionId = this.fresh('session');
    const of = await this.newcomer();
    given(await store.run('link.give', { link, of, by: null, nowMs }));
    const id: PasskeyId = this.fresh('passkey');
    const passkey = { id, publicKey: 'a-key', counter: 0, transports: [], label: 'Key' };
    const credential = { by: 'passkey', passkey } as const;
    const who = { name: '', freshMember: member('unused'), replaces: null };
    given(await store.run('link.use', { link, credential, session, ...who, nowMs }));
    return session;
  }

  decide(of: CaseId, measure: DecisionInput['measure'], networks: readonly NetworkScope[] = []) {
    const decision = { measure, reason: 'threat-or-violence', note: '' } as const;
    const freshDecision: DecisionId = this.fresh('decision');
    const freshApproval: ApprovalId = this.fresh('approval');
    return { ...this.base, case: of, decision, networks, freshDecision, freshApproval };
  }
}
