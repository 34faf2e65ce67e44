import type { Prng } from '@farandole/kernel/prng';
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

export function drawRules(prng: Prng, people: number): WorldRules {
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
