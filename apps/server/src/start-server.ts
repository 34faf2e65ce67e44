import { BrokerMatchmaker } from '@farandole/cluster/broker-matchmaker';
import { LocalBroker } from '@farandole/cluster/local-broker';
import { LocalLease } from '@farandole/cluster/local-lease';
import { PoolHost } from '@farandole/cluster/pool-host';
import { Gateway } from '@farandole/gateway/gateway';
import { PairLedger } from '@farandole/gateway/pair-ledger';
import type { Clock, Instant } from '@farandole/kernel/clock';
import { brandId, type MatchId, type NodeId } from '@farandole/kernel/id';
import { createPrngFromState } from '@farandole/kernel/prng';
import { createMatchRules } from '@farandole/matchmaking/mode';
import type { ServerFacts } from '@farandole/protocol/http-api';
import { DRAIN_DEADLINE_MS } from '@farandole/protocol/limits';
import { HoursKeeper } from './cache/hours-keeper.ts';
import { HouseMirror } from './cache/house-mirror.ts';
import { StandingMirror } from './cache/standing-mirror.ts';
import { TrustMirror } from './cache/trust-mirror.ts';
import { type Config, originsOf } from './config.ts';
import { createConsoleApi } from './console/console-api.ts';
import { LiveFeed } from './console/live-feed.ts';
import { PictureUploads } from './evidence/picture-uploads.ts';
import { PictureVault } from './evidence/picture-vault.ts';
import { recordEvidence } from './evidence/record.ts';
import { RoleKeys } from './evidence/role-keys.ts';
import { createApp } from './http/app.ts';
import { createHardenedServer } from './http/hardened-server.ts';
import { createMetricsServer } from './http/metrics-server.ts';
import { PagesSource } from './http/pages-source.ts';
import { FileJournal } from './journal/file-journal.ts';
import { ownLinesIn } from './journal/own-lines.ts';
import { KeyStore } from './keys/keys.ts';
import { randomWords } from './keys/random-ids.ts';
import { NodeSigner } from './keys/signer.ts';
import { KEY_CHECK_EVERY_MS, POLICY_VERSION, REFUSED_HELD_MS } from './limits.ts';
import { closeServer, listenOn } from './net/listening.ts';
import { MachineNetwork } from './net/network-facts.ts';
import { Site } from './net/site.ts';
import { blocksWatch } from './node/blocks-watch.ts';
import { closeAll } from './node/close-all.ts';
import { openDataDir } from './node/data-dir.ts';
import { NodeClock } from './node/node-clock.ts';
import { NodeLoop } from './node/node-loop.ts';
import { systemClock } from './node/system-clock.ts';
import { describeError, type Log } from './observe/log.ts';
import { Metrics } from './observe/metrics.ts';
import { AnchorNotes } from './outbox/anchor-notes.ts';
import { CallTally } from './outbox/call-tally.ts';
import { CleanCalls } from './outbox/clean-calls.ts';
import { Erasures } from './outbox/erasures.ts';
import { PairNotes } from './outbox/pair-notes.ts';
import { ReportIntake } from './outbox/report-intake.ts';
import { StoreHealth } from './outbox/store-health.ts';
import { StoreTasks } from './outbox/store-tasks.ts';
import { authenticatorOf } from './sign-in/authenticate.ts';
import { ownerLink } from './sign-in/owner-link.ts';
import { PasswordHasher } from './sign-in/password-hash.ts';
import { SignInApi } from './sign-in/sign-in-api.ts';
import { SignInParts } from './sign-in/sign-in-parts.ts';
import { signInRoutes } from './sign-in/sign-in-routes.ts';
import { codeOf } from './start-error.ts';
import { CheckpointKeeper } from './store/audit-checkpoint.ts';
import { NetworkAnchor } from './store/network-anchor.ts';
import { isInClear, openStore, type StorePlace, wordsSealOf } from './store/open-store.ts';
import { WsListener } from './transport/ws-listener.ts';

export interface ServerOptions {
  readonly config: Config;
  /** The built page. */
  readonly pagesDir: string;
  /** Reads the page again whenever it is built again; for whoever works on it. */
  readonly followPages?: boolean;
  readonly log: Log;
  /** The machine's where it is left out. */
  readonly clock?: Clock;
  /** Start with the machine's date even if it is far from the one noted; false by default. */
  readonly acceptsDate?: boolean;
  /** `REFUSED_HELD_MS` where it is left out. */
  readonly refusedHeldMs?: number;
  /** Where the store works, as `openStore` takes it; in its own thread where it is left out. */
  readonly storeIn?: StorePlace;
}

