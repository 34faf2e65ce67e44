import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { CloseReason } from '@farandole/protocol/close-codes';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { hostileSdp } from '../signal-policy/mutate.ts';
import { FakeDevice } from '../support/fake-signer.ts';
import { TestClient } from '../support/test-client.ts';
import {
  ATTACK_NAMES,
  ATTACKS,
  type AttackName,
  NO_RESTORE,
  needsCall,
  sayLines,
  sayNearBy,
} from './attacks.ts';
import { BREAK_IN_NAMES, type BreakInName, breakIn } from './break-ins.ts';
import { Page, type PageOwner } from './page.ts';
import type { PersonParts, Somebody } from './somebody.ts';

export const STANCES = ['attentive', 'hoards', 'never-reads', 'comes-and-goes'] as const;
export type Stance = (typeof STANCES)[number];

type Attacks = Record<
  AttackName | BreakInName | Exclude<Stance, 'attentive'> | (typeof REJOINS)[number],
  number
>;

/** Names of the attacks that abuse the rejoin of a call on a new page. */
const REJOINS = ["another's receipt for a place", 'what is newer as if it were older'] as const;

export function noAttacks(): Attacks {
  const names = [...ATTACK_NAMES, ...BREAK_IN_NAMES, ...STANCES.slice(1), ...REJOINS];
  return Object.fromEntries(names.map((name) => [name, 0])) as Attacks;
}

export interface AttackerParts extends PersonParts {
  readonly attacks: Attacks;
}

const EVERY_MS = 2_500;
const AWAY_MS = 4_000;
const BREAK_IN_CHANCE = 0.2;
/** Chance that the attacker kills its page during a call and returns on a new one. */
const RETURN_CHANCE = 0.05;
const HOSTILE_OFFER_CHANCE = 0.4;
/**
 * Number of chat lines that the attacker sends. It exceeds the number that the node buffers for
 * a user who lacks older lines.
 */
const NEWER_LINES = 7;
/**
 * Number of age declarations that the client sends at once, each of which the node answers with
 * a frame. Limited by the credits: at first the full burst, later what a refill adds.
 */
const HOARDED_AT_FIRST = 50;
const HOARDED_AT_A_TIME = 5;

/** A simulated client that never acknowledges a frame. */
class HoardingClient extends TestClient {
  override acknowledge(): void {}

  override ping(): void {
    if (this.isAttached) this.sayRaw('{"type":"link.ping","n":1,"ack":0}');
  }
}

/**
 * A simulated attacker. It searches and is matched like other users, and attacks at random. It
 * stops attacking in the calm phase.
 */
export class Attacker implements Somebody {
  readonly #parts: AttackerParts;
  readonly #prng: Prng;
  readonly #name: string;
  readonly #reported = new Set<string>();
  /** Receipts of calls that have ended and that this attacker was in. */
  #ended: string[] = [];
  #receipt: string | null = null;
  #page: Page | null = null;
  #stance: Stance = 'attentive';
  #hasHoarded = false;
  /**
   * Whether the attacker resends only newer chat lines to a peer's new page that lacks older
   * ones.
   */
  #saysNewer = false;
  #hasSaidMore = false;
  #visits = 0;
  /** Name of the current visit, from which the cookie and device key are derived. */
  #who = '';
  #pages = 0;
  #situation = 0;

  constructor(parts: AttackerParts, name: string, prng: Prng) {
    this.#parts = parts;
    this.#prng = prng;
    this.#name = name;
  }

  get page(): Page | null {
    return this.#page;
  }

