import type { Instant } from '@farandole/kernel/clock';
import type { ServerPage } from '@farandole/protocol/console-api';
import { isRung } from '@farandole/protocol/fields';
import type { ServerFacts } from '@farandole/protocol/http-api';
import type { Budgets } from '../budgets.ts';
import { type Config, originsOf } from '../config.ts';
import { createConsoleApi } from '../console/console-api.ts';
import { LiveFeed } from '../console/live-feed.ts';
import { serverPageOf } from '../console/server-page.ts';
import { PictureUploads } from '../evidence/picture-uploads.ts';
import { createApp } from '../http/app.ts';
import { CommunityDoor } from '../http/community-door.ts';
import { createMetricsServer } from '../http/metrics-server.ts';
import type { PagesSource } from '../http/pages-source.ts';
import { ProofOfWork } from '../http/proof-of-work.ts';
import { SessionTickets, type SessionTicketsParts } from '../http/session-tickets.ts';
import { POLICY_VERSION, PROOF_LIFETIME_MS } from '../limits.ts';
import { bindNode, listenOn } from '../net/listening.ts';
import { Site } from '../net/site.ts';
import { systemClock } from '../node/system-clock.ts';
import type { FanOut } from '../observe/fan-out.ts';
import { describeError, type LogEvent } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { NodeFacts } from '../observe/node-facts.ts';
import { RecentWaits } from '../observe/recent-waits.ts';
import { type Authenticate, authenticatorOf } from '../sign-in/authenticate.ts';
import { ownerLink } from '../sign-in/owner-link.ts';
import { PasswordHasher } from '../sign-in/password-hash.ts';
import { SignInApi } from '../sign-in/sign-in-api.ts';
import { SignInParts } from '../sign-in/sign-in-parts.ts';
import { signInRoutes } from '../sign-in/sign-in-routes.ts';
import { openTransport } from '../transport/transport.ts';
import type { AlertsPart } from './alerts.ts';
import type { PushPart } from './push.ts';
import type { RealtimePart } from './realtime.ts';
import { instantOf, type StoragePart } from './storage.ts';

export interface HttpOptions {
  readonly config: Config;
  readonly pages: PagesSource;
  readonly storage: StoragePart;
  readonly realtime: RealtimePart;
  readonly push: PushPart | null;
  readonly alerts: AlertsPart;
  readonly facts: () => NodeFacts;
  readonly budgets: Budgets;
  /**
   * Origins of the server's pages. `current` is replaced when the listening port is known, because
   * the default origin contains the port.
   */
  readonly site: { current: Site };
  readonly events: FanOut<LogEvent>;
  readonly ticks: FanOut<Instant>;
  readonly metrics: Metrics;
  readonly onUnlisted: (what: 'proxy' | 'origin') => void;
  readonly onDecided: () => void;
}

export interface HttpPart {
  readonly port: number;
  /** Listening port of the metrics server; null if metrics are off. */
  readonly metricsPort: number | null;
  /** Sign-in link for the first member; null if a member exists already. */
  readonly ownerLink: string | null;
  /**
   * Closes the HTTP servers and all WebSockets opened through them, because a server closes only
   * after its sockets.
   */
  close(): Promise<void>;
}

/** @throws StartError if a port is unavailable; the server then listens on no port */
export async function openHttp(options: HttpOptions): Promise<HttpPart> {
  const { config, pages, storage, realtime, budgets, site, events, ticks, metrics } = options;
  const { trustedProxies, connectionsMax } = config;
  await using opened = new AsyncDisposableStack();
  const authenticate = authenticatorOf(storage.store, storage.clock);
  const live = new LiveFeed({
    store: storage.store,
    authenticate,
    onFailed: (error) => events.emit({ event: 'request-failed', ...describeError(error) }),
  });
  const app = createNodeApp(options, authenticate, live);
  ticks.subscribe((now) => {
    live.tick(now);
    pages.tick(now.monotonicMs);
  });
  const bind = await openTransport(config.runtime, {
    ...{ app, connectionsMax, trustedProxies, socketBudget: budgets.connections },
    upgrades: realtime.upgrades,
    log: events.emit,
  });
  const { servers, port } = await listenOn(config.host, config.port, bind, 'PORT');
  // Every request uses the new site, because no request is read before the next event-loop turn.
  site.current = new Site(originsOf(config, port));
  opened.defer(async () => void (await Promise.all(servers.map((server) => server.close()))));
  opened.defer(async () => {
    // The sockets that are left in a cluster belong to sessions of other nodes, which go on.
    realtime.sockets.closeAll(realtime.cluster === null ? 'server-moving' : 'other-node');
    live.close();
    await realtime.sockets.whenEmpty();
  });

  let metricsPort: number | null = null;
  if (config.metricsPort !== null) {
    const listening = await listenOn(
      config.metricsAddress,
      config.metricsPort,
      bindNode(() => createMetricsServer(metrics, config.metricsToken)),
      'FARANDOLE_METRICS_PORT',
    );
    metricsPort = listening.port;
    const metricsServers = listening.servers;
    opened.defer(
      async () => void (await Promise.all(metricsServers.map((server) => server.close()))),
    );
  }
  const [origin = ''] = site.current.origins;
  // Comes last: a new link ends the earlier one, and a start that fails prints no link.
  const link = await ownerLink(storage.store, origin, storage.clock.wallMs());
  const closers = opened.move();
  return { port, metricsPort, ownerLink: link, close: () => closers.disposeAsync() };
}

