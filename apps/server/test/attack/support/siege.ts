import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttackedServer,
  type AttackedServerOptions,
  startAttackedServer,
} from './attacked-server.ts';
import { CANARY_SOCKETS, Canary } from './canary.ts';

/** What an attack may cost the server for as long as it runs, all attacks of a test together. */
const GROWTH_MIB_MAX = 64;
/** What has not happened by then, on the slowest machine, will not. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 20;

/**
 * What people do shows in the log, and so does an attacker who does it too; and, where all is asked
 * for, what was refused.
 */
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
   * Runs an attack, and asserts that the server withstood it: the two who chat lost nothing and go
   * on, no socket of an attacker's is left, memory has not grown beyond a bound, nothing crashed,
   * and the log says nothing but what it may.
   *
   * @param alsoExpected events of the log that this attack brings about, each of which must come
   */
  withstand(attack: () => Promise<void>, alsoExpected?: readonly string[]): Promise<void>;
}

export interface SiegeOptions extends AttackedServerOptions {
  /** Where an attack takes places that it may take. */
  readonly growthMibMax?: number;
}

/** A server with two people on it who chat until the test is over. */
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

/** Resolves once it holds. @throws AssertionError in the words given when it does not come to */
export async function until(holds: () => boolean, otherwise: () => string): Promise<void> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  while (!holds()) {
    assert.ok(performance.now() < giveUpAtMs, `waited in vain: ${otherwise()}`);
    await delay(LOOK_EVERY_MS);
  }
}
