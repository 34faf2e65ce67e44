import type { Prng } from '@farandole/kernel/prng';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import { hostileCandidate, hostileSdp } from '../signal-policy/mutate.ts';
import { closes, type Expectation, NO_PROOF } from './expectation.ts';
import type { Loot } from './loot.ts';
import type { Oracle } from './oracle/oracle.ts';
import type { Page } from './page.ts';
import { alter, MALFORMED, NEVER_SENT, TOO_LARGE } from './sabotage.ts';
import { canaryOf, candidate, description } from './words.ts';

/** State and helpers that an attack may use. */
export interface Scene {
  readonly page: Page;
  readonly prng: Prng;
  readonly oracle: Oracle;
  readonly loot: Loot;
  /** Receipts of calls that ended since the node's last start. */
  readonly ended: readonly string[];
  /** Matches that this attacker has already reported. */
  readonly reported: Set<string>;
}

type Attack = (scene: Scene) => void;

const NOT_A_FRAME = closes('GW-2', 'malformed');
const TOO_LONG = closes('GW-2', 'too-large');
const NO_RECEIPT: Expectation = { kind: 'refusal', breaks: 'I8' };
export const NO_RESTORE: Expectation = { kind: 'refusal', breaks: 'GW-40' };

const OFF = { camera: 'off', microphone: 'off', cover: 'shown' } as const;
const ENOUGH_TO_BE_MUCH = 150;
const ENOUGH_FOR_ANY_SOCKET = 620;

/** The attacks that a client with an open session can make, by name. */
const IN_SESSION = {
  'no frame': ({ page, prng }) => sayRaw(page, prng.pick(MALFORMED), NOT_A_FRAME),
  'a frame too long': ({ page }) => sayRaw(page, TOO_LARGE, TOO_LONG),
  'a second hello': ({ page }) => {
    const { publicKey } = page.client.device;
    const device = { publicKey, signature: page.client.device.sign('again') };
    sayRaw(page, JSON.stringify({ type: 'session.hello', version: 1, device }), null);
  },
  'a place ahead': ({ page, prng }) => sayAt(page, nextPlace(page) + 1 + prng.below(100)),
  /** Sends a different frame under a sequence number that an earlier frame had. */
  'a place of before': ({ page, prng }) => {
    const { acknowledgedCount } = page.client;
    if (acknowledgedCount > 0) sayAt(page, 1 + prng.below(acknowledgedCount));
  },
  'what was never sent': ({ page, prng }) => {
    const message = prng.pick([
      { type: 'link.ping', n: 1 },
      { type: 'link.ack' },
      { type: 'ticket.withdraw', seq: nextPlace(page), ticket: 'no-such-ticket' },
    ]);
    sayRaw(page, JSON.stringify({ ...message, ack: NEVER_SENT }), null);
  },
  'pings without end': ({ page }) =>
    repeat(page, '{"type":"link.ping","n":1,"ack":0}', ENOUGH_TO_BE_MUCH),
  /**
   * A duplicate frame costs one of the socket's frame credits, but no credit of its message
   * kind.
   */
  'copies without end': ({ page }) => {
    if (page.client.acknowledgedCount === 0) return;
    for (let i = 0; i < ENOUGH_FOR_ANY_SOCKET; i++) sayAt(page, 1);
  },
  'searches without end': ({ page }) => {
    for (let i = 0; i < 80; i++)
      page.client.searchFor('video', { ticket: page.client.newName('ticket') });
  },
  'withdrawals without end': ({ page }) => {
    for (let i = 0; i < 80; i++) page.client.withdraw('no-such-ticket');
  },
  'a forged receipt': (scene) => {
    const { loot, prng } = scene;
    const stolen = loot.receipts.length > 0 ? prng.pick(loot.receipts).token : null;
    const session = loot.sessions.length > 0 ? prng.pick(loot.sessions) : null;
    if (stolen === null || session === null) return;
    sayReceipt(scene, prng.pick([alter(stolen, prng), session.receipt, session.secret]));
  },
  "another's receipt": (scene) => {
    const { page, loot, prng } = scene;
    const others = loot.receipts.filter(({ subject }) => subject !== page.client.subject);
    if (others.length > 0) sayReceipt(scene, prng.pick(others).token);
  },
  "the proof of another's block": ({ page, prng, loot }) => {
    const others = loot.proofs.filter(({ subject }) => subject !== page.client.subject);
    if (others.length === 0) return;
    const { token } = prng.pick(others);
    const proof = prng.chance(0.8) ? token : alter(token, prng);
    page.saying(NO_PROOF, () => page.client.unblock(proof));
  },
  'a block taken back again and again': ({ page, prng, loot }) => {
    const own = loot.proofs.filter(({ subject }) => subject === page.client.subject);
    if (own.length === 0) return;
    const { token } = prng.pick(own);
    for (let i = 0; i < 12; i++) page.client.unblock(token);
  },
  'a report again and again': (scene) => {
    const call = scene.page.client.call;
    if (call === null) return;
    scene.reported.add(call.match);
    scene.page.leaveCall();
    for (let i = 0; i < 12; i++) scene.page.client.report({ receipt: call.receipt, lines: [] });
  },
  'a block again and again': ({ page }) => {
    const call = page.client.call;
    if (call === null) return;
    page.leaveCall();
    for (let i = 0; i < 12; i++) page.client.block(call.receipt);
  },
  'a call that is over': ({ page, prng, ended }) => {
    if (ended.length === 0) return;
    const receipt = prng.pick(ended);
    page.saying(NO_RESTORE, () => {
      page.client.say('call.restore', { receipt, received: [0, 0] });
    });
  },
  'a block of before': ({ page, prng, ended }) => {
    if (ended.length > 0) page.client.block(prng.pick(ended));
  },
} as const satisfies Record<string, Attack>;

