import { EVERY_NODE } from '@farandole/cluster/broker';
import type { SharedBudgets } from '@farandole/cluster/shared-budgets';
import type { ValkeyCluster } from '@farandole/cluster/valkey/valkey-cluster';
import { Gateway } from '@farandole/gateway/gateway';
import { PairLedger } from '@farandole/gateway/pair-ledger';
import type { People } from '@farandole/gateway/people';
import type { CallEnds, Journal, Segments, Standing, Standings } from '@farandole/gateway/ports';
import { openSessionTicket } from '@farandole/gateway/session-ticket';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type MatchId, type NodeId } from '@farandole/kernel/id';
import type { HourPlan } from '@farandole/matchmaking/hours';
import { createMatchRules, type ModeId } from '@farandole/matchmaking/mode';
import type { Budgets } from '../budgets.ts';
import type { Config } from '../config.ts';
import type { NodeProblem } from '../http/cluster-readiness.ts';
import { DeviceChecks } from '../keys/device-checks.ts';
import { POLICY_VERSION } from '../limits.ts';
import { MachineNetwork } from '../net/network-facts.ts';
import { NetworkNames } from '../net/network-names.ts';
import { readRentedRanges } from '../net/rented-ranges.ts';
import type { Site } from '../net/site.ts';
import { IceIssuer } from '../net/turn-credentials.ts';
import { blocksWatch } from '../node/blocks-watch.ts';
import { clusterWatch } from '../node/cluster-watch.ts';
import { Drain } from '../node/drain.ts';
import { NodeLoop } from '../node/node-loop.ts';
import { storeAlone } from '../node/store-alone.ts';
import { unreadWatch } from '../node/unread-watch.ts';
import type { FanOut } from '../observe/fan-out.ts';
import type { LogEvent } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { nameHash } from '../store/name-hash.ts';
import { NetworkAnchor } from '../store/network-anchor.ts';
import { Admission } from '../transport/admission.ts';
import { Sockets } from '../transport/sockets.ts';
import type { UpgradeParts } from '../transport/upgrade-parts.ts';
import { openOwnPool } from './pool.ts';
import { instantOf, type StoragePart } from './storage.ts';

export interface RealtimeOptions {
  readonly config: Config;
  readonly storage: StoragePart;
  readonly budgets: Budgets;
  readonly site: () => Site;
  readonly events: FanOut<LogEvent>;
  readonly ticks: FanOut<Instant>;
  readonly metrics: Metrics;
  readonly refusedLingerMs: number;
  readonly onUnlisted: (what: 'proxy' | 'origin') => void;
}

export interface RealtimePart {
  readonly gateway: Gateway;
  readonly loop: NodeLoop;
  readonly sockets: Sockets;
  readonly drain: Drain;
  readonly iceServers: IceIssuer;
  /** Connection to the other nodes; null on a server with one node. */
  readonly cluster: ValkeyCluster | null;
  readonly sharedBudgets: SharedBudgets | null;
  /** Returns the number of waiting users by mode; null on a node that doesn't own the pool. */
  readonly waitingByMode: () => ReadonlyMap<ModeId, number> | null;
  /** Returns why this node doesn't do all its work; null without a reason. */
  readonly nodeProblem: () => NodeProblem | null;
  /** Tells the other nodes that the store has changed, so that they read it at once. */
  readonly tellStoreChanged: () => void;
  /** What the transport needs to open the node's sockets. */
  readonly upgrades: UpgradeParts;
  /**
   * Stops the node's timer and leaves the other nodes. The WebSockets stay open until the HTTP
   * servers close.
   */
  close(): Promise<void>;
}

