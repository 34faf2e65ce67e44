import type { Prng } from '@farandole/kernel/prng';
import {
  type ConversationOutcome,
  type ConversationPlan,
  type PageParts,
  Tally,
} from './conversation.ts';
import { notificationFaults } from './notifications.ts';
import { failureOf, Patience, ScriptFailure } from './patience.ts';
import { ResumingPage } from './resuming-page.ts';
import { addFaults, NO_FAULTS } from './transcript.ts';

type Two = readonly [ResumingPage, ResumingPage];
type Ending = 'report' | 'block' | 'next';

interface Step {
  readonly name: string;
  /** The actor and the other page. */
  readonly pages: Two;
  readonly say: () => boolean;
  readonly hears: readonly [saying: readonly string[], other: readonly string[]];
}

/** Chance that the action happens while the socket is lost and is queued for the resume. */
const SAID_EARLY_CHANCE = 0.5;
export const ERRAND_STEPS = 8;

/**
 * Everything two users do in a call besides chatting, each step while a connection is cut and
 * resumed: both accept video, a line, an offer and its answer; one ends the call by report, block
 * or Next; the other meets a third user, who is then left. Each hears every step once, in order,
 * and nothing else.
 */
export class Errand {
  readonly pages: readonly [ana: ResumingPage, ben: ResumingPage, cem: ResumingPage];
  readonly #prng: Prng;
  readonly #plan: ConversationPlan;
  readonly #patience: Patience;
  readonly #expected = new Map<ResumingPage, string[]>();
  readonly #tally = new Tally();

  constructor(
    parts: PageParts,
    [ofAna, ofBen, ofCem]: readonly [string, string, string],
    plan: ConversationPlan,
    prng: Prng,
  ) {
    this.#patience = new Patience(plan.cuts.length);
    const { changed } = this.#patience;
    this.pages = [
      new ResumingPage({ ...parts, speaker: 'ana', from: ofAna, changed }),
      new ResumingPage({ ...parts, speaker: 'ben', from: ofBen, changed }),
      new ResumingPage({ ...parts, speaker: 'cem', from: ofCem, changed }),
    ];
    for (const page of this.pages) this.#expected.set(page, []);
    this.#plan = plan;
    this.#prng = prng;
  }

  giveUpIfStill(patienceMs: number): void {
    this.#patience.giveUpIfStill(patienceMs);
  }

  async run(): Promise<ConversationOutcome> {
    const outcome = this.#outcome(await failureOf(this.#doAll()));
    for (const page of this.pages) page.leave();
    return outcome;
  }

  async #doAll(): Promise<void> {
    const [ana, ben, cem] = this.pages;
    for (const page of [ana, ben] as const) {
      const cut = this.#plan.openings[page === ana ? 'ana' : 'ben'];
      if (cut !== undefined) page.planCut(cut);
      page.start();
      this.#expect(page, ['match.found']);
    }
    await this.#until('a call', () => ana.isInCall && ben.isInCall);
    this.#tally.opened(ana);
    const cuts = this.#plan.cuts.values();
    const [leaving, staying] = this.#prng.chance(0.5) ? [ana, ben] : [ben, ana];
    const steps = [
      ...callSteps(ana, ben, this.#prng),
      endingStep([leaving, staying], this.#prng.pick<Ending>(['report', 'block', 'next'])),
      nextStep([staying, cem]),
      endingStep([staying, cem], 'next'),
    ];
    for (const each of steps) await this.#do(each, cuts.next().value);
    await this.#settle();
  }

  /** One step, during which the connection of one of the two is cut. */
  async #do(
    { name, pages: [saying, other], say, hears }: Step,
    planned: ConversationPlan['cuts'][number] | undefined,
  ): Promise<void> {
    this.#expect(saying, hears[0]);
    this.#expect(other, hears[1]);
    const cutOff = planned?.speaker === 'ben' && other.sockets > 0 ? other : saying;
    if (planned !== undefined) {
      cutOff.planCut(planned.cut, planned.way);
      cutOff.link?.cut(planned.cut.kind);
      if (!this.#prng.chance(SAID_EARLY_CHANCE)) {
        const hasCome = () => cutOff.planned !== null;
        await this.#until('the next connection', hasCome);
      }
    }
    if (!say()) throw new ScriptFailure(`${saying.speaker} could not say: ${name}`);
    await this.#until(name, () => this.#hasHeard(saying) && this.#hasHeard(other));
    if (planned === undefined) return;
    await this.#until('the next connection', () => cutOff.planned !== null);
    this.#tally.resumed(cutOff, cutOff.planned, planned.cut.kind);
  }

