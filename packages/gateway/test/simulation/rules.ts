import type { Prng } from '@farandole/kernel/prng';
import { type HourPlan, NO_HOURS } from '@farandole/matchmaking/hours';
import { ROUND_MS } from '@farandole/matchmaking/limits';
import {
  createMatchRules,
  EXCHANGE,
  LADDER,
  OFFERED_BY_DEFAULT,
  QUESTION,
} from '@farandole/matchmaking/mode';
import type { RelayMode } from '@farandole/protocol/http-api';
import type { GatewayConfig } from '../../src/gateway.ts';

/** Origin of a simulated socket, as the node's listener sees it. */
export interface ClientAddress {
  readonly clientAddress: string;
  readonly isLocal: boolean;
}

export interface WorldRules {
  readonly config: Omit<GatewayConfig, 'node'> & { readonly bufferedLinesMax: number };
  readonly relayAddresses: readonly string[];
  readonly localAddresses: readonly string[];
  /** Whether users of one network are never matched with each other. */
  readonly keepsNetworksApart: boolean;
  readonly hours: HourPlan;
  /** Whether the node reaches its pool through the broker. If not, it calls the pool directly. */
  readonly usesBroker: boolean;
}

const POLICY_VERSION = 1;

/**
 * Cool-down after a meeting in ms. It is short, so that two users meet again soon unless one
 * blocked the other.
 */
export const COOLDOWN_MS = 90_000;

/**
 * How long the pair ledger keeps a meeting in ms. The limit also applies to meetings read from
 * disk.
 */
export const ENCOUNTERS_KEPT_MS = 120_000;

const RELAY_MODES: readonly RelayMode[] = ['direct', 'fallback', 'until-consent', 'always'];
/** Share of worlds with low limits, which refuse some sockets and drop some offers. */
const SMALL_CHANCE = 0.25;
const APART_CHANCE = 0.25;
const BROKER_CHANCE = 0.5;
/** Share of worlds that offer every mode of the ladder. */
const LADDER_SHARE = 0.4;
/** The part of all worlds, from … to …, that offer language exchange. */
const EXCHANGE_SHARE = [0.2, 0.7] as const;
/** The part of all worlds, from … to …, that offer the question mode. */
const QUESTION_SHARE = [0.4, 0.8] as const;
const OFFER_CHARS_IN_SMALL = 4_000;

/** Maximum number of buffered chat lines. It is low, so that some worlds reach it. */
const BUFFERED_LINES_MAX = 5;

/** Number of worlds per world with an hour. */
const WORLDS_PER_HOUR = 5;
/**
 * When the first bell of an hour rings, in ms after the start of the world. Its notice comes in the
 * first calm phase, because calls that are old enough for the bell outlast that.
 */
const FIRST_BELL_MS = 345_000;
const HOUR_LASTS_MS = 24 * 60 * 60_000;
/** The faults set the date wrong by this much, which is a multiple of `ROUND_MS`. */
export const THIRTY_DAYS_MS = 30 * 24 * 60 * 60_000;

/** Returns the hours of a world. One is on at the right date, and at each wrong one. */
export function hoursOf(seed: number, startWallMs: number): HourPlan {
  if (seed % WORLDS_PER_HOUR !== 2) return NO_HOURS;
  const mode = seed % 2 === 0 ? 'text' : 'video';
  const hours = [-THIRTY_DAYS_MS, 0, THIRTY_DAYS_MS].map((offMs, at) => {
    const startMs = startWallMs + offMs + FIRST_BELL_MS - ROUND_MS;
    return { id: `hour-${at}`, title: 'Films', mode, startMs, endMs: startMs + HOUR_LASTS_MS };
  });
  return { door: 'open', hours };
}

export function drawRules(prng: Prng, people: number, hours: HourPlan): WorldRules {
  const relayMode = prng.pick(RELAY_MODES);
  const isSmall = prng.chance(SMALL_CHANCE);
  const keepsNetworksApart = prng.chance(APART_CHANCE);
  const usesBroker = prng.chance(BROKER_CHANCE);
  const share = prng.unit();
  const rungs = share < LADDER_SHARE ? LADDER.map(({ id }) => id) : OFFERED_BY_DEFAULT;
  const hasExchange = share >= EXCHANGE_SHARE[0] && share < EXCHANGE_SHARE[1];
  const hasQuestion = share >= QUESTION_SHARE[0] && share < QUESTION_SHARE[1];
  const offered = [
    ...rungs,
    ...(hasExchange ? [EXCHANGE] : []),
    ...(hasQuestion ? [QUESTION] : []),
  ];
  return {
    config: {
      relayMode,
      hasTurn: relayMode !== 'direct',
      takesPictures: false,
      rules: createMatchRules({
        ...{ policyVersion: POLICY_VERSION, rematchCooldownMs: COOLDOWN_MS, offered },
      }),
      bufferedLinesMax: BUFFERED_LINES_MAX,
      ...(isSmall
        ? { connectionsMax: Math.ceil(people * 0.8), offerCharsBufferedMax: OFFER_CHARS_IN_SMALL }
        : {}),
    },
    relayAddresses: relayMode === 'direct' ? [] : ['203.0.113.40'],
    localAddresses: ['127.0.0.1', '::1', '192.0.2.2', 'fd00::2'],
    keepsNetworksApart,
    usesBroker,
    hours,
  };
}

const PLACES: readonly ClientAddress[] = [
  { clientAddress: '127.0.0.1', isLocal: true },
  { clientAddress: '198.51.100.9', isLocal: false },
  { clientAddress: 'fd00::2', isLocal: false },
  // The address of users behind a proxy that isn't trusted.
  { clientAddress: '127.0.0.1', isLocal: false },
];

/** Addresses from which few users come, so that a sanction of a whole network affects few. */
const RARE_PLACES: readonly ClientAddress[] = [
  { clientAddress: '198.51.100.77', isLocal: false },
  { clientAddress: '2001:db8:77::1', isLocal: false },
];
const RARE_CHANCE = 0.08;

/** Networks that the simulated moderators may sanction. */
export const DECIDED_NETWORKS: readonly string[] = RARE_PLACES.map(
  ({ clientAddress }) => clientAddress,
);

/** The communities of the server, none of which needs a code. */
export const COMMUNITIES = ['painters', 'polyglots'] as const;
/** Number of users per member of a community. */
const USERS_PER_MEMBER = 8;

/** Returns the community of the user with this number, or null for the open pool. */
export function communityOf(user: number): string | null {
  return COMMUNITIES[user % USERS_PER_MEMBER] ?? null;
}

export function networkOf(address: string): string {
  const parts = address.includes(':') ? address.split(':') : address.split('.');
  return parts.slice(0, 3).join('-');
}

export function drawAddress(prng: Prng): ClientAddress {
  return prng.pick(prng.chance(RARE_CHANCE) ? RARE_PLACES : PLACES);
}
