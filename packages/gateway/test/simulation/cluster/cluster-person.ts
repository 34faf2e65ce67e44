import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { RESTORE_WINDOW_MS } from '@farandole/protocol/limits';
import type { ServerMessage } from '@farandole/protocol/server-message';
import { deviceIdOf, FakeDevice } from '../../support/fake-signer.ts';
import type { ClientCall } from '../../support/test-client.ts';
import type { Letters, MeetingWish } from '../letters.ts';
import { Page, type PageParts, type PageUser } from '../page.ts';
import { communityOf } from '../rules.ts';
import type { ClusterOracle } from './cluster-oracle.ts';
import type { ClusterQuestions } from './cluster-questions.ts';
import type { SimIdentities } from './sim-identities.ts';

export interface ClusterPersonParts extends PageParts {
  readonly oracle: ClusterOracle;
  readonly identities: SimIdentities;
  readonly isCalm: () => boolean;
  readonly deeds: ClusterDeeds;
  readonly letters: Letters;
  readonly questions: ClusterQuestions;
}

export type ClusterDeeds = Record<(typeof DEEDS)[number], number>;

const DEEDS = [
  ...['ends', 'blocksSent', 'reloads', 'secondTabs', 'hides', 'doubts', 'leaves'],
  ...['otherCookies', 'minors', 'removals', 'invites', 'invited', 'agains', 'endsAgain'],
] as const;

export function noClusterDeeds(): ClusterDeeds {
  return Object.fromEntries(DEEDS.map((deed) => [deed, 0])) as ClusterDeeds;
}

const AWAY_MS = 3_000;
const THINKS_MS = 1_500;
const PACE_MS = 2_500;
const PATIENCE_MS = 30_000;
const PATIENT_CHANCE = 0.5;
const OTHER_COOKIE_CHANCE = 0.15;
const MINOR_CHANCE = 0.01;
const MINOR_STAYS_MS = 8_000;
const REMOVES_CHANCE = 0.4;
const NETWORKS = 60;

/** A proof with which a user can remove a block, and the removal that is under way. */
interface Proof {
  readonly subject: SubjectId;
  readonly match: string;
  readonly proof: string;
  removal: string | null;
}

/** The latest call that the user ended. Its page repeats the end in a session that opens soon. */
interface OwnEnd {
  readonly page: Page;
  readonly call: ClientCall;
  /** When the node confirmed the end, or the page repeated it first. Null before. */
  saidAtMs: number | null;
}

/** A user of a cluster, whose pages reach a random node with each socket. */
export class ClusterPerson implements PageUser {
  readonly #parts: ClusterPersonParts;
  readonly #prng: Prng;
  readonly #name: string;
  /** Number of devices of this user so far. A minor comes back as another user. */
  #devices = 1;
  #cookie = 1;
  /** The network from which all devices of this user come. */
  readonly #network: string | null;
  readonly #community: string | null;
  readonly #tabs = new Set<Page>();
  #page: Page | null = null;
  #visits = 0;
  /** Increases with each event. An action that was planned at a lower value is dropped. */
  #situation = 0;
  #proofs: readonly Proof[] = [];
  #ended: OwnEnd | null = null;
  /** The latest call and when it began. Null once the user searched for its peer again. */
  #lastCall: { readonly call: ClientCall; readonly atMs: number } | null = null;

  constructor(parts: ClusterPersonParts, name: string, prng: Prng) {
    this.#parts = parts;
    this.#prng = prng;
    this.#name = name;
    this.#network = prng.chance(0.5) ? `network-${prng.below(NETWORKS)}` : null;
    this.#community = communityOf(Number(name.slice(1)));
  }

