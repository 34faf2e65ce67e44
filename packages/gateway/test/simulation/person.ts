import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { type ExchangeWish, type Mode, SEATS, type Seat } from '@farandole/protocol/fields';
import { REPORT_LINES_MAX, REPORT_TEXT_BYTES_MAX } from '@farandole/protocol/limits';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { FakeDevice } from '../support/fake-signer.ts';
import type { ClientCall } from '../support/test-client.ts';
import { NO_PROOF } from './expectation.ts';
import { type Character, drawCharacter, HABITS, PATIENT } from './habits.ts';
import type { MeetingWish, PrivateStep } from './letters.ts';
import { placeOf } from './oracle/chat.ts';
import { Page } from './page.ts';
import { isProven } from './places.ts';
import { communityOf } from './rules.ts';
import {
  sayAnswer,
  sayDescription,
  sayFirstFrame,
  sayLateLine,
  sayLine,
  sayQuestion,
  saySearch,
} from './sayings.ts';
import type { PersonParts, Somebody } from './somebody.ts';
import { pickExchange } from './words.ts';

/** A report that the simulated browser stored. */
type Kept = Pick<ClientCall, 'receipt' | 'lines'> & {
  readonly id: string;
  readonly of: Seat | undefined;
};

/** Number of users per patient one, in a world with an hour. */
const USERS_PER_PATIENT = 2;

type Rejoin = NonNullable<ServerMessageOf<'session.opened'>['rejoin']>;

/**
 * A simulated honest user who visits, searches and chats. After each event, the next action is
 * planned at random. If another event comes first, that plan is replaced.
 */
export class Person implements Somebody {
  readonly #parts: PersonParts;
  readonly #prng: Prng;
  readonly #name: string;
  readonly #number: number;
  #subject: SubjectId;
  #device: string;
  #character: Character;
  #page: Page | null = null;
  /** The user's open tabs. The newest tab is in front. */
  readonly #tabs = new Set<Page>();
  #visits = 0;
  /** Increases with each event. An action that was planned at a lower value is dropped. */
  #situation = 0;
  /** The user's latest call, as long as it can be reported. */
  #lastCall: ClientCall | null = null;
  /** The user's latest report, until the browser has stored the answer. */
  #reported: Kept | null = null;
  /** Proofs with which the user can remove blocks, each with the cookie that received the proof. */
  #proofs: { readonly subject: SubjectId; readonly proof: string }[] = [];
  /** The call that the user may rejoin, until the user decides. */
  #offered: Rejoin | null = null;
  /** When the latest match was found. */
  #metAtMs = 0;
  /** The latest call for whose peer the user searched again. */
  #askedAgain: string | null = null;
  #goesOn = true;
  #mayOnlyWrite = false;
  /** How many more times a restless user searches and withdraws. */
  #restlessFor = 0;

  constructor(parts: PersonParts, name: string, prng: Prng) {
    this.#parts = parts;
    this.#prng = prng;
    this.#name = name;
    this.#number = Number(name.slice(1));
    this.#subject = brandId<SubjectId>(`subject-${name}`);
    this.#device = name;
    this.#character = this.#drawCharacter();
  }

  get page(): Page | null {
    return this.#page;
  }

  wake(): void {
    const page = this.#page;
    if (page === null || page.isOver) this.#planVisit();
    else if (page.client.call !== null) this.#talk(page);
    else if (page.client.search !== null) this.#waitFor(page);
    else if (page.isAttached) this.#search(page);
  }

  search(): void {
    const page = this.#page;
    if (page === null || page.isOver) this.#visit();
    else if (page.isAttached && page.client.call === null && page.client.search === null) {
      this.#search(page);
    }
  }

  rest(): void {}

