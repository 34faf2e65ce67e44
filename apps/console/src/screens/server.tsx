import type { ServerPage } from '@farandole/protocol/console-api';
import type { ComponentChildren } from 'preact';
import { consoleLanguage, t } from '../i18n/words.ts';
import { Icon } from '../parts/icon.tsx';
import { Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { dateOf, numberOf, percentOf, relative } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';

const RELOAD_EVERY_MS = 10_000;
const BYTE_UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function Server() {
  const { current, reload } = useLoaded<ServerPage>('server', RELOAD_EVERY_MS);
  return (
    <>
      <p class="soft lead">{t('server.lead')}</p>
      <Loaded of={current.value} again={reload}>
        {(page) => (
          <>
            {page.nodes > 1 ? (
              <p class="soft lead">{t('server.several', { nodes: numberOf(page.nodes) })}</p>
            ) : null}
            <Now page={page} />
            <Health page={page} />
            <Work page={page} />
            <ByMode page={page} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Now({ page }: { page: ServerPage }) {
  const { people, calls, waiting, matches, relay } = page;
  const all = calls.reduce((sum, one) => sum + one.calls, 0);
  const known = calls.filter(({ route }) => route !== 'unknown');
  const routed = known.reduce((sum, one) => sum + one.calls, 0);
  const relayed = known
    .filter(({ route }) => route === 'relay')
    .reduce((sum, one) => sum + one.calls, 0);
  const searching = waiting?.reduce((sum, one) => sum + one.people, 0) ?? null;
  return (
    <section aria-labelledby="server-now">
      <h2 id="server-now">{t('server.now')}</h2>
      <dl class="tiles server-tiles">
        <Tile what={t('server.people')} value={numberOf(people.online)} />
        <Tile what={t('server.calls')} value={numberOf(all)} />
        <Tile
          what={t('server.searching')}
          value={searching === null ? null : numberOf(searching)}
        />
        <Tile
          what={t('server.wait')}
          value={matches.medianMs === null ? null : secondsOf(matches.medianMs)}
          unknown={t('server.noWait')}
        >
          {t('server.waitHint')}
        </Tile>
        <Tile
          what={t('server.relayShare')}
          value={routed === 0 ? null : percentOf(relayed / routed)}
        >
          {t('server.relayShareHint')}
        </Tile>
        <Tile what={t('server.relayed')} value={bytesOf(relay.bytesEstimated)}>
          {t('server.relayedHint')}
        </Tile>
      </dl>
    </section>
  );
}

interface TileProps {
  readonly what: string;
  /** Null if the value isn't known. */
  readonly value: string | null;
  readonly unknown?: string;
  readonly children?: ComponentChildren;
}

function Tile({ what, value, unknown, children }: TileProps) {
  return (
    <div class="tile">
      <dt>{what}</dt>
      <dd class={value === null ? 'big unknown' : 'big'}>
        {value ?? unknown ?? t('server.unknown')}
      </dd>
      {children === undefined ? null : <dd class="soft small">{children}</dd>}
    </div>
  );
}

function Health({ page }: { page: ServerPage }) {
  const { disk, lastBackupAtMs, nowMs, store, relay, build, startedAtMs } = page;
  return (
    <section aria-labelledby="server-health">
      <h2 id="server-health">{t('server.health')}</h2>
      <dl class="server-health">
        <Row what={t('server.store')} isBad={store.isFailing}>
          {t(store.isFailing ? 'server.storeFails' : 'server.works')}
        </Row>
        {store.reportsWaiting > 0 ? (
          <Row what={t('server.waitingReports')} isBad>
            {numberOf(store.reportsWaiting)}
          </Row>
        ) : null}
        <Row what={t('server.disk')} isBad={disk?.isFull ?? false}>
          {disk === null
            ? t('server.unknown')
            : t('server.diskFree', {
                free: bytesOf(disk.freeBytes),
                size: bytesOf(disk.sizeBytes),
              })}
        </Row>
        <Row what={t('server.backup')} isBad={page.isBackupOld}>
          {lastBackupAtMs === null
            ? t('server.never')
            : `${dateOf(lastBackupAtMs)} (${relative(lastBackupAtMs, nowMs)})`}
        </Row>
        <Row what={t('server.audit')} isBad={page.isAuditBroken}>
          {t(page.isAuditBroken ? 'server.auditBroken' : 'server.auditIntact')}
        </Row>
        <Row what={t('server.clock')} isBad={page.isClockDoubtful}>
          {t(page.isClockDoubtful ? 'server.clockWrong' : 'server.clockRight')}
        </Row>
        {relay.servers.map(({ url, isReachable }) => (
          <Row key={url} what={t('server.relayServer', { url })} isBad={!isReachable}>
            {t(isReachable ? 'server.reachable' : 'server.unreachable')}
          </Row>
        ))}
        <Row what={t('server.version')}>{`${build.version} · Node.js ${build.node}`}</Row>
        <Row what={t('server.since')}>
          {`${dateOf(startedAtMs)} (${relative(startedAtMs, nowMs)})`}
        </Row>
      </dl>
      {relay.servers.length === 0 ? <p class="soft">{t('server.noRelay')}</p> : null}
    </section>
  );
}

interface RowProps {
  readonly what: string;
  readonly isBad?: boolean;
  readonly children: ComponentChildren;
}

function Row({ what, isBad = false, children }: RowProps) {
  return (
    <div>
      <dt>{what}</dt>
      <dd>
        {children}
        {isBad ? (
          <span class="mark bad">
            <Icon name="cross" size={14} />
            {t('server.bad')}
          </span>
        ) : null}
      </dd>
    </div>
  );
}

function Work({ page: { backlog } }: { page: ServerPage }) {
  return (
    <section aria-labelledby="server-work">
      <h2 id="server-work">{t('server.work')}</h2>
      <dl class="tiles server-tiles">
        <Tile what={t('server.open')} value={numberOf(backlog.open)} />
        <Tile what={t('server.late')} value={numberOf(backlog.late)} />
        <Tile what={t('server.appeals')} value={numberOf(backlog.appeals)} />
        {backlog.unopenable > 0 ? (
          <Tile what={t('server.unopenable')} value={numberOf(backlog.unopenable)} />
        ) : null}
      </dl>
    </section>
  );
}

function ByMode({ page: { calls } }: { page: ServerPage }) {
  return (
    <section aria-labelledby="server-modes">
      <h2 id="server-modes">{t('server.byMode')}</h2>
      {calls.length === 0 ? (
        <p class="soft">{t('server.noCalls')}</p>
      ) : (
        <Table
          rows={calls}
          keyOf={({ mode, route }) => `${mode} ${route}`}
          columns={[
            { head: t('server.mode'), cell: ({ mode }) => t(`server.modes.${mode}`) },
            { head: t('server.route'), cell: ({ route }) => t(`server.routes.${route}`) },
            { head: t('server.calls'), cell: (row) => numberOf(row.calls) },
          ]}
        />
      )}
    </section>
  );
}

/** Formats a number of bytes in the largest unit that gives at least 1, or in kilobytes. */
function bytesOf(bytes: number): string {
  const power = Math.max(1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const at = Math.min(BYTE_UNITS.length, power);
  const unit = BYTE_UNITS[at - 1] ?? 'kilobyte';
  const how = { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 } as const;
  return new Intl.NumberFormat(consoleLanguage(), how).format(bytes / 1_000 ** at);
}

function secondsOf(ms: number): string {
  const how = { style: 'unit', unit: 'second', maximumSignificantDigits: 2 } as const;
  return new Intl.NumberFormat(consoleLanguage(), how).format(ms / 1_000);
}