/** The attacks that a client in a call can make, by name. */
const IN_CALL = {
  'forged lines in a report': reportForgedLines,
  'a minor in a call': ({ page }) => {
    page.leaveCall();
    page.client.declareAge('minor');
  },
  'lines without end': (scene) => sayLines(scene, 90, 'hello'),
  'typing without end': ({ page }) => {
    for (let i = 0; i < 100; i++) page.client.type(i % 2 === 0);
  },
  'media without end': ({ page }) => {
    for (let i = 0; i < 60; i++) page.client.sayMedia(OFF);
  },
  /** Sends as many frames as the rate limits allow, each of maximum length. */
  'a flood within the limits': (scene) => {
    const { page } = scene;
    sayLines(scene, 10, 'a'.repeat(LINE_CHARS_MAX - 20));
    for (let i = 0; i < 19; i++) page.client.sayMedia(OFF);
    for (let i = 0; i < 3; i++) sayDescriptionPadded(page);
    const { match } = page.client.inCall();
    for (let i = 0; i < 50; i++) page.client.sayCandidate(candidate(canaryOf(match), 50_000 + i));
  },
  'hostile candidates': ({ page, prng }) => {
    for (let i = 0; i < 12; i++) page.client.sayCandidate(hostileCandidate(prng));
  },
  'addresses without end': ({ page }) => {
    for (let i = 0; i < 25; i++) {
      page.client.sayCandidate(`candidate:1 1 udp 1 9.9.9.9 ${5_000 + i} typ srflx`);
      page.client.sayCandidate(`candidate:1 1 udp 1 203.0.113.40 ${5_000 + i} typ relay`);
    }
  },
  /** Sends candidates with the addresses of other clients and of the node's machine. */
  'places near by': ({ page }) => sayNearBy(page),
  'a consent taken back': ({ page }) => {
    for (const allowed of [true, false]) page.client.consentDirect(allowed);
    sayNearBy(page);
  },
  'an answer to nothing': ({ page }) => {
    const place = page.client.inCall();
    const sdp = description('answer', canaryOf(place.match));
    page.client.say('signal.answer', { ...place, sdp });
  },
  'a hostile description': ({ page, prng }) => {
    for (let i = 0; i < 3; i++) {
      const { type, sdp } = hostileSdp(prng);
      page.client.say(`signal.${type}`, { ...page.client.inCall(), sdp });
    }
  },
  "another's call": (scene) => {
    const own = scene.page.client.inCall();
    const others = scene.loot.receipts.filter(({ match }) => match !== own.match);
    if (others.length === 0) return;
    const { match, epoch } = scene.prng.pick(others);
    sayInCall(scene, { match, epoch });
  },
  'another epoch': (scene) => {
    const { match, epoch } = scene.page.client.inCall();
    sayInCall(scene, {
      match,
      epoch: scene.prng.chance(0.5) && epoch > 1 ? epoch - 1 : epoch + 1,
    });
  },
  'forged lines to replay': ({ page, prng, loot }) => {
    if (loot.lines.length === 0) return;
    const own = page.client.call?.lines.at(-1);
    const { line } = prng.pick(loot.lines);
    const place = page.client.inCall();
    page.client.say('chat.replay', { ...place, line });
    if (own === undefined) return;
    const counters: [number, number] = [own.counters[0] + 1, own.counters[1]];
    page.client.say('chat.replay', { ...place, line: { ...own, counters, side: 'a' } });
  },
} as const satisfies Record<string, Attack>;

export const ATTACKS = { ...IN_SESSION, ...IN_CALL };
export type AttackName = keyof typeof ATTACKS;
export const ATTACK_NAMES = Object.keys(ATTACKS) as AttackName[];