  goAway(): void {
    this.#situation += 1;
    for (const tab of this.#tabs) tab.hide();
    this.#page = null;
  }

  stopped(page: Page, _reason: CloseReason): void {
    if (page === this.#page) this.#endVisit();
  }

  shown(page: Page, message: ServerMessage): void {
    if (page !== this.#page) return;
    switch (message.type) {
      case 'session.opened':
        this.#offered = message.rejoin ?? null;
        this.#settleIn(page);
        return;
      case 'session.resumed':
        this.#situation += 1;
        this.#carryOn(page);
        return;
      case 'block.accepted':
        if (message.proof !== undefined) this.#keepProof(message.proof);
        return;
      case 'report.accepted':
      case 'report.refused':
        this.#answered(message.id);
        return;
      case 'standing.changed':
        this.#mayOnlyWrite = message.may === 'text';
        return;
      case 'age.answered':
        if (message.refused) this.#leave(page);
        else this.#goOn(page);
        return;
      case 'ticket.accepted':
        this.#waitFor(page);
        return;
      case 'ticket.refused':
        this.#searchLater(page, message.reason, message.retryAfterMs ?? 1_000);
        return;
      case 'ticket.withdrawn':
      case 'invitation.refused':
        this.#goOn(page);
        return;
      case 'invitation.created':
        this.#parts.letters?.send(message.invitation);
        this.#searchPrivately(page, { by: 'invitation', token: message.invitation });
        return;
      case 'match.found':
        this.#meet(page, message.offerUsed, message.offer !== undefined);
        return;
      case 'signal.offer':
        if (page.client.call !== null) sayAnswer(page);
        return;
      case 'signal.answer':
        if (page.client.call !== null) sayFirstFrame(page);
        return;
      case 'video.updated':
        if (message.stranger && !message.you) this.#answerVideo(page);
        return;
      case 'video.started':
      case 'mode.lowered':
        this.#startVideo(page);
        return;
      case 'call.restored':
        this.#restored(page, message.newPage === true);
        return;
      case 'call.ended':
        if (this.#offered?.match === message.match) this.#offered = null;
        this.#goOn(page);
        return;
      case 'restore.refused':
        this.#goOn(page);
        return;
      case 'round.ending':
        this.#seeBell(page);
        return;
      default:
        return;
    }
  }

  #planVisit(): void {
    this.#later(this.#prng.below(HABITS.awayMs), () => this.#visit());
  }

  #visit(): void {
    if (this.#prng.chance(HABITS.newCookie)) {
      this.#takeNewCookie();
      if (this.#prng.chance(0.5)) this.#device = `${this.#name}-${this.#visits}`;
      this.#character = this.#drawCharacter();
    }
    this.#goesOn = true;
    this.#restlessFor = 0;
    this.#lastCall = null;
    this.#openTab();
  }

  /** In a world with an hour, some users stay in its calls for long. */
  #drawCharacter(): Character {
    const drawn = drawCharacter(this.#prng);
    const [hour] = this.#parts.oracle.facts.rules.hours.hours;
    if (hour === undefined || this.#number % USERS_PER_PATIENT !== 0) return drawn;
    return { ...drawn, ...PATIENT, mode: hour.mode === 'text' ? 'text' : 'video' };
  }

  #takeNewCookie(): void {
    this.#subject = brandId<SubjectId>(`subject-${this.#name}-${this.#visits}`);
    this.#reported = null;
  }

  #openTab(): void {
    this.#situation += 1;
    this.#visits += 1;
    const name = `${this.#name}-${this.#visits}`;
    const device = new FakeDevice(this.#device);
    const isNewPage = !this.#prng.chance(HABITS.oldPage);
    const page = new Page(this.#parts, this, { name, subject: this.#subject, device, isNewPage });
    page.client.replaysToNewPage = this.#prng.pick([1, 3, Number.POSITIVE_INFINITY]);
    for (const tab of this.#tabs) if (tab.isOver) this.#tabs.delete(tab);
    this.#tabs.add(page);
    this.#page = page;
    this.#mayOnlyWrite = false;
    page.open();
  }

  /**
   * Opens another tab, under the same cookie, or under a new one as if the cookies were cleared.
   */
  #openSecondTab(): void {
    this.#parts.deeds.secondTabs += 1;
    if (this.#prng.chance(0.5)) this.#takeNewCookie();
    this.#openTab();
  }

  #settleIn(page: Page): void {
    this.#situation += 1;
    page.client.declareAge(this.#character.isMinor ? 'minor' : 'adult');
    if (this.#proofs.length > 0 && this.#prng.chance(HABITS.takesBack)) this.#unblock(page);
    if (this.#reported === null) return;
    this.#parts.deeds.reportsAgain += 1;
    const { id, of } = this.#reported;
    page.client.report(this.#reported, { id, ...(of !== undefined && { of }) });
  }

  #keepProof(proof: string): void {
    this.#proofs = [...this.#proofs, { subject: this.#subject, proof }].slice(-3);
  }

  /** Removes a block, sometimes twice. The node must refuse the removal under another cookie. */
  #unblock(page: Page): void {
    const { subject, proof } = this.#prng.pick(this.#proofs);
    const isOwn = subject === page.client.subject;
    this.#parts.deeds[isOwn ? 'unblocks' : 'foreignUnblocks'] += 1;
    page.saying(isOwn ? null : NO_PROOF, () => page.client.unblock(proof));
    if (this.#prng.chance(HABITS.keepsProof)) return;
    this.#proofs = this.#proofs.filter((kept) => kept.proof !== proof);
  }

  #answered(report: string): void {
    if (this.#reported?.id !== report || this.#prng.chance(HABITS.forgetsAnswers)) return;
    this.#reported = null;
  }

  #carryOn(page: Page): void {
    if (page.client.call !== null) this.#talk(page);
    else if (page.client.search !== null) this.#waitFor(page);
    else this.#goOn(page);
  }

  #goOn(page: Page): void {
    this.#situation += 1;
    if (page.client.call !== null || page.client.search !== null) return;
    if (this.#offered !== null) this.#considerRejoin(page, this.#offered);
    else if (this.#restlessFor > 0) this.#search(page);
    else if (this.#goesOn)
      this.#later(this.#prng.below(this.#character.thinksMs), () => this.#search(page));
    else this.#leave(page);
  }

  /**
   * Decides about a call that was interrupted when the browser was killed: rejoins, ends or
   * ignores the call.
   */
  #considerRejoin(page: Page, { match, epoch }: Rejoin): void {
    this.#later(this.#prng.below(5_000), () => {
      this.#offered = null;
      const chance = this.#prng.unit();
      if (chance < HABITS.rejoins) {
        this.#parts.deeds.rejoins += 1;
        page.client.rejoin();
      } else if (chance < HABITS.rejoins + HABITS.declines) {
        this.#parts.deeds.declines += 1;
        page.client.say('call.end', { match, epoch, reason: 'stop' });
      } else {
        this.#search(page);
      }
    });
  }

  #search(page: Page): void {
    if (!page.isAttached || page.client.call !== null || page.client.search !== null) return;
    const step = this.#drawPrivateStep();
    if (step === 'invites') {
      this.#parts.deeds.invites += 1;
      page.client.say('invitation.create', { id: page.client.newName('invitation') });
      return;
    }
    if (step !== null) {
      this.#searchPrivately(page, step);
      return;
    }
    if (this.#mayQuestion && this.#prng.chance(HABITS.questions)) {
      const asks = isProven(this.#subject) && this.#prng.chance(HABITS.asks);
      this.#parts.deeds[asks ? 'questions' : 'answers'] += 1;
      sayQuestion(page, this.#prng, asks ? 'asker' : 'answerer');
      return;
    }
    const isKeptToText = this.#mayOnlyWrite && !this.#prng.chance(HABITS.insistsOnVideo);
    const community = this.#parts.hasCommunities ? communityOf(this.#number) : null;
    if (isKeptToText) saySearch(page, this.#prng, community, 'text');
    else {
      const [mode, lowest] = this.#rungs;
      saySearch(page, this.#prng, community, mode, lowest, this.#drawExchange());
    }
  }

  /** In a world with language exchange, half of the users seek one. */
  #drawExchange(): ExchangeWish | undefined {
    if (!this.#parts.oracle.facts.rules.config.rules.offersExchange) return undefined;
    return this.#prng.chance(HABITS.exchanges) ? pickExchange(this.#prng) : undefined;
  }

  /** The user's mode and the lowest one at which they start. The latter exists only in a ladder. */
  get #rungs(): [mode: Mode, lowest?: Mode] {
    const { mode } = this.#character;
    const startsAtText = this.#visits % 2 === 0;
    if (!this.#isLadder) return [mode];
    if (mode === 'text') return startsAtText ? ['text'] : ['voice'];
    return startsAtText ? ['video', 'text'] : ['video', 'voice'];
  }

  get #mayQuestion(): boolean {
    return this.#parts.oracle.facts.rules.config.rules.modes.has('question');
  }

  get #isLadder(): boolean {
    return this.#parts.oracle.facts.rules.config.rules.modes.has('voice');
  }

  /** Whether the users of the call could agree to a next mode. */
  #hasNext({ mode }: ClientCall): boolean {
    return this.#parts.oracle.facts.rules.config.rules.modes.get(mode)?.turnsTo !== null;
  }

  #drawPrivateStep(): PrivateStep {
    const { letters, scheduler } = this.#parts;
    if (letters === null || this.#restlessFor > 0) return null;
    const call = this.#lastCall;
    // Only the two users of a call can meet again.
    const isNew = call !== null && call.mode !== 'question' && call.match !== this.#askedAgain;
    const last = isNew ? { call, sinceMs: scheduler.nowMs - this.#metAtMs } : null;
    return letters.draw(this.#prng, last);
  }

  #searchPrivately(page: Page, meeting: MeetingWish): void {
    this.#situation += 1;
    const { client } = page;
    if (!page.isAttached || client.call !== null || client.search !== null) return;
    if (meeting.by === 'again') this.#askedAgain = this.#lastCall?.match ?? null;
    this.#parts.deeds[meeting.by === 'again' ? 'agains' : 'invited'] += 1;
    client.searchFor('text', { meeting });
  }

  #waitFor(page: Page): void {
    this.#situation += 1;
    const { search } = page.client;
    if (search === null) return;
    if (this.#restlessFor > 0) {
      this.#restlessFor -= 1;
      page.client.withdraw();
    } else if (!this.#parts.isCalm() && this.#prng.chance(HABITS.secondTab)) {
      this.#later(this.#prng.below(3_000), () => this.#openSecondTab());
    } else if (this.#prng.chance(0.6)) {
      this.#later(2_000 + this.#prng.below(8_000), () => {
        page.client.say('ticket.widen', { ticket: search });
        this.#loseHeart(page);
      });
    } else {
      this.#loseHeart(page);
    }
  }

  #loseHeart(page: Page): void {
    if (this.#parts.isCalm()) return;
    this.#later(this.#prng.below(this.#character.patienceMs), () => {
      this.#goesOn = this.#prng.chance(0.5);
      page.client.withdraw();
    });
  }

  #searchLater(page: Page, reason: string, afterMs: number): void {
    this.#situation += 1;
    if (reason === 'too-fast') {
      this.#parts.deeds.bursts += 1;
      this.#restlessFor = 0;
    }
    if (reason === 'age-required') this.#leave(page);
    else this.#later(afterMs + this.#prng.below(500), () => this.#search(page));
  }