function createNodeApp(options: HttpOptions, authenticate: Authenticate, live: LiveFeed) {
  const { config, pages, storage, realtime, push, budgets, events } = options;
  const { onUnlisted, onDecided } = options;
  const { store, signer, clock, peopleCache, house, vault, communities, publishedHours } = storage;
  const site = (): Site => options.site.current;
  const log = events.emit;
  const machineMs = (): number => clock.machineMs();
  const startedAtMs = clock.wallMs();
  const waits = new RecentWaits(() => clock.monotonicMs());
  events.subscribe((event) => waits.observe(event));
  const onKnown = peopleCache.changed.bind(peopleCache);
  const service = config.operatorName ?? 'Farandole';
  const signInParts = new SignInParts({
    ...{ store, signer, log, budgets, hasher: new PasswordHasher() },
    siteName: service,
  });
  return createApp({
    ...{ site, store, signer, clock, budgets, log, onUnlisted },
    trustedProxies: config.trustedProxies,
    pages: () => pages.current,
    hasOfflinePage: config.hasOfflinePage,
    facts: () => factsOf(config, storage, push),
    iceServers: realtime.iceServers,
    sessionTickets: sessionTicketsOf(options),
    onErased: onKnown,
    networkSanctionOf: networkSanctionOf(storage),
    pictures:
      config.evidence === null
        ? null
        : new PictureUploads({ store, signer, clock, log, vault, budgets }),
    notifications: push?.requests ?? null,
    communityDoor: new CommunityDoor({
      ...{ store, signer, clock, communities },
      hours: publishedHours,
      codes: budgets['community-codes'],
    }),
    publishedHour: (id) => publishedHours.published(id),
    signIn: new SignInApi({
      ...{ site, clock, budgets, machineMs, authenticate },
      routes: signInRoutes(signInParts),
    }),
    console: createConsoleApi({
      ...{ store, clock, authenticate, live, vault, house, communities, service, onDecided },
      freshId: () => signer.randomId(),
      communityCodeId: (name, code) => signer.communityCodeId(name, code),
      hours: {
        modes: config.modes.filter(isRung),
        peaks: () => storage.hours.peaks,
        communities: () =>
          communities.all.map(({ name, title, language }) => ({ name, title, language })),
        read: () => publishedHours.read(clock.wallMs()),
      },
      alerts: options.alerts,
      serverPage: () => serverPage(options, startedAtMs, waits),
      checkpoints: storage.checkpoints,
      picturesPerShift: config.picturesPerShift,
      handOver: config.handOver,
    }),
    isDraining: () => realtime.drain.hasBegun,
    isStoreFailing: () => storage.storeHealth.isFailing,
    nodeProblem: realtime.nodeProblem,
    unopenableCases: () => house.unopenableCases,
  });
}

function serverPage(
  { storage, realtime, facts }: HttpOptions,
  startedAtMs: number,
  waits: RecentWaits,
): ServerPage {
  return serverPageOf(facts(), {
    ...{ startedAtMs, nowMs: storage.clock.wallMs(), matches: waits.summary() },
    nodes: realtime.cluster?.members().size ?? 1,
  });
}

function sessionTicketsOf({
  config,
  storage,
  realtime,
  push,
  budgets,
}: HttpOptions): SessionTickets {
  const { signer, clock, peopleCache } = storage;
  const { gateway, sockets, cluster } = realtime;
  return new SessionTickets({
    ...{ signer, clock },
    facts: () => factsOf(config, storage, push),
    // `altcha-lib` checks expiry by the machine's date, not by the node's clock.
    proofs: new ProofOfWork({
      secretOf: (network) => signer.proofSecret(network),
      machineMs: () => systemClock.wallMs(),
      ...(cluster !== null && {
        isUnused: async (signature) =>
          await new Promise((resolve) => {
            const name = `proof:${signature}`;
            cluster.useOnce(name, PROOF_LIFETIME_MS, (isFirst) => resolve(isFirst !== false));
          }),
      }),
    }),
    proofMs: config.proofMs,
    tickets: budgets.tickets,
    trustOf: (subject) => {
      const nowMs = clock.wallMs();
      const isProven = peopleCache.isProven(subject, nowMs);
      return { isProven, harm: peopleCache.harmOf(subject, nowMs) };
    },
    networkSanctionOf: networkSanctionOf(storage),
    load: () => sockets.size / config.connectionsMax,
    canResume: (secret, subject) => gateway.canResume(secret, subject, instantOf(clock)),
  });
}

function networkSanctionOf({
  standings,
  clock,
}: StoragePart): SessionTicketsParts['networkSanctionOf'] {
  return (subject, from) => standings.networkSanctionOf(subject, from, clock.wallMs());
}

function factsOf(
  config: Config,
  { house, hours, publishedHours, clock }: StoragePart,
  push: PushPart | null,
): ServerFacts {
  return {
    relay: config.relay,
    hasTurn: config.turnSecret !== null,
    relayKbpsMax: config.relayKbpsMax,
    ageRequired: config.ageRequired,
    policyVersion: POLICY_VERSION,
    sourceUrl: config.sourceUrl,
    operator: { name: config.operatorName, contact: config.operatorContact },
    helpLines: config.helpLines,
    shield: config.shield,
    pictures: config.evidence !== null,
    ...house.facts,
    busiest: hours.busiest,
    pushKey: push?.keys.publicKey ?? null,
    hours: publishedHours.facts(clock.wallMs()),
  };
}
