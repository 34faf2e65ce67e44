import type { Prng } from '@farandole/kernel/prng';
import type { ExchangeWish } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';

const INTERESTS = (
  'film music chess cooking running poetry gardens trains stars languages jazz drawing hiking ' +
  'history puzzles birds knitting go theatre sailing bread maps radio origami'
).split(' ');
const LANGUAGES = ['en', 'fr', 'pt-BR', 'de', 'ar', 'es-419'];
const PHRASES = (
  'hello/how is your day?/it rains here/what do you listen to?/I have a train to catch/' +
  'nice to meet you/that made me laugh/let me think about it'
).split('/');

/**
 * Weights by Zipf's law: the n-th most common interest is chosen 1/n times as often as the
 * first.
 */
const ZIPF = cumulative(INTERESTS.map((_, rank) => 1 / (rank + 1)));

function cumulative(weights: readonly number[]): readonly number[] {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}

export function pickInterest(prng: Prng): string {
  const at = prng.unit() * (ZIPF.at(-1) ?? 1);
  const rank = ZIPF.findIndex((upTo) => at < upTo);
  return INTERESTS[Math.max(0, rank)] ?? 'film';
}

/**
 * Picks up to three different interests. Some have a capital letter and a leading space, so that
 * the node has to normalize them.
 */
export function pickInterests(prng: Prng): string[] {
  const picked = new Set<string>();
  for (let i = prng.below(4); i > 0; i--) picked.add(pickInterest(prng));
  return [...picked].map((interest) =>
    prng.chance(0.2) ? ` ${interest.slice(0, 1).toUpperCase()}${interest.slice(1)}` : interest,
  );
}

export function pickLanguages(prng: Prng): string[] {
  const picked = new Set<string>();
  for (let i = prng.below(3); i > 0; i--) picked.add(prng.pick(LANGUAGES));
  return [...picked];
}

const LEARNT = ['en', 'fr', 'de'];

/** Picks an exchange of two of three languages, so that complementary users are common. */
export function pickExchange(prng: Prng): ExchangeWish {
  const [spoken = 'en', learnt = 'fr', other = 'de'] = prng.shuffle([...LEARNT]);
  const speaks = prng.chance(0.2) ? [spoken, other] : [spoken];
  // In rare cases the node must refuse it.
  const language = prng.chance(0.02) ? spoken : learnt;
  return { speaks, learns: [{ language, level: 'B1' }], helps: prng.chance(0.4) };
}

/**
 * Picks a chat line that contains the canary text. In rare cases, picks one that the node must
 * refuse.
 */
export function pickLine(prng: Prng, canary: string): string {
  if (prng.chance(0.01)) return prng.pick([' ', `${canary} `.padEnd(LINE_CHARS_MAX + 1, 'a')]);
  return `${canary} ${prng.pick(PHRASES)}`;
}

const DIGEST = Array.from({ length: 32 }, () => 'A5').join(':');

/**
 * Builds an SDP description of audio with the canary text in its ICE credentials.
 * @param hasPicture whether the description has a video line too
 */
export function description(type: 'offer' | 'answer', canary: string, hasPicture = false): string {
  const media = ['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'm=video 9 UDP/TLS/RTP/SAVPF 96'];
  const credentials = [
    'c=IN IP4 0.0.0.0',
    'a=rtcp-mux',
    `a=ice-ufrag:${canary}`,
    'a=ice-pwd:bP4B2dnXD5jR24LW/WWMDuq8',
    `a=fingerprint:sha-256 ${DIGEST}`,
    `a=setup:${type === 'offer' ? 'actpass' : 'active'}`,
  ];
  const lines = [
    'v=0',
    'o=- 2319420568656204996 2 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    ...media.slice(0, hasPicture ? 2 : 1).flatMap((line) => [line, ...credentials]),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Builds a host candidate whose mDNS name begins with the canary text. */
export function candidate(canary: string, port = 54_321): string {
  return `candidate:1 1 udp 2113937151 ${canary}-1111-4111-8111-111111111111.local ${port} typ host`;
}

/**
 * Returns a text unique to a match. Users put it in everything they send, so that a message that
 * leaks into another match can be recognized.
 */
export function canaryOf(name: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return `c0${((hash >>> 8) & 0xffffff).toString(16).padStart(6, '0')}`;
}

export function canariesIn(text: string): readonly string[] {
  return text.match(/\bc0[0-9a-f]{6}\b/g) ?? [];
}