  wake(): void {
    if (this.#page === null || this.#page.isOver) this.#comeLater();
  }

  search(): void {}

  rest(): void {
    this.goAway();
  }

  goAway(): void {
    this.#situation += 1;
    const page = this.#page;
    this.#page = null;
    if (page === null) return;
    // A client that doesn't read can't receive a close frame, so its page is killed instead.
    if (this.#stance === 'never-reads') page.crash(this.#prng.below(5_000));
    else page.hide();
  }

  stopped(page: Page, _reason: CloseReason): void {
    if (page !== this.#page) return;
    this.#page = null;
    this.#comeLater();
  }

  shown(page: Page, message: ServerMessage): void {
    if (page !== this.#page) return;
    switch (message.type) {
      case 'session.opened':
        this.#situation += 1;
        this.#ended = [];
        this.#receipt = null;
        this.#saysNewer = false;
        if (message.rejoin !== undefined) this.#takeUpByAnothers(page);
        else if (this.#prng.chance(0.5)) this.#askForAnothers(page);
        page.client.declareAge('adult');
        this.#goOn(page);
        return;
      case 'age.answered':
        if (message.refused) this.#leave();
        else if (this.#stance !== 'hoards' || page.client.search === null) this.#search(page);
        return;
      case 'match.found':
        this.#receipt = message.receipt;
        return;
      case 'call.restored':
        this.#receipt = message.receipt;
        this.#saysNewer = message.newPage === true && this.#prng.chance(0.5);
        this.#hasSaidMore = false;
        if (this.#saysNewer) sayLines({ page, oracle: this.#parts.oracle }, 1, 'newer');
        else this.#forgeWhatTheyLack(page, message);
        return;
      case 'chat.line':
        if (this.#saysNewer && page.client.call !== null) this.#replayNewer(page, message);
        return;
      case 'call.restoring':
        this.#endAndAskAgain(page, message.match);
        return;
      case 'call.ended':
        if (this.#receipt !== null) {
          this.#ended.push(this.#receipt);
          if (this.#prng.chance(0.3)) this.#askInVain(page, this.#receipt);
        }
        this.#receipt = null;
        this.#search(page);
        return;
      case 'ticket.withdrawn':
        this.#search(page);
        return;
      default:
        return;
    }
  }

  #comeLater(): void {
    this.#later(this.#prng.below(AWAY_MS), () => this.#come());
  }

  #come(): void {
    if (this.#parts.isCalm()) return;
    this.#visits += 1;
    this.#stance = this.#prng.chance(0.7) ? 'attentive' : this.#prng.pick(STANCES);
    if (this.#stance !== 'attentive') this.#parts.attacks[this.#stance] += 1;
    this.#who = `${this.#name}-${this.#visits}`;
    this.#openPage();
  }

  #openPage(): void {
    this.#hasHoarded = false;
    this.#pages += 1;
    const owner: PageOwner = {
      name: `${this.#name}-page-${this.#pages}`,
      subject: brandId<SubjectId>(`subject-${this.#who}`),
      device: new FakeDevice(this.#who),
      makeClient: (options) =>
        this.#stance === 'hoards'
          ? new HoardingClient({ ...options, isHonest: false })
          : new TestClient({ ...options, isHonest: false }),
      isPatient: this.#stance === 'never-reads',
      ...(this.#stance === 'comes-and-goes' ? { moves: 1 } : {}),
    };
    this.#page = new Page(this.#parts, this, owner);
    this.#page.client.replays = false;
    this.#page.open();
  }

  #search(page: Page): void {
    const { client } = page;
    if (!page.isAttached || client.call !== null || client.search !== null) return;
    const mode = this.#prng.chance(0.5) ? 'video' : 'text';
    const { type, sdp } = hostileSdp(this.#prng);
    const isHostile = type === 'offer' && this.#prng.chance(HOSTILE_OFFER_CHANCE);
    client.searchFor(mode, isHostile ? { offer: sdp } : {});
  }

  #goOn(page: Page): void {
    this.#later(this.#prng.below(EVERY_MS), () => {
      if (page !== this.#page || page.isOver) return;
      if (this.#isToReturn(page)) {
        this.#killAndReturn(page);
        return;
      }
      if (this.#prng.chance(BREAK_IN_CHANCE)) this.#breakIn();
      else if (page.isAttached) this.#attack(page);
      this.#goOn(page);
    });
  }

  #breakIn(): void {
    const name = this.#prng.pick(BREAK_IN_NAMES);
    if (breakIn(name, this.#parts, this.#prng)) this.#parts.attacks[name] += 1;
  }

  #attack(page: Page): void {
    switch (this.#stance) {
      case 'hoards':
        this.#hoard(page);
        return;
      case 'never-reads':
        page.connection?.stopReading();
        this.#hoard(page);
        return;
      case 'comes-and-goes':
        if (page.client.call !== null) sayNearBy(page);
        page.doubt();
        return;
      case 'attentive': {
        const isInCall = page.client.call !== null;
        const name = this.#prng.pick(ATTACK_NAMES);
        if (needsCall(name) && !isInCall) {
          this.#search(page);
          return;
        }
        const { oracle, loot } = this.#parts;
        ATTACKS[name]({
          ...{ page, prng: this.#prng, oracle, loot },
          ...{ ended: this.#ended, reported: this.#reported },
        });
        this.#parts.attacks[name] += 1;
      }
    }
  }

  /** Resends the chat lines that the peer lacks, with changed text and in the wrong order. */
  #forgeWhatTheyLack(page: Page, { peerReceived }: ServerMessageOf<'call.restored'>): void {
    const { call } = page.client;
    const has = peerReceived[0] + peerReceived[1];
    const lacking = (call?.lines ?? []).filter(({ counters: [a, b] }) => a + b > has);
    const [first] = lacking;
    if (call === null || first === undefined) return;
    const place = page.client.inCall();
    page.client.say('chat.replay', { ...place, line: { ...first, text: `${first.text}, or not` } });
    for (const line of lacking.toReversed()) page.client.say('chat.replay', { ...place, line });
    for (const line of lacking) page.client.say('chat.replay', { ...place, line });
  }

  /** Ends the call while the call is being restored, then asks to restore the same call again. */
  #endAndAskAgain(page: Page, match: string): void {
    const { call } = page.client;
    if (call?.match !== match || this.#prng.chance(0.5)) return;
    const { epoch, receipt } = call;
    page.client.say('call.end', { match, epoch, reason: 'next' });
    this.#askInVain(page, receipt);
  }

  /** After a node restart, asks to restore a call of two other users. */
  #askForAnothers(page: Page): void {
    const others = this.#parts.loot.receipts.filter(
      ({ subject }) => subject !== page.client.subject,
    );
    if (page.client.call === null && others.length > 0) {
      this.#askInVain(page, this.#prng.pick(others).token);
    }
  }

  #isToReturn(page: Page): boolean {
    if (this.#stance !== 'attentive' || page.client.call === null) return false;
    return this.#prng.chance(RETURN_CHANCE);
  }

  #killAndReturn(page: Page): void {
    this.#situation += 1;
    this.#page = null;
    page.crash(this.#prng.below(500));
    this.#later(1_000 + this.#prng.below(5_000), () => this.#openPage());
  }

  /** Asks to rejoin a call with another user's receipt, then sometimes with the attacker's own. */
  #takeUpByAnothers(page: Page): void {
    this.#parts.attacks["another's receipt for a place"] += 1;
    this.#askForAnothers(page);
    if (this.#prng.chance(0.7)) page.client.rejoin();
  }

  /**
   * Resends a chat line written after the rejoin as if it were older, then sends many more
   * lines.
   */
  #replayNewer(page: Page, { line }: ServerMessageOf<'chat.line'>): void {
    this.#parts.attacks['what is newer as if it were older'] += 1;
    page.client.say('chat.replay', { ...page.client.inCall(), line });
    if (this.#hasSaidMore) return;
    this.#hasSaidMore = true;
    sayLines({ page, oracle: this.#parts.oracle }, NEWER_LINES, 'newer');
  }

  #askInVain(page: Page, receipt: string): void {
    page.saying(NO_RESTORE, () => page.client.say('call.restore', { receipt, received: [0, 0] }));
  }

  #hoard(page: Page): void {
    const times = this.#hasHoarded ? HOARDED_AT_A_TIME : HOARDED_AT_FIRST;
    this.#hasHoarded = true;
    for (let i = 0; i < times; i++) page.client.declareAge('adult');
  }

  #leave(): void {
    this.goAway();
    this.#comeLater();
  }

  #later(afterMs: number, run: () => void): void {
    const situation = this.#situation;
    this.#parts.scheduler.after(afterMs, () => {
      if (situation === this.#situation && !this.#parts.isCalm()) run();
    });
  }
}