  #meet(page: Page, offerUsed: boolean, hasTheirOffer: boolean): void {
    this.#situation += 1;
    const { call } = page.client;
    if (call === null) return;
    if (isMedia(call) && this.#prng.chance(HABITS.consents)) page.client.consentDirect(true);
    this.#lastCall = call;
    this.#metAtMs = this.#parts.scheduler.nowMs;
    if (isMedia(call) && !this.#character.skips) {
      if (call.role === 'offerer' && !offerUsed) sayDescription(page, 'offer');
      if (call.role === 'answerer' && hasTheirOffer) sayAnswer(page);
    }
    this.#talk(page);
  }

  /** Acts after a pause, again and again until the call ends. */
  #talk(page: Page): void {
    this.#situation += 1;
    if (this.#parts.isCalm()) return;
    this.#later(this.#prng.below(this.#character.paceMs), () => {
      if (page.client.call === null) return;
      this.#lastCall = page.client.call;
      this.#actInCall(page);
      if (page === this.#page && page.client.call !== null) this.#talk(page);
    });
  }

  #actInCall(page: Page): void {
    const chance = this.#prng.unit();
    const { ends, parts } = this.#character;
    if (chance < ends) this.#endCall(page);
    else if (chance < ends + parts) this.#part(page);
    else if (chance < ends + parts + 0.02) this.#vanish(page);
    else if (chance < ends + parts + 0.03) this.#openSecondTab();
    else if (chance < ends + parts + 0.2) page.client.type(this.#prng.chance(0.7));
    else if (chance < ends + parts + 0.25) page.client.consentDirect(this.#prng.chance(0.8));
    // Our pages never send it in a call without media.
    else if (chance < ends + parts + 0.28 && page.client.call?.mode === 'question')
      page.client.sayMedia();
    else if (this.#mayLower(page) && this.#prng.chance(HABITS.lowers)) {
      this.#parts.deeds.lowerings += 1;
      page.client.lowerMode(this.#prng.pick(['text', 'voice']));
    } else if (
      page.client.call !== null &&
      this.#hasNext(page.client.call) &&
      this.#prng.chance(HABITS.offersVideo)
    ) {
      this.#parts.deeds.videoOffers += 1;
      page.client.consentVideo(this.#prng.chance(0.9));
    } else sayLine(page, this.#parts.oracle, this.#prng);
  }

  #mayLower({ client: { call } }: Page): boolean {
    return this.#isLadder && call !== null && call.mode !== 'text' && call.mode !== 'question';
  }

  /** Answers a request for the next mode with yes or no, or doesn't answer. */
  #answerVideo(page: Page): void {
    const { call } = page.client;
    if (call === null || !this.#hasNext(call) || this.#prng.chance(0.2)) return;
    page.client.consentVideo(this.#prng.chance(0.75));
  }

  #startVideo(page: Page): void {
    const { call } = page.client;
    if (call?.role === 'offerer' && isMedia(call)) sayDescription(page, 'offer');
  }

  #seeBell(page: Page): void {
    if (page.client.call === null || !this.#prng.chance(HABITS.seesBell)) return;
    this.#parts.deeds.bellsSeen += 1;
    page.client.answerBell(this.#prng.chance(HABITS.wantsMore));
  }

  #endCall(page: Page): void {
    this.#goesOn = this.#prng.chance(HABITS.goesOn);
    if (this.#goesOn && this.#prng.chance(HABITS.restless)) this.#restlessFor = HABITS.restlessFor;
    page.leaveCall();
    page.client.endCall(this.#goesOn ? 'next' : 'stop');
  }

  #part(page: Page): void {
    const call = page.client.call ?? this.#lastCall;
    if (call === null) return;
    page.leaveCall();
    const of =
      call.mode === 'question'
        ? this.#prng.pick(SEATS.filter((seat) => seat !== call.side))
        : undefined;
    if (this.#prng.chance(0.5)) {
      this.#parts.deeds.blocks += 1;
      page.client.block(call.receipt, of);
    } else {
      this.#parts.deeds.reports += 1;
      const report = { receipt: call.receipt, lines: latestLines(call), of };
      const about = of === undefined ? {} : { of };
      this.#reported = { ...report, id: page.client.report(report, about) };
    }
  }

  /**
   * Handles a call that continues after a restart or on a new page. Some pages then send a chat
   * line with an outdated epoch.
   */
  #restored(page: Page, isOnNewPage: boolean): void {
    const { call } = page.client;
    if (call === null) return;
    if (isOnNewPage && isMedia(call) && call.role === 'offerer') {
      sayDescription(page, 'offer');
    }
    if (this.#prng.chance(0.5)) {
      this.#parts.deeds.lateLines += 1;
      sayLateLine(page, this.#parts.oracle);
    }
    // The page sends the chat line although the peer may still lack older ones.
    if (this.#prng.chance(0.5)) sayLine(page, this.#parts.oracle, this.#prng);
    this.#talk(page);
  }

  #leave(page: Page): void {
    const { client } = page;
    const isRegretful = this.#lastCall !== null && this.#prng.chance(0.1);
    if (isRegretful && page.isAttached) this.#part(page);
    if (page.isAttached && this.#prng.chance(0.5)) client.leave();
    else this.#hide(page);
    this.#endVisit();
  }

  #vanish(page: Page): void {
    if (this.#prng.chance(0.5)) {
      this.#parts.deeds.crashes += 1;
      // In most cases the operating system closes the sockets of a killed browser.
      page.crash(this.#prng.below(this.#prng.chance(0.5) ? 500 : 20_000));
      if (this.#prng.chance(HABITS.returns)) {
        this.#comeBack();
        return;
      }
    } else {
      this.#hide(page);
    }
    this.#endVisit();
  }

  /** Opens the killed browser again, with the same cookie and in most cases the same device key. */
  #comeBack(): void {
    this.#parts.deeds.returns += 1;
    this.#situation += 1;
    this.#page = null;
    for (const tab of this.#tabs) if (!tab.isOver) tab.crash(0);
    this.#later(this.#prng.below(15_000), () => {
      if (this.#prng.chance(HABITS.losesDevice)) this.#device = `${this.#name}-${this.#visits}`;
      this.#openTab();
    });
  }

  #hide(page: Page): void {
    this.#parts.deeds.hides += 1;
    page.hide();
  }

  #endVisit(): void {
    this.#situation += 1;
    this.#page = null;
    for (const tab of this.#tabs) tab.hide();
    this.#planVisit();
  }

  /** Plans an action of the user. The plan is dropped if any other event happens first. */
  #later(afterMs: number, run: () => void): void {
    const situation = this.#situation;
    this.#parts.scheduler.after(afterMs, () => {
      if (situation === this.#situation) run();
    });
  }
}

function isMedia({ mode }: ClientCall): boolean {
  return mode !== 'text' && mode !== 'question';
}

/** Returns the latest chat lines of a call without a gap, as many as a report may contain. */
function latestLines({ lines }: ClientCall): ClientCall['lines'] {
  const gap = lines.findLastIndex((line, i) => placeOf(line) > placeOf(lines[i - 1] ?? line) + 1);
  const latest = lines.slice(Math.max(0, gap)).slice(-REPORT_LINES_MAX);
  let bytes = 0;
  const from = latest.findLastIndex(({ text }) => (bytes += text.length) > REPORT_TEXT_BYTES_MAX);
  return latest.slice(from + 1);
}