/** One node that serves people. */
export interface RunningServer {
  /** Where it listens; on `localhost`, by both loopback addresses. */
  readonly port: number;
  /** Such as `http://localhost:8080`. */
  readonly url: string;
  /** The addresses under which the page may be opened. */
  readonly origins: readonly string[];
  /** Where the first member comes in, as long as there is none; once, and for an hour. */
  readonly ownerLink: string | null;
  /** Null: there are no metrics. */
  readonly metricsPort: number | null;
  /**
   * Begins to stop: new searches are refused, calls go on. Resolves when nobody is left or the
   * deadline has passed; idempotent.
   */
  drain(): Promise<void>;
  /** Closes every socket and file, and frees the data folder. @throws CloseError if a file can't be closed */
  close(): Promise<void>;
}

/**
 * Puts the rooms together and starts one node.
 *
 * @throws StartError for what whoever runs it can mend; nothing is left open or locked then.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const undo: (() => Promise<void>)[] = [];
  try {
    return await assemble(options, undo);
  } catch (error) {
    await closeAll(undo).catch(() => {});
    throw error;
  }
}

async function assemble(
  options: ServerOptions,
  undo: (() => Promise<void>)[],
): Promise<RunningServer> {
  const { config, pagesDir, log } = options;
  const pages = await PagesSource.open(pagesDir, options.followPages ?? false);
  undo.push(async () => pages.close());
  const dataDir = await openDataDir(config.dataDir);
  undo.push(() => dataDir.release());
  const clock = await NodeClock.open({
    dataDir: dataDir.path,
    clock: options.clock ?? systemClock,
    acceptsDate: options.acceptsDate ?? false,
    log,
  });
  undo.push(() => clock.keep().catch(() => {}));
  const now = (): Instant => ({ monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() });
  const keys = await KeyStore.open(dataDir.path, now());
  const signer = new NodeSigner(() => keys.ring);

  const store = await openStore(config, dataDir.path, keys.ring, options.storeIn);
  undo.push(() => store.close());
  if (await isInClear(config)) log({ event: 'database-in-clear' });
  const journal = await FileJournal.open({
    dataDir: dataDir.path,
    clock,
    seal: wordsSealOf(keys.ring),
    log: (event) => {
      if (event.event === 'journal-failed') metrics.journalFailed();
      log(event);
    },
    onSettled: (entries, stored) => {
      loop.journalSettled(entries, stored);
      intake.settled(entries, stored);
    },
  });
  const storeHealth = new StoreHealth(log);
  const intake = new ReportIntake({
    journal,
    store,
    clock,
    freshId: () => signer.randomId(),
    onTaken: (subject) => trusts.expect(subject),
  });
  // Closed first, once the reports that it still writes are taken into cases.
  undo.push(async () => {
    await intake.whenIdle();
    await journal.close();
  });
  const takesPictures = config.evidence !== null;
  await recordEvidence(store, config.evidence, clock.wallMs());
  const roleKeys = await RoleKeys.open(dataDir.path, takesPictures);
  const vault = new PictureVault(dataDir.path, roleKeys);
  if (roleKeys.wereMade && !(await vault.isEmpty())) log({ event: 'picture-keys-lost' });
  const calls = new CallTally();
  const networkAnchor = new NetworkAnchor(keys.ring.subject);
  const checkpoints = await CheckpointKeeper.open(dataDir.path, store);
  // What was done in the last minute, too. Where the store or the disk fails, the file is as it was.
  undo.push(() => checkpoints.keep().catch(() => {}));
  const standings = new StandingMirror(store, networkAnchor, signer);
  await standings.read(clock.wallMs());
  const house = new HouseMirror(store);
  // Whoever comes at once is told them, too.
  await house.readRules();
  const hours = await HoursKeeper.open({
    dataDir: dataDir.path,
    nowMs: clock.wallMs(),
    people: () => gateway.counts().online,
    log,
  });
  undo.push(() => hours.close().catch(() => {}));
  const trusts = new TrustMirror(store, createPrngFromState(randomWords()));
  const anchors = new AnchorNotes(
    { of: (known) => standings.of(known, clock.wallMs()) },
    store,
    networkAnchor,
    (subject) => trusts.expect(subject),
  );
  const pairNotes = new PairNotes({
    store,
    circles: trusts,
    wallMs: () => clock.wallMs(),
    age: config.ageRequired,
    policy: POLICY_VERSION,
  });
  const cleanCalls = new CleanCalls({
    journal: intake,
    store,
    nowMonotonicMs: () => clock.monotonicMs(),
    onBegan: (match, subjects) => pairNotes.began(match, subjects),
    onCounted: (subject) => trusts.expect(subject),
  });

  const apart = config.keepsNetworksApart ? networkAnchor : null;
  const relays = config.turnRelayAddresses;
  const network = new MachineNetwork(relays, config.turnUrls, log, undefined, apart);
  const onUnlisted = sayOnce(log);
  const onRefused = (status: number): void => {
    metrics.requestRefused(status);
    log({ event: 'request-refused', status });
  };
  const { connectionsMax, connectionsPerNetworkMax, trustedProxies } = config;
  const listener = new WsListener({
    site: () => site,
    signer,
    clock,
    trustedProxies,
    connectionsMax,
    connectionsPerNetworkMax,
    refusedHeldMs: options.refusedHeldMs ?? REFUSED_HELD_MS,
    onUnlisted,
    onRefused,
    onClosed: (reason) => metrics.socketClosed(reason),
  });

  const node = brandId<NodeId>(signer.randomId());
  const broker = new LocalBroker();
  const pairs = new PairLedger();
  const matchmaker = new BrokerMatchmaker(broker, node);
  const host = new PoolHost(
    {
      node,
      options: {
        rules: createMatchRules({
          policyVersion: POLICY_VERSION,
          ageStateRequired: config.ageRequired,
        }),
        facts: pairs,
        mintMatchId: () => brandId<MatchId>(signer.randomId()),
      },
    },
    { broker, lease: new LocalLease() },
    createPrngFromState(randomWords()),
  );
  const hasTurn = config.turnSecret !== null;
  const gateway = new Gateway(
    {
      node,
      relayMode: config.relay,
      hasTurn,
      takesPictures,
      ageRequired: config.ageRequired,
      policyVersion: POLICY_VERSION,
      connectionsMax,
    },
    {
      connections: listener,
      signer,
      journal: cleanCalls,
      matchmaker,
      network,
      standings: anchors,
      circles: pairNotes,
      observer: {
        observe: (event) => {
          if (event.event === 'match-found') {
            calls.add(1);
            pairNotes.found(event.match, event.mode);
          }
          metrics.observe(event);
          log(event);
        },
      },
      pairs,
    },
    now(),
  );
  gateway.replay(journal.records, now());
  const metrics: Metrics = new Metrics({
    counts: () => gateway.counts(),
    sockets: () => listener.size,
    waitingByMode: () => host.waitingByMode(),
  });

  const authenticate = authenticatorOf(store, clock);
  const live = new LiveFeed({
    store,
    authenticate,
    // Whether the store works, its own tasks say.
    onFailed: (error) => log({ event: 'request-failed', ...describeError(error) }),
  });
  const consoleApi = createConsoleApi({
    store,
    clock,
    freshId: () => signer.randomId(),
    authenticate,
    live,
    vault,
    checkpoints,
    house,
    picturesPerShift: config.picturesPerShift,
    service: config.operatorName ?? 'Farandole',
    handOver: config.handOver,
    onDecided: () => storeTasks.decided(),
  });

  const whenDrained = Promise.withResolvers<void>();
  let drainedAtLatestMonotonicMs: number | null = null;
  const rotateKeys = keyRotation(keys, log);
  const watchBlocks = blocksWatch(() => pairs.sizes.blocks, log);
  const storeTasks = new StoreTasks({
    store,
    clock,
    standings,
    intake,
    trusts,
    cleanCalls,
    calls,
    pairs: pairNotes,
    anchors,
    vault,
    checkpoints,
    house,
    hours,
    erasures: new Erasures(store, journal),
    onChanged: () => loop.standingsChanged(),
    onWorked: (task) => storeHealth.worked(task),
    onFailed: (task, error) => storeHealth.failed(task, error),
  });
  const loop: NodeLoop = new NodeLoop({
    gateway,
    matchmaker,
    host,
    broker,
    clock,
    onTick: (at) => {
      clock.tick();
      listener.tick(at.monotonicMs);
      void network.tick(at);
      rotateKeys(at);
      watchBlocks();
      storeTasks.tick(at);
      live.tick(at);
      pages.tick(at.monotonicMs);
      if (drainedAtLatestMonotonicMs === null) return;
      if (gateway.drained || at.monotonicMs >= drainedAtLatestMonotonicMs) whenDrained.resolve();
    },
  });
  listener.attach(loop);
  await network.tick(now());

  const facts = (): ServerFacts => ({
    relay: config.relay,
    hasTurn,
    ageRequired: config.ageRequired,
    policyVersion: POLICY_VERSION,
    sourceUrl: config.sourceUrl,
    operator: { name: config.operatorName, contact: config.operatorContact },
    helpLines: config.helpLines,
    shield: config.shield,
    pictures: takesPictures,
    ...house.facts,
    busiest: hours.busiest,
  });
  const machineMs = (): number => clock.machineMs();
  const siteName = config.operatorName ?? 'Farandole';
  const signIn = new SignInApi({
    site: () => site,
    clock,
    machineMs,
    authenticate,
    routes: signInRoutes(
      new SignInParts({ store, signer, log, siteName, hasher: new PasswordHasher() }),
    ),
  });
  const app = createApp({
    site: () => site,
    pages: () => pages.current,
    store,
    signer,
    onTicket: (subject) => trusts.expect(subject),
    onErased: (subject) => trusts.expect(subject),
    ownLines: (subject) => ownLinesIn(dataDir.path, subject, wordsSealOf(keys.ring)),
    clock,
    machineMs,
    log,
    trustedProxies,
    connectionsPerNetworkMax,
    facts,
    ice: config,
    networkSanctionOf: (subject, from) =>
      standings.networkSanctionOf(subject, from, clock.wallMs()),
    pictures: takesPictures
      ? new PictureUploads({
          ...{ store, signer, clock, log, vault },
          whenTaken: () => intake.whenTaken(),
        })
      : null,
    whenTaken: () => intake.whenTaken(),
    signIn,
    console: consoleApi,
    isDraining: () => drainedAtLatestMonotonicMs !== null,
    isStoreFailing: () => storeHealth.isFailing,
    onRefused,
    onUnlisted,
  });
  const onUpgrade = listener.upgrade.bind(listener);
  const caps = { connectionsMax, connectionsPerNetworkMax, trustedProxies };
  const create = () => createHardenedServer({ app, onUpgrade, ...caps, log, onRefused });
  // Requests come in turns of their own, after the port is known.
  let site = new Site(originsOf(config, config.port));
  const { servers, port } = await listenOn(config.host, config.port, create, 'PORT');
  site = new Site(originsOf(config, port));
  undo.push(async () => void (await Promise.all(servers.map(closeServer))));
  const [origin = ''] = site.origins;
  const firstMemberLink = await ownerLink(store, origin, clock.wallMs());

  let metricsPort: number | null = null;
  if (config.metricsPort !== null) {
    const listening = await listenOn(
      '127.0.0.1',
      config.metricsPort,
      () => createMetricsServer(metrics),
      'FARANDOLE_METRICS_PORT',
    );
    metricsPort = listening.port;
    undo.push(async () => void (await Promise.all(listening.servers.map(closeServer))));
  }

  loop.start();
  log({ event: 'listening', port });

  const drain = (): Promise<void> => {
    if (drainedAtLatestMonotonicMs === null) {
      drainedAtLatestMonotonicMs = clock.monotonicMs() + DRAIN_DEADLINE_MS;
      log({ event: 'draining', deadlineMs: DRAIN_DEADLINE_MS });
      loop.drain();
      if (gateway.drained) whenDrained.resolve();
    }
    return whenDrained.promise;
  };
  let closing: Promise<void> | null = null;
  return {
    port,
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    origins: site.origins,
    ownerLink: firstMemberLink,
    metricsPort,
    drain,
    close: () => {
      closing ??= (async () => {
        listener.closeAll('server-moving');
        live.close();
        await listener.whenEmpty();
        loop.stop();
        await closeAll(undo).finally(() => {
          whenDrained.resolve();
          log({ event: 'stopped' });
        });
      })();
      return closing;
    },
  };
}

/** A fault of the configuration shows at every request, and is said at the first. */
function sayOnce(log: Log): (what: 'proxy' | 'origin') => void {
  const said = new Set<string>();
  return (what) => {
    if (said.has(what)) return;
    said.add(what);
    log({ event: what === 'proxy' ? 'proxy-not-listed' : 'origin-not-listed' });
  };
}

/** Asks in each tick whether a new key is due, and says how that went. */
function keyRotation(keys: KeyStore, log: Log): (now: Instant) => void {
  let nextAtMonotonicMs = 0;
  return (now) => {
    if (now.monotonicMs < nextAtMonotonicMs) return;
    nextAtMonotonicMs = now.monotonicMs + KEY_CHECK_EVERY_MS;
    keys.rotateIfDue(now).then(
      (isRotated) => {
        if (isRotated) log({ event: 'key-rotated' });
      },
      // The old key goes on; the next try is an hour away.
      (error: unknown) => log({ event: 'key-rotation-failed', code: codeOf(error) ?? 'unknown' }),
    );
  };
}