/** Creates the gateway, the sockets and the node loop. They process nothing before `loop.start`. */
export async function openRealtime(options: RealtimeOptions): Promise<RealtimePart> {
  const { config, storage, budgets, site, events, ticks, onUnlisted, refusedLingerMs } = options;
  const { clock, signer, networkAnchor } = storage;
  const { connectionsMax, trustedProxies } = config;
  const log = events.emit;

  const rented = config.rentedRanges === null ? null : await readRentedRanges(config.rentedRanges);
  const admission = new Admission({
    ...{ site, signer, budgets, trustedProxies, onUnlisted },
    networkNames: new NetworkNames(networkAnchor, rented),
    admits: (token, subject) => gateway.admits(token, subject, instantOf(clock)),
  });
  const sockets = new Sockets({ admission, clock, work: budgets.frames, refusedLingerMs, log });
  const apart = config.keepsNetworksApart ? networkAnchor : null;
  const relays = config.turnRelayAddresses;
  const network = new MachineNetwork(relays, config.turnUrls, log, undefined, apart);

  const iceServers = new IceIssuer({
    settings: config,
    networks: new NetworkAnchor(storage.keys.ring.subject, 'farandole relay networks 1'),
    budget: budgets['turn-credentials'],
    machineMs: () => clock.machineMs(),
  });

  const node = brandId<NodeId>(signer.randomId());
  await using opened = new AsyncDisposableStack();
  let onArrived = (): void => {};
  let online = (): number => 0;
  let cluster: ValkeyCluster | null = null;
  let sharedBudgets: SharedBudgets | null = null;
  let redeem: UpgradeParts['redeem'] | null = null;
  if (config.valkey !== null) {
    // The driver is imported only here, because a server with one node needs none.
    const { openCluster, redeemOnce, shareBudgets } = await import('./cluster.ts');
    const joined = await openCluster(config.valkey, {
      ...{ storage, node, databaseUrl: config.databaseUrl, online: () => online() },
      onArrived: () => onArrived(),
    });
    opened.defer(() => joined.close());
    cluster = joined;
    sharedBudgets = shareBudgets(joined, budgets);
    redeem = redeemOnce(joined, (token) => openSessionTicket(signer, token, clock.wallMs()));
  }
  const upgrades: UpgradeParts = {
    ...{ admission, sockets, log },
    ...(redeem !== null && { redeem }),
  };
  const pairs = new PairLedger();
  const devices = new DeviceChecks();
  const rules = createMatchRules({
    policyVersion: POLICY_VERSION,
    ageStateRequired: config.ageRequired,
    offered: config.modes,
  });
  const mintMatchId = (): MatchId => brandId<MatchId>(signer.randomId());
  const hours = (): HourPlan => storage.publishedHours.plan;
  const poolOptions = { rules, facts: pairs, mintMatchId, hours };
  const hashOf = nameHash(storage.keys.ring.subject);
  const mint = (): string => signer.randomId();
  const { matchmaker, pool, sessions, epoch, stopWriting } =
    cluster === null
      ? openOwnPool(poolOptions, instantOf(clock))
      : (await import('./shared-pool.ts')).openSharedPool(poolOptions, cluster, {
          ...{ sockets, mint },
          factsOf: (ticket) => pairs.factsOf(ticket, hashOf),
        });
  /** Numbers of the records that are being written and that other nodes must read soon. */
  const urgent = new Set<number>();
  const gateway = new Gateway(
    {
      node,
      relayMode: config.relay,
      hasTurn: config.turnSecret !== null,
      takesPictures: config.evidence !== null,
      rules,
      connectionsMax,
    },
    {
      connections: sessions ?? sockets,
      ...(sessions !== null && { nodes: sessions }),
      signer,
      devices,
      matchmaker,
      network,
      iceServers,
      pairs,
      communities: storage.communities,
      hours,
      invitationBudget: budgets.invitations,
      reportBudgets: [budgets.reports, budgets['reports-of-day']],
      // A relayed message is only counted, because it is the most frequent event by far.
      observer: {
        observe: (event) => {
          if (event.event === 'relayed') options.metrics.observe(event);
          else log(event);
        },
      },
      ...notedPorts(storage, urgent),
    },
    instantOf(clock),
  );

  sessions?.attach(gateway);
  online = () => gateway.counts().online;
  const socketEvents = sessions ?? gateway;
  const loop = new NodeLoop({ gateway, socketEvents, pool, clock, onTick: ticks.emit });
  onArrived = () => loop.messagesArrived();
  sockets.attach(loop);
  devices.attach((connection, device) => loop.deviceVerified(connection, device));
  storage.peopleCache.attach({
    removals: () => pairs.removals,
    peopleRead: (people, asOf) => loop.peopleRead(people, asOf),
  });
  storage.communities.attach(() => loop.communitiesChanged());
  const tellStoreChanged = (): void => {
    loop.turn(() => cluster?.broker.publish(EVERY_NODE, { type: 'store.changed', from: node }));
  };
  storage.settled.subscribe((settledEntries) => {
    loop.journalSettled(settledEntries);
    const isUrgent = settledEntries.entries.filter((entry) => urgent.delete(entry)).length > 0;
    if (isUrgent && settledEntries.stored) tellStoreChanged();
  });
  const drain = new Drain({
    ...{ gateway, clock, log },
    loop: {
      drain: () => {
        cluster?.startDraining();
        stopWriting();
        loop.drain();
      },
    },
  });
  const watchBlocks = blocksWatch(() => pairs.sizes.blocks, log);
  const watchUnread = unreadWatch(storage.peopleCache, log);
  const watchCluster = cluster === null ? null : clusterWatch(cluster, log);
  const watchStore = storeAlone({
    isReached: () => storage.storeHealth.isReached,
    doOthersReach: () => cluster?.doOthersReachDatabase === true,
    sendAway: () => loop.turn(() => gateway.sendAway(instantOf(clock))),
    log,
  });
  ticks.subscribe((now) => {
    sockets.tick(now.monotonicMs);
    void network.tick(now);
    watchBlocks();
    watchUnread();
    watchCluster?.();
    watchStore(now);
    drain.tick(now);
  });
  options.metrics.addGauges({
    counts: () => gateway.counts(),
    sockets: () => sockets.size,
    framesDeferred: () => sockets.framesDeferred,
    unread: () => storage.peopleCache.unread,
    waitingByMode: () => pool.waitingByMode(),
  });
  if (cluster !== null && sessions !== null) {
    options.metrics.addClusterGauges(cluster, sessions, epoch);
  }
  await network.tick(instantOf(clock));

  const closers = opened.move();
  return {
    gateway,
    loop,
    sockets,
    drain,
    iceServers,
    waitingByMode: () => pool.waitingByMode(),
    cluster,
    sharedBudgets,
    nodeProblem: () => cluster?.problem ?? (sessions?.isJoining === true ? 'joining' : null),
    tellStoreChanged,
    upgrades,
    close: async () => {
      loop.stop();
      stopWriting();
      await closers.disposeAsync();
    },
  };
}

