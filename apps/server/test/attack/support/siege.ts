import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttackedServer,
  type AttackedServerOptions,
  startAttackedServer,
} from './attacked-server.ts';
import { CANARY_SOCKETS, Canary } from './canary.ts';

const GROWTH_MIB_MAX = 64;
/** Timeout in ms, long enough for the slowest machine. */
const PATIENCE_MS = 30_000;
const POLL_EVERY_MS = 20;

const EXPECTED_OF_ALL = [
  'listening',
  'session-opened',
  'session-closed',
  'match-found',
  'call-ended',
  'frame-refused',
  'request-refused',
  'signal-dropped',
] as const;

export interface Siege {
  readonly server: AttackedServer;
  readonly canary: Canary;
  /**
   * Runs an attack. Then asserts that the chat lost nothing, no attacker's socket is left, memory
   * grew within its limit, nothing crashed, and the log has only expected events.
   *
   * @param alsoExpected log events that this attack causes; each must occur
   */
  withstand(attack: () => Promise<void>, alsoExpected?: readonly string[]): Promise<void>;
}

export interface SiegeOptions extends AttackedServerOptions {
  /**
   * Maximum memory growth in MiB of an attack that keeps as many sockets open as the server
   * permits.
   */
  readonly growthMibMax?: number;
}

export async function besiege(t: TestContext, options: SiegeOptions = {}): Promise<Siege> {
  const growthMibMax = options.growthMibMax ?? GROWTH_MIB_MAX;
  const server = await startAttackedServer(t, options);
  const canary = await Canary.start(t, server.port);
  await canary.saysMore(1);
  const beforeMib = server.residentMib();
  return {
    server,
    canary,
    withstand: async (attack, alsoExpected = []) => {
      const logged = server.log().length;
      await attack();
      await canary.saysMore(1);
      await until(
        () => server.openSockets() === CANARY_SOCKETS,
        () => `${server.openSockets()} sockets`,
      );
      assert.equal(server.exitCode(), null, 'it has not ended');
      const events = server
        .log()
        .slice(logged)
        .map(({ event }) => event);
      const expected: readonly string[] = [...EXPECTED_OF_ALL, ...alsoExpected];
      assert.deepEqual(
        events.filter((event) => !expected.includes(event)),
        [],
      );
      for (const event of alsoExpected) assert.ok(events.includes(event), event);
      const growthMib = server.residentMib() - beforeMib;
      assert.ok(growthMib <= growthMibMax, `${growthMib.toFixed(1)} MiB more`);
    },
  };
}

/**
 * Resolves when the condition holds.
 * @throws AssertionError with the message `otherwise` on timeout
 */
export async function until(holds: () => boolean, otherwise: () => string): Promise<void> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  while (!holds()) {
    assert.ok(performance.now() < giveUpAtMs, `waited in vain: ${otherwise()}`);
    await delay(POLL_EVERY_MS);
  }
}
