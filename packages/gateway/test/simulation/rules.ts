import type { Prng } from '@farandole/kernel/prng';
import { createMatchRules } from '@farandole/matchmaking/mode';
import type { RelayMode } from '@farandole/protocol/http-api';
import type { GatewayConfig } from '../../src/gateway.ts';

/** Where a socket comes from, as the listener knows it. */
export interface Place {
  readonly clientAddress: string;
  readonly isLocal: boolean;
}

/** The rules of one simulated server. */
export interface WorldRules {
  readonly config: Omit<GatewayConfig, 'node'>;
  /** What the operator's relays hand out. */
  readonly relayAddresses: readonly string[];
  /** The addresses of the machine that the node runs on. */
  readonly localAddresses: readonly string[];
  /** Whether the operator lets nobody meet people of their own network. */
  readonly keepsNetworksApart: boolean;
  /** Whether the node reaches its pool over the broker, as one node of several. */
  readonly usesBroker: boolean;
}

const POLICY_VERSION = 1;

/**
 * How long two people who met are kept apart: shorter than people are used to, so that the same
 * two come near each other again and again, and a block has to do what the cool-down no longer does.
 */
export const COOLDOWN_MS = 90_000;

/** How long the ledger keeps an encounter. Older ones are not read back from the disk either. */
export const ENCOUNTERS_KEPT_MS = 120_000;

const RELAY_MODES: readonly RelayMode[] = ['direct', 'fallback', 'until-consent', 'always'];
/** A world in four has so little room that some are turned away, and some offers not kept. */
const SMALL_CHANCE = 0.25;
/** So many worlds keep people of one network apart. */
const APART_CHANCE = 0.25;
const BROKER_CHANCE = 0.5;
const OFFER_CHARS_IN_SMALL = 4_000;

/** Few lines wait for older ones, so that now and then there is one more, and all are let go. */
const HELD_LINES_MAX = 5;

/** Draws how one server is set up. */
export function drawRules(prng: Prng, people: number): WorldRules {
  const relayMode = prng.pick(RELAY_MODES);
  const isSmall = prng.chance(SMALL_CHANCE);
  return {
    config: {
      relayMode,
      hasTurn: relayMode !== 'direct',
      takesPictures: false,
      rules: createMatchRules({ policyVersion: POLICY_VERSION, rematchCooldownMs: COOLDOWN_MS }),
      heldLinesMax: HELD_LINES_MAX,
      ...(isSmall
        ? { connectionsMax: Math.ceil(people * 0.8), offerCharsHeldMax: OFFER_CHARS_IN_SMALL }
        : {}),
    },
    relayAddresses: relayMode === 'direct' ? [] : ['203.0.113.40'],
    localAddresses: ['127.0.0.1', '::1', '192.0.2.2', 'fd00::2'],
    keepsNetworksApart: prng.chance(APART_CHANCE),
    usesBroker: prng.chance(BROKER_CHANCE),
  };
}

const PLACES: readonly Place[] = [
  { clientAddress: '127.0.0.1', isLocal: true },
  { clientAddress: '198.51.100.9', isLocal: false },
  { clientAddress: 'fd00::2', isLocal: false },
  // Behind a proxy that the operator has not listed.
  { clientAddress: '127.0.0.1', isLocal: false },
];

/** Few come from there, so that a decision about the whole network leaves the world as it is. */
const RARE_PLACES: readonly Place[] = [
  { clientAddress: '198.51.100.77', isLocal: false },
  { clientAddress: '2001:db8:77::1', isLocal: false },
];
const RARE_CHANCE = 0.08;

/** Networks of which people may decide something. */
export const DECIDED_NETWORKS: readonly string[] = RARE_PLACES.map(
  ({ clientAddress }) => clientAddress,
);

/** The network that an address is in. */
export function networkOf(address: string): string {
  const parts = address.includes(':') ? address.split(':') : address.split('.');
  return parts.slice(0, 3).join('-');
}

export function drawPlace(prng: Prng): Place {
  return prng.pick(prng.chance(RARE_CHANCE) ? RARE_PLACES : PLACES);
}