/**
 * Returns the gateway's ports to the storage. They also pass records, networks and searches to the
 * recorders that send them to the store.
 *
 * @param urgent gets the numbers of the declarations of minors and of the removals of blocks
 */
function notedPorts(
  storage: StoragePart,
  urgent: Set<number>,
): {
  readonly journal: Journal;
  readonly standings: Standings;
  readonly circles: Segments;
  readonly people: People;
  readonly callEnds: CallEnds;
} {
  const { journal, standings, peopleCache, signer } = storage;
  const { cleanCalls, anchorRecorder, pairRecorder } = storage;
  return {
    journal: {
      append: (entry, record) => {
        cleanCalls.recorded(record);
        if (record.kind === 'age-refused' || record.kind === 'unblock') urgent.add(entry);
        journal.append(entry, record);
      },
    },
    standings: {
      of: (known, nowMs) => {
        anchorRecorder.notice(known, nowMs);
        const allowed = standings.of(known, nowMs);
        const closure = peopleCache.closureOf(known.subject, nowMs);
        const standing: Standing =
          closure === null
            ? allowed
            : {
                ...allowed,
                exchangeClosed: {
                  appeal: signer.measureCode(closure.case),
                  endsAtWallMs: closure.endsAtMs,
                },
              };
        const notice = standing.may === 'meet' ? peopleCache.noticeOf(known.subject, nowMs) : null;
        if (notice === null) return standing;
        const appeal = notice.case === null ? null : signer.measureCode(notice.case);
        return { ...standing, may: 'meet', limited: { appeal, endsAtWallMs: notice.endsAtMs } };
      },
      isAgeLifted: (subject, nowMs) => standings.isAgeLifted(subject, nowMs),
    },
    circles: {
      placeOf: (subject, nowMs) => {
        const place = peopleCache.placeOf(subject, nowMs);
        pairRecorder.searched(subject, place);
        return place;
      },
      isProven: (subject, nowMs) => peopleCache.isProven(subject, nowMs),
    },
    people: peopleCache,
    callEnds: cleanCalls,
  };
}