  get pages(): readonly Page[] {
    return [...this.#tabs].filter(({ isOver }) => !isOver);
  }

  get page(): Page | null {
    return this.#page;
  }

  wake(): void {
    const page = this.#page;
    if (page === null || page.isOver) this.#later(this.#prng.below(AWAY_MS), () => this.#open());
    else this.#goOn(page);
  }

  /** Called in the calm phase: searches if there is nothing else. */
  search(): void {
    const page = this.#page;
    if (page === null || page.isOver) this.#open();
    else if (page.isAttached) this.#search(page);
  }

  goAway(): void {
    this.#situation += 1;
    for (const tab of this.#tabs) tab.hide();
    this.#page = null;
  }

  stopped(page: Page): void {
    if (page === this.#page) this.#comeBackLater();
  }

  shown(page: Page, message: ServerMessage): void {
    this.#parts.oracle.pageHears(page, message);
    if (page !== this.#page) return;
    switch (message.type) {
      case 'session.opened':
        // What was planned for an earlier session of this page, such as a rejoin, is over.
        this.#situation += 1;
        page.client.declareAge('adult');
        this.#endAgain(page);
        this.#removeBlock(page);
        if (message.rejoin === undefined || !this.#prng.chance(0.8)) return;
        this.#later(this.#prng.below(2_000), () => page.client.rejoin());
        return;
      case 'ticket.refused':
        this.#later(1_000 + this.#prng.below(500), () => this.#search(page));
        return;
      case 'block.accepted': {
        const { match, proof } = message;
        const { subject } = page.client;
        if (proof !== undefined) this.#keepProof({ subject, match, proof, removal: null });
        return;
      }
      case 'block.removed':
        this.#removed(message.id);
        return;
      case 'invitation.created':
        this.#parts.letters.send(message.invitation);
        this.#searchPrivately(page, { by: 'invitation', token: message.invitation });
        return;
      case 'match.found': {
        const { call } = page.client;
        if (call !== null) this.#lastCall = { call, atMs: this.#parts.scheduler.nowMs };
        this.#goOn(page);
        return;
      }
      case 'call.ended':
        if (this.#ended?.call.match === message.match) {
          this.#ended.saidAtMs ??= this.#parts.scheduler.nowMs;
        }
        this.#goOn(page);
        return;
      case 'call.restoring':
        // Some users do nothing until the peer is back.
        if (this.#prng.chance(PATIENT_CHANCE)) this.#situation += 1;
        return;
      case 'invitation.refused':
      case 'session.resumed':
      case 'age.answered':
      case 'ticket.accepted':
      case 'ticket.withdrawn':
      case 'call.restored':
      case 'restore.refused':
        this.#goOn(page);
        return;
      default:
        return;
    }
  }

  #open(): void {
    this.#situation += 1;
    this.#visits += 1;
    const name = `${this.#name}-${this.#visits}`;
    const person = `${this.#name}-${this.#devices}`;
    const subject = brandId<SubjectId>(`subject-${person}-${this.#cookie}`);
    const device = new FakeDevice(person);
    const { identities, scheduler } = this.#parts;
    identities.note(subject, deviceIdOf(device.publicKey), this.#network, scheduler.nowMs);
    const page = new Page(this.#parts, this, { name, subject, device });
    for (const tab of this.#tabs) if (tab.isOver) this.#tabs.delete(tab);
    this.#tabs.add(page);
    this.#page = page;
    page.open();
  }

  #goOn(page: Page): void {
    this.#situation += 1;
    const { call, search } = page.client;
    if (call !== null) this.#talk(page);
    else if (search !== null) this.#wait(page);
    else this.#later(this.#prng.below(THINKS_MS), () => this.#search(page));
  }

  #search(page: Page): void {
    if (!page.isAttached || page.client.call !== null || page.client.search !== null) return;
    const { letters, scheduler, deeds, questions, oracle } = this.#parts;
    if (questions.isFor(this.#name)) {
      const wish = questions.draw(this.#prng);
      oracle.questionSent(page, page.client.searchFor('question', wish), wish.role);
      return;
    }
    const { call, atMs } = this.#lastCall ?? {};
    const last =
      call === undefined || atMs === undefined ? null : { call, sinceMs: scheduler.nowMs - atMs };
    const step = letters.draw(this.#prng, last);
    if (step === 'invites') {
      deeds.invites += 1;
      page.client.say('invitation.create', { id: page.client.newName('invitation') });
    } else if (step === null) this.#searchOpenly(page);
    else this.#searchPrivately(page, step);
  }

  #searchOpenly(page: Page): void {
    const community = this.#community;
    if (community === null) {
      page.client.searchFor('text');
      return;
    }
    const ticket = page.client.searchFor('text', { community: { name: community, version: 1 } });
    this.#parts.oracle.searchSentIn(page, ticket, community);
  }

  #searchPrivately(page: Page, meeting: MeetingWish): void {
    if (!page.isAttached || page.client.call !== null || page.client.search !== null) return;
    const { oracle, deeds } = this.#parts;
    const isAgain = meeting.by === 'again';
    deeds[isAgain ? 'agains' : 'invited'] += 1;
    const match = isAgain ? (this.#lastCall?.call.match ?? null) : null;
    if (isAgain) this.#lastCall = null;
    oracle.searchSent(page, page.client.searchFor('text', { meeting }), meeting, match);
  }

  #keepProof(proof: Proof): void {
    this.#proofs = [...this.#proofs, proof].slice(-3);
  }

  /** Removes a block of the cookie. */
  #removeBlock(page: Page): void {
    const { subject } = page.client;
    const own = this.#proofs.find((each) => each.subject === subject && each.removal === null);
    if (own === undefined || this.#parts.isCalm() || !this.#prng.chance(REMOVES_CHANCE)) return;
    this.#parts.deeds.removals += 1;
    this.#parts.oracle.removalSent(subject, own.match);
    own.removal = page.client.unblock(own.proof);
  }

  #removed(removal: string): void {
    const known = this.#proofs.find((each) => each.removal === removal);
    if (known === undefined) return;
    this.#proofs = this.#proofs.filter((each) => each !== known);
    this.#parts.oracle.blockRemoved(known.subject, known.match);
  }

  #wait(page: Page): void {
    if (this.#parts.isCalm()) return;
    this.#later(this.#prng.below(PATIENCE_MS), () => {
      if (this.#prng.chance(0.5)) page.client.withdraw();
      else this.#disturb(page);
    });
  }

  #talk(page: Page): void {
    if (this.#parts.isCalm()) return;
    this.#later(this.#prng.below(PACE_MS), () => {
      if (page.client.call === null) return;
      this.#act(page);
      if (page === this.#page && page.client.call !== null) this.#talk(page);
    });
  }

  #act(page: Page): void {
    const { deeds } = this.#parts;
    const chance = this.#prng.unit();
    if (chance < 0.14) {
      deeds.ends += 1;
      this.#noteEnd(page);
      page.client.endCall('next');
    } else if (chance < 0.17 && !this.#parts.questions.isFor(this.#name)) {
      deeds.blocksSent += 1;
      this.#noteEnd(page);
      this.#parts.oracle.blockSent(page.log.subject, page.client.inCall().match);
      page.client.block();
    } else if (chance < 0.17 + MINOR_CHANCE) {
      deeds.minors += 1;
      this.#declareMinor(page);
    } else if (chance < 0.28) this.#disturb(page);
    else if (page.isAttached) page.client.sayLine(`line of ${page.client.name}`);
  }

  #noteEnd(page: Page): void {
    page.leaveCall();
    const { call } = page.client;
    if (call === null) return;
    this.#ended = { page, call, saidAtMs: null };
    this.#parts.oracle.callEnded(page, call.match);
  }

  /** Repeats the end of a call whose node may have died before it told the peer (PR-43b). */
  #endAgain(page: Page): void {
    const ended = this.#ended;
    if (ended?.page !== page) return;
    const { nowMs } = this.#parts.scheduler;
    ended.saidAtMs ??= nowMs;
    if (nowMs - ended.saidAtMs >= RESTORE_WINDOW_MS) return;
    this.#parts.deeds.endsAgain += 1;
    const { match, epoch, receipt } = ended.call;
    page.client.say('call.end', { match, epoch, reason: 'stop', receipt });
  }

  /** Does what moves a session between sockets, pages and nodes. */
  #disturb(page: Page): void {
    const { deeds } = this.#parts;
    const chance = this.#prng.unit();
    if (chance < 0.3) {
      deeds.doubts += 1;
      page.doubt();
    } else if (chance < 0.5) {
      deeds.reloads += 1;
      page.crash(this.#prng.below(500));
      this.#later(this.#prng.below(2_000), () => this.#open());
    } else if (chance < 0.65) {
      deeds.secondTabs += 1;
      this.#open();
    } else if (chance < 0.85) {
      deeds.hides += 1;
      page.hide();
      this.#comeBackLater();
    } else {
      deeds.leaves += 1;
      if (page.isAttached) page.client.leave();
      else page.hide();
      this.#comeBackLater();
    }
  }

  /**
   * Searches with a second cookie of the device, declares a minor with the first one meanwhile, and
   * comes back as another user later.
   */
  #declareMinor(page: Page): void {
    this.#cookie = this.#cookie === 1 ? 2 : 1;
    this.#open();
    const { scheduler } = this.#parts;
    scheduler.after(this.#prng.below(AWAY_MS), () => {
      if (page.isAttached) page.client.declareAge('minor');
    });
    scheduler.after(AWAY_MS + MINOR_STAYS_MS, () => {
      this.#devices += 1;
      this.#comeBackLater();
    });
  }

  #comeBackLater(): void {
    this.#situation += 1;
    for (const tab of this.#tabs) tab.hide();
    this.#page = null;
    if (this.#prng.chance(OTHER_COOKIE_CHANCE)) {
      this.#parts.deeds.otherCookies += 1;
      this.#cookie = this.#cookie === 1 ? 2 : 1;
    }
    this.#later(this.#prng.below(AWAY_MS), () => this.#open());
  }

  #later(afterMs: number, run: () => void): void {
    const situation = this.#situation;
    this.#parts.scheduler.after(afterMs, () => {
      if (situation === this.#situation) run();
    });
  }
}
