import { FACTS_AWAITED_MS } from '@farandole/gateway/limits';
import type { Instant } from '@farandole/kernel/clock';
import type { Config } from '../config.ts';
import { freshPrng } from '../keys/random-ids.ts';
import { RelayWatch } from '../net/relay-watch.ts';
import type { FanOut } from '../observe/fan-out.ts';
import { HostWatch } from '../observe/host-watch.ts';
import type { NodeFacts } from '../observe/node-facts.ts';
import { RelayEstimate } from '../observe/relay-estimate.ts';
import { VERSION } from '../version.ts';
import type { RealtimePart } from './realtime.ts';
import type { StoragePart } from './storage.ts';

export interface NodeFactsOptions {
  readonly config: Config;
  readonly storage: StoragePart;
  readonly realtime: RealtimePart;
  readonly ticks: FanOut<Instant>;
}

export interface NodeFactsPart {
  /** Returns the current facts. Cheap, because it reads only what is in memory. */
  readonly facts: () => NodeFacts;
  close(): void;
}

/** Starts to watch disk, backup and relay. */
export async function openNodeFacts(options: NodeFactsOptions): Promise<NodeFactsPart> {
  const { config, storage, realtime, ticks } = options;
  const { clock, house, storeHealth, journal, checkpoints, peopleCache } = storage;
  const { gateway, iceServers } = realtime;
  const host = new HostWatch(storage.dataDir);
  const prng = freshPrng();
  const relays =
    config.turnSecret === null
      ? null
      : new RelayWatch({
          urls: config.turnUrls,
          secret: config.turnSecret,
          machineMs: () => clock.machineMs(),
          chance: () => prng.unit(),
        });
  const estimate = new RelayEstimate(() => gateway.callCounts(), config.relayKbpsMax);
  ticks.subscribe(({ monotonicMs }) => {
    void host.tick(monotonicMs);
    relays?.tick(monotonicMs);
    estimate.tick(monotonicMs);
  });
  await host.tick(clock.monotonicMs());
  const build = { version: VERSION, node: process.versions.node };
  return {
    facts: () => {
      const { online, detached } = gateway.counts();
      return {
        build,
        people: { online, detached },
        calls: gateway.callCounts(),
        waiting: realtime.waitingByMode(),
        backlog: house.backlog,
        store: {
          isFailing: storeHealth.isFailing || peopleCache.unreadForMs >= FACTS_AWAITED_MS,
          reportsWaiting: journal.reports,
        },
        disk: host.disk,
        lastBackupAtMs: host.lastBackupAtMs,
        isAuditBroken: checkpoints.isBroken,
        isClockDoubtful: clock.isDoubtful,
        relay: {
          servers: relays?.states ?? [],
          credentialsIssued: iceServers.issued,
          bytesEstimated: estimate.bytes,
        },
      };
    },
    close: () => relays?.close(),
  };
}
