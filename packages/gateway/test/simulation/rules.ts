import type { GatewayConfig } from '../../src/gateway.ts';

/** The rules of the simulated server. */
export const CONFIG: Omit<GatewayConfig, 'node'> = {
  relayMode: 'direct',
  hasTurn: false,
  ageRequired: 'declared',
  policyVersion: 1,
};

/**
 * How long two people who met are kept apart: shorter than people are used to, so that the same
 * two come near each other again and again, and a block has to do what the cool-down no longer does.
 */
export const COOLDOWN_MS = 90_000;

/** How long the ledger keeps an encounter. Older ones are not read back from the disk either. */
export const ENCOUNTERS_KEPT_MS = 120_000;