export function needsCall(name: AttackName): boolean {
  return name in IN_CALL;
}

function nextPlace({ client }: Page): number {
  return client.acknowledgedCount + client.unacknowledgedCount + 1;
}

function sayRaw(page: Page, text: string, expects: Expectation | null): void {
  page.saying(expects, () => page.client.sayRaw(text));
}

/**
 * Sends a frame with an unexpected sequence number. The attacker's page doesn't keep the frame
 * for a resume.
 */
function sayAt(page: Page, seq: number): void {
  sayRaw(page, JSON.stringify({ type: 'ticket.withdraw', seq, ticket: 'no-such-ticket' }), null);
}

function repeat(page: Page, text: string, times: number): void {
  for (let i = 0; i < times; i++) page.client.sayRaw(text);
}

/** Reports, blocks or restores with a receipt that belongs to another user. */
function sayReceipt({ page, prng }: Scene, receipt: string): void {
  const { client } = page;
  const way = prng.below(3);
  page.saying(way === 2 ? NO_RESTORE : NO_RECEIPT, () => {
    if (way === 0) client.block(receipt);
    else if (way === 1) client.report({ receipt, lines: [] });
    else client.say('call.restore', { receipt, received: [0, 0] });
  });
}

/**
 * Sends reports with a valid receipt and bad chat lines. The node must refuse a report whose
 * lines have a gap or an expired key. Changed lines, and lines of another call, must count
 * against the reporter.
 */
function reportForgedLines({ page, prng, loot, reported }: Scene): void {
  const { call } = page.client;
  const last = call?.lines.at(-1);
  if (call === null || last === undefined || reported.has(call.match)) return;
  const { receipt } = call;
  const useless = [[{ ...last, tag: last.tag.replace(/^[^.]+/, 'gone') }], [last, last]];
  const foreign = loot.lines.find(({ match }) => match !== call.match)?.line;
  const forged = [{ ...last, text: `${last.text} or not` }, ...(foreign ? [foreign] : [])];
  if (prng.chance(0.4)) {
    page.saying(NO_RECEIPT, () => page.client.report({ receipt, lines: prng.pick(useless) }));
    return;
  }
  reported.add(call.match);
  page.leaveCall();
  page.client.report({ receipt, lines: [prng.pick(forged)] });
}

export function sayLines(
  { page, oracle }: Pick<Scene, 'page' | 'oracle'>,
  times: number,
  words: string,
): void {
  const { match, epoch } = page.client.inCall();
  const text = `${canaryOf(match)} ${words}`;
  for (let i = 0; i < times; i++) {
    const id = page.client.sayLine(text);
    oracle.chat.said(page.log, { match, epoch }, id, text);
  }
}

/**
 * Sends candidates with addresses from which clients connect, and with a port that browsers
 * never use.
 */
export function sayNearBy(page: Page): void {
  const hosts = ['127.0.0.1', '::1', '192.0.2.2', 'fd00::2', '198.51.100.9'];
  for (const host of hosts) page.client.sayCandidate(`candidate:1 1 udp 1 ${host} 5000 typ host`);
  page.client.sayCandidate(`candidate:1 1 udp 1 ${page.place.clientAddress} 53 typ host`);
}

/** Sends an SDP offer of maximum length, padded with an allowed attribute. */
function sayDescriptionPadded(page: Page): void {
  const place = page.client.inCall();
  const padding = `a=sctp-port:5000\r\n`.repeat(700);
  const sdp = `${description('offer', canaryOf(place.match))}${padding}`;
  page.client.say('signal.offer', { ...place, sdp });
}

/** Sends one randomly chosen message kind that belongs to a call. */
function sayInCall({ page, oracle, prng }: Scene, place: { match: string; epoch: number }): void {
  const { client } = page;
  const canary = canaryOf(place.match);
  const sayings: readonly (() => void)[] = [
    () => client.say('call.end', { ...place, reason: 'next' }),
    () => {
      const line = { id: client.newName('line'), text: `${canary} hello` };
      // The chat line names a later epoch. That epoch may have begun by the time the node receives
      // the line.
      oracle.chat.said(page.log, place, line.id, line.text);
      client.say('chat.send', { ...place, ...line });
    },
    () => client.say('signal.offer', { ...place, sdp: description('offer', canary) }),
    () => client.say('media.update', { ...place, media: OFF }),
    () => client.say('direct.consent', { ...place, allowed: true }),
    () => client.say('video.consent', { ...place, allowed: true, policyVersion: 1 }),
    () => client.say('mode.lower', { ...place, mode: prng.pick(['text', 'voice', 'video']) }),
    () => client.sayRaw(JSON.stringify({ type: 'chat.typing', ...place, active: true })),
  ];
  prng.pick(sayings)();
}
