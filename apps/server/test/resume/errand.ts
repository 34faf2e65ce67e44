import type { Prng } from '@farandole/kernel/prng';
import { addFaults, faultsOf, NO_FAULTS } from './faults.ts';
import type { ResumingPage } from './resuming-page.ts';
import { type PlannedCut, Script, ScriptFailure, type ScriptOutcome } from './script.ts';

type Two = readonly [ResumingPage, ResumingPage];
type Ending = 'report' | 'block' | 'next';

interface Step {
  readonly name: string;
  /** The page that acts comes first, then the other page. */
  readonly pages: Two;
  readonly say: () => boolean;
  readonly hears: readonly [saying: readonly string[], other: readonly string[]];
}

/**
 * Probability that the page acts while its socket is lost, so that the message is queued for the
 * resume.
 */
const SAID_EARLY_CHANCE = 0.5;
export const ERRAND_STEPS = 8;

/**
 * Runs everything that two users do in a call besides chatting, each step while a connection is cut
 * and resumed. Both accept video, and one sends a line, an offer and its answer. Then one ends the
 * call by report, block or Next, and the other meets a third user, who leaves. Each page must
 * receive every step once, in order, and nothing else.
 */
export class Errand extends Script {
  readonly #expected = new Map<ResumingPage, string[]>();

  protected async play(): Promise<void> {
    const { ana, ben, cem } = this;
    for (const page of [ana, ben]) this.#expect(page, ['match.found']);
    await this.meet();
    const cuts = this.plan.cuts.values();
    const [leaving, staying] = this.prng.chance(0.5) ? [ana, ben] : [ben, ana];
    const steps = [
      ...callSteps(ana, ben, this.prng),
      endingStep([leaving, staying], this.prng.pick<Ending>(['report', 'block', 'next'])),
      nextStep([staying, cem]),
      endingStep([staying, cem], 'next'),
    ];
    for (const each of steps) await this.#do(each, cuts.next().value);
    for (const page of this.pages) await this.untilAnswered(page);
  }

  /** Runs one step, during which the connection of one of the two pages is cut and resumed. */
  async #do(
    { name, pages: [saying, other], say, hears }: Step,
    planned: PlannedCut | undefined,
  ): Promise<void> {
    this.#expect(saying, hears[0]);
    this.#expect(other, hears[1]);
    const cutOff = planned?.speaker === 'ben' && other.sockets > 0 ? other : saying;
    if (planned !== undefined) {
      cutOff.planCut(planned.cut, planned.way);
      cutOff.link?.cut(planned.cut.kind);
      if (!this.prng.chance(SAID_EARLY_CHANCE)) {
        await this.until('the next connection', () => cutOff.planned !== null);
      }
    }
    if (!say()) throw new ScriptFailure(`${saying.speaker} could not say: ${name}`);
    await this.until(name, () => this.#hasHeard(saying) && this.#hasHeard(other));
    if (planned === undefined) return;
    await this.until('the next connection', () => cutOff.planned !== null);
    this.resumed(cutOff, cutOff.planned, planned.cut.kind);
  }

  #expect(page: ResumingPage, types: readonly string[]): void {
    this.#expected.set(page, [...(this.#expected.get(page) ?? []), ...types]);
  }

  #hasHeard(page: ResumingPage): boolean {
    return page.wasReplaced || page.told.length >= (this.#expected.get(page)?.length ?? 0);
  }

  protected judge(isFinished: boolean): Pick<ScriptOutcome, 'faults' | 'resets'> {
    const isReset = this.pages.some(({ wasReplaced }) => wasReplaced);
    let faults = NO_FAULTS;
    for (const page of isFinished && !isReset ? this.pages : []) {
      const told = page.told.map(({ type }) => type);
      faults = addFaults(faults, faultsOf(this.#expected.get(page) ?? [], told));
    }
    return { faults, resets: isReset ? 1 : 0 };
  }
}

/** Returns the steps of the first call: a line, both accept video, and an offer with its answer. */
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

/**
 * Returns the step in which one user ends the call. The node tells the other user the reason
 * only if the protocol allows it.
 */
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
