import type { MemberId } from '@farandole/accounts/ids';
import { addMember } from '@farandole/accounts/members';
import { assert } from '@farandole/kernel/assert';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { stepCase } from '../../cases/case-steps.ts';
import { decideCase } from '../../cases/decide.ts';
import type { Report } from '../../cases/intake.ts';
import { openCaseIn, openFor } from '../../cases/lookup.ts';
import { isSuspended } from '../../cases/suspension.ts';
import { takeReport } from '../../cases/take-report.ts';
import type { ApprovalId, CaseId, DecisionId, ReportId } from '../../ids.ts';
import { NOTICE_DELAY_MS_MIN } from '../../limits.ts';
import type { Finding } from '../../reports/verdict.ts';
import type { Records } from '../../store/records.ts';
import { seeAnchors } from '../../trust/anchors.ts';
import { countCleanSessions, personOf } from '../../trust/people.ts';
import { isProven } from '../../trust/standing.ts';
import { type Tier, tierOf, trustAt } from '../../trust/trust.ts';
import { type SimNetwork, simNetwork } from '../person.ts';
import { memoryRecords } from './memory-records.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MODERATOR = brandId<MemberId>('member-of-the-town');

export interface Inhabitant {
  readonly id: SubjectId;
  readonly from: SimNetwork;
}

export interface Said {
  readonly reason?: Report['reason'];
  /** `verified` means that chat lines are attached. Software can't judge what the lines say. */
  readonly evidence?: Report['evidence'];
  readonly lastedMs?: number;
}

/**
 * A small simulated server with proven users and an attacker. Each step runs a real command on
 * the store, so that the rules about proven users aren't written a second time.
 */
export class Town {
  readonly #records: Records = memoryRecords();
  readonly #prng: Prng;
  nowMs = 100 * DAY_MS;
  #numbers = 0;
  #networks = 0;

  private constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** @returns the town and its proven users, each on a network in a /20 or /48 of its own */
  static async found(prng: Prng, people: number): Promise<readonly [Town, readonly Inhabitant[]]> {
    const town = new Town(prng);
    const added = await addMember(town.#records, {
      ...{ id: MODERATOR, name: 'Ana', roles: ['moderator'], by: null, nowMs: town.nowMs },
    });
    assert(added.ok, 'a town has a moderator');
    const inhabitants: Inhabitant[] = [];
    for (let n = 0; n < people; n += 1) inhabitants.push(await town.arrive());
    for (let apart = 1; apart <= 3; apart += 1) {
      for (const [at, one] of inhabitants.entries()) {
        const other = inhabitants[(at + apart) % people];
        if (other !== undefined) await town.call(one, other, 15 * MINUTE_MS);
      }
      town.nowMs += DAY_MS;
    }
    // All users connect today, so that the server sees users of many networks.
    for (const one of inhabitants) await town.#see(one);
    return [town, inhabitants];
  }

  /** Returns a network that shares its /20 or /48 with no other. */
  newNetwork(): SimNetwork {
    this.#networks += 1;
    return simNetwork(this.#networks, 1);
  }

  /** Adds a user with a new cookie. */
  async arrive(from: SimNetwork = this.newNetwork()): Promise<Inhabitant> {
    const arrived = { id: brandId<SubjectId>(this.#fresh('subject')), from };
    await this.#see(arrived);
    return arrived;
  }

  async #see({ id, from }: Inhabitant): Promise<void> {
    const anchor = { subject: id, network: from.network, family: 'v4', bits: 24 } as const;
    await seeAnchors(this.#records, { anchors: [{ ...anchor, atMs: this.nowMs }] });
  }

  /** Simulates a call without a report in which both users took part. */
  async call(one: Inhabitant, other: Inhabitant, lastedMs: number): Promise<void> {
    for (const person of [one, other]) await this.#see(person);
    const sides = [
      [one, other],
      [other, one],
    ] as const;
    await countCleanSessions(this.#records, {
      subjects: [one.id, other.id],
      calls: sides.map(([own, peer]) => ({
        subject: own.id,
        other: peer.id,
        counts: true,
        isMutual: true,
        lastedMs,
        endedAtMs: this.nowMs,
        network: own.from.network,
        otherNetwork: peer.from.network,
      })),
      nowMs: this.nowMs,
    });
    this.nowMs += 1_000;
  }

  /** Simulates calls whose networks the server doesn't know. Such calls make no user proven. */
  async cleanCalls({ id }: Inhabitant, count: number): Promise<void> {
    const subjects = Array.from({ length: count }, () => id);
    await countCleanSessions(this.#records, { subjects, nowMs: this.nowMs });
  }

  /** Simulates a call of at least 15 s that ends with a report. */
  async report(by: Inhabitant, of: Inhabitant, said: Said = {}): Promise<void> {
    const { reason = 'sexual-content', evidence = 'inconclusive', lastedMs = 20_000 } = said;
    this.nowMs += 1_000;
    await takeReport(this.#records, {
      noticeDelayMs: NOTICE_DELAY_MS_MIN,
      report: {
        id: brandId<ReportId>(this.#fresh('report')),
        match: brandId<MatchId>(this.#fresh('match')),
        ...{ by: by.id, of: of.id, from: by.from, reason, evidence, lastedMs },
        ofDevice: brandId<DeviceKeyId>(`device-of-${of.id}`),
        note: null,
        lines: evidence === 'verified' ? 1 : 0,
        atMs: this.nowMs,
      },
      said: [],
      code: this.#fresh('code'),
      side: 'a',
      freshCase: brandId<CaseId>(this.#fresh('case')),
    });
  }

  async tierOf({ id }: Inhabitant): Promise<Tier> {
    const { trust } = await personOf(this.#records, id, this.nowMs);
    return tierOf(trustAt(trust, this.nowMs));
  }

  async isSuspended({ id }: Inhabitant): Promise<boolean> {
    return isSuspended((await personOf(this.#records, id, this.nowMs)).hold, this.nowMs);
  }

  async isProven({ id }: Inhabitant): Promise<boolean> {
    return isProven((await personOf(this.#records, id, this.nowMs)).standing, this.nowMs);
  }

  /** Assigns the user's open case to the moderator. */
  async assign({ id }: Inhabitant): Promise<CaseId> {
    const open = await openCaseIn(this.#records, id, 'normal');
    assert(open !== null, 'there is a case');
    const step = { event: 'assign' } as const;
    const assign = { case: open.id, by: MODERATOR, step, nowMs: this.nowMs };
    const stepped = await stepCase(this.#records, assign);
    assert(stepped.ok, 'the moderator takes the case');
    return open.id;
  }

  async mayRead(of: CaseId): Promise<boolean> {
    return (await openFor(this.#records, of, MODERATOR, 'case.read')).ok;
  }

  async dismiss(person: Inhabitant, finding: Finding): Promise<void> {
    const of = await this.assign(person);
    const decided = await decideCase(this.#records, {
      case: of,
      by: MODERATOR,
      decision: { measure: 'dismiss', reason: 'sexual-content', note: '', finding },
      networks: [],
      freshDecision: brandId<DecisionId>(this.#fresh('decision')),
      freshApproval: brandId<ApprovalId>(this.#fresh('approval')),
      nowMs: this.nowMs,
    });
    assert(decided.ok, 'the moderator decides');
  }

  get prng(): Prng {
    return this.#prng;
  }

  #fresh(kind: string): string {
    this.#numbers += 1;
    return `${kind}-${String(this.#numbers).padStart(6, '0')}`;
  }
}