  async #settle(): Promise<void> {
    for (const page of this.pages) await this.#patience.untilAnswered(page, this.#there);
  }

  #expect(page: ResumingPage, types: readonly string[]): void {
    this.#expected.get(page)?.push(...types);
  }

  #hasHeard(page: ResumingPage): boolean {
    return page.wasReplaced || page.told.length >= (this.#expected.get(page)?.length ?? 0);
  }

  #outcome(failed: string | null): ConversationOutcome {
    const isReset = this.pages.some(({ wasReplaced }) => wasReplaced);
    const isWhole = failed === null && !isReset;
    let faults = NO_FAULTS;
    for (const page of this.pages) {
      const told = page.told.map(({ type }) => type);
      if (isWhole)
        faults = addFaults(faults, notificationFaults(this.#expected.get(page) ?? [], told));
    }
    const [ana, ben] = this.pages;
    return {
      ...this.#tally.counts,
      linesSent: ana.said + ben.said,
      faults,
      resets: isReset ? 1 : 0,
      refused: 0,
      failed,
    };
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    await this.#patience.until(what, this.#there, isSo);
  }

  /** Pages that haven't started have nothing to wait for. */
  get #there(): readonly ResumingPage[] {
    return this.pages.filter(({ hasBegun }) => hasBegun);
  }
}

/** The first call: a line, both accepting video, and an offer with its answer. */
function callSteps(ana: ResumingPage, ben: ResumingPage, prng: Prng): readonly Step[] {
  const asking: Two = prng.chance(0.5) ? [ana, ben] : [ben, ana];
  const isOfferer = (page: ResumingPage) =>
    page.told.some((message) => message.type === 'match.found' && message.role === 'offerer');
  const offering: Two = isOfferer(ana) ? [ana, ben] : [ben, ana];
  return [
    step('a line', asking, () => asking[0].say(), [['chat.line'], ['chat.line']]),
    step('a yes to video', asking, () => consent(asking[0]), [
      ['video.updated'],
      ['video.updated'],
    ]),
    step('the other yes', [asking[1], asking[0]], () => consent(asking[1]), [
      ['video.started'],
      ['video.started'],
    ]),
    step('an offer', offering, () => describe(offering[0], 'offer'), [[], ['signal.offer']]),
    step('its answer', [offering[1], offering[0]], () => describe(offering[1], 'answer'), [
      [],
      ['signal.answer'],
    ]),
  ];
}

/** One user ends the call; the node tells the reason only where it may. */
function endingStep(pages: Two, by: Ending): Step {
  const [page] = pages;
  const say = (): boolean => {
    const { call, receipt } = page;
    if (call === null) return false;
    if (by === 'next') return page.send({ type: 'call.end', ...call, reason: 'next' });
    if (by === 'block') return page.send({ type: 'block.create', receipt });
    return page.send({
      type: 'report.create',
      id: 'a-report-of-mine',
      receipt,
      reason: 'scam-or-spam',
      lines: page.told.flatMap((message) => (message.type === 'chat.line' ? [message.line] : [])),
    });
  };
  const answers = { next: [], block: ['block.accepted'], report: ['report.accepted'] }[by];
  return step(by, pages, say, [['call.ended', ...answers], ['call.ended']]);
}

function nextStep(pages: Two): Step {
  const say = (): boolean => {
    pages[1].start();
    return pages[0].search();
  };
  return step('the next call', pages, say, [['match.found'], ['match.found']]);
}

function step(name: string, pages: Two, say: () => boolean, hears: Step['hears']): Step {
  return { name, pages, say, hears };
}

function consent(page: ResumingPage): boolean {
  const { call, policyVersion } = page;
  if (call === null) return false;
  return page.send({ type: 'video.consent', ...call, allowed: true, policyVersion });
}

function describe(page: ResumingPage, type: 'offer' | 'answer'): boolean {
  const { call } = page;
  if (call === null) return false;
  return page.send({ type: `signal.${type}`, ...call, sdp: sdpOf(type) });
}

const DIGEST = Array.from({ length: 32 }, () => 'A7').join(':');

function sdpOf(type: 'offer' | 'answer'): string {
  return [
    'v=0',
    'o=- 2319420568656204996 2 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=rtcp-mux',
    'a=ice-ufrag:YXOW',
    'a=ice-pwd:bP4B2dnXD5jR24LW/WWMDuq8',
    `a=fingerprint:sha-256 ${DIGEST}`,
    `a=setup:${type === 'offer' ? 'actpass' : 'active'}`,
    '',
  ].join('\r\n');
}
