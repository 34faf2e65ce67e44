import { resolve } from 'node:path';
import type { ValkeyLocation } from '@farandole/cluster/valkey/location';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { assert } from '@farandole/kernel/assert';
import type { HelpLines, RelayMode } from '@farandole/protocol/http-api';
import type { ShieldRules } from '@farandole/protocol/shield-rules';
import { type AlertConfig, alertContradictions, alertsOf } from './config/alert-settings.ts';
import {
  type ConfigProblem,
  type Environment,
  gatherSettings,
  type RawSetting,
} from './config/config-source.ts';
import type { Setting } from './config/setting.ts';
import {
  type LOG_LEVELS,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingValue,
} from './config/settings.ts';
import { type AddressRange, isLoopback } from './net/address-range.ts';
import type { TurnUrl } from './net/turn-url.ts';

export interface Config {
  /** Listening port. With 0 the system chooses a port. */
  readonly port: number;
  /** Listening address. `localhost` means both loopback addresses. */
  readonly host: string;
  readonly dataDir: string;
  /** Path of the keys file; null for the one in the data folder. */
  readonly keysFile: string | null;
  /** URL of a PostgreSQL database; null for a SQLite file in the data folder. */
  readonly databaseUrl: string | null;
  /** The Valkey server that connects the nodes; null if this is the only node. */
  readonly valkey: ValkeyLocation | null;
  /** Origins of the pages. Null means `http://localhost` with the actual listening port. */
  readonly origins: readonly string[] | null;
  readonly trustedProxies: readonly AddressRange[];
  readonly ageRequired: SettingValue<'FARANDOLE_AGE_REQUIRED'>;
  /** The offered ways to meet, each once. */
  readonly modes: SettingValue<'FARANDOLE_MODES'>;
  readonly relay: RelayMode;
  readonly turnUrls: readonly TurnUrl[];
  /**
   * Shared secret of the TURN servers. If null, the TURN servers relay no media and only serve
   * STUN.
   */
  readonly turnSecret: string | null;
  /**
   * Addresses of the TURN relays. If null, the server resolves them from the names in `turnUrls`.
   */
  readonly turnRelayAddresses: readonly string[] | null;
  /** Address of the source code. If null, the page links no source code. */
  readonly sourceUrl: string | null;
  /** Operator's name. If null, the page names no operator. */
  readonly operatorName: string | null;
  /**
   * Address for contacting the operator (`mailto:`, `http:` or `https:`); null if the page has no
   * contact link.
   */
  readonly operatorContact: string | null;
  readonly helpLines: HelpLines;
  readonly shield: ShieldRules;
  /** Whether users of one network are never matched with each other. */
  readonly keepsNetworksApart: boolean;
  /** Path of a file with address ranges that together count as one network; null for none. */
  readonly rentedRanges: string | null;
  /** Whether browsers keep the service worker with the offline page. */
  readonly hasOfflinePage: boolean;
  /** Whether users can ask for a notification by a push service. */
  readonly hasWebPush: boolean;
  /** Legal basis of pictures in reports. If null, reports carry no pictures. */
  readonly evidence: EvidenceRecord | null;
  readonly handOver: { readonly hotline: string | null; readonly authority: string | null };
  readonly picturesPerShift: number;
  /** Listening port of the metrics server. If null, metrics are off. */
  readonly metricsPort: number | null;
  /** Listening address of the metrics server. */
  readonly metricsAddress: string;
  /** Token that a reader of the metrics must send. Null only for a loopback address. */
  readonly metricsToken: string | null;
  readonly alerts: AlertConfig;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly connectionsMax: number;
  readonly connectionsPerNetworkMax: number;
  /** Address ranges to which only a budget's limit of all addresses together applies. */
  readonly exemptRanges: readonly AddressRange[];
  /** Time in ms that a new user's proof of work takes on a phone; 0 for no proofs. */
  readonly proofMs: number;
}

/** The law and the registration that allow the operator to keep pictures as evidence. */
export interface EvidenceRecord {
  readonly jurisdiction: string;
  readonly registration: string;
}

/** A setting with its effective text. Secrets are masked. */
export interface EffectiveSetting {
  readonly name: SettingName;
  readonly text: string;
  readonly source: RawSetting['source'] | 'default';
}

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly effective: readonly EffectiveSetting[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/**
 * Parsed settings by name. The value of a setting is null if it is invalid, or is absent and has no
 * default.
 */
type Values = { readonly [Name in SettingName]: SettingValue<Name> | null };

const MASK = '********';

/**
 * Reads all settings and reports all problems at once.
 *
 * @param filePath path of a JSON settings file, from the command line; null to use the file that
 * the environment names, if any
 */
export function loadConfig(environment: Environment, filePath: string | null): LoadedConfig {
  const { settings, problems } = gatherSettings(environment, filePath);
  const all = [...problems];
  const values = readValues(settings, all);
  all.push(...contradictions(values, settings));
  if (all.length > 0) return { ok: false, problems: all };
  const config = complete(values);
  return { ok: true, config, effective: describe(config, settings) };
}

export function inWords(problems: readonly ConfigProblem[]): string {
  const head =
    problems.length === 1
      ? 'Farandole cannot start: one setting is wrong.'
      : `Farandole cannot start: ${problems.length} settings are wrong.`;
  const items = problems.map(
    ({ subject, problem, right }) => `  ${subject} ${problem}\n    ${right}`,
  );
  return [head, ...items].join('\n\n');
}

function readValues(
  settings: ReadonlyMap<SettingName, RawSetting>,
  problems: ConfigProblem[],
): Values {
  const entries = SETTING_NAMES.map((name) => {
    const row: Setting<unknown> = SETTINGS[name];
    const raw = settings.get(name);
    const text = raw?.text ?? row.defaultText;
    if (text === null) return [name, null];
    const parsed = row.parse(text);
    if (parsed.ok) return [name, parsed.value];
    const shown = row.isSecret ? '' : `is ${JSON.stringify(text)}, which `;
    problems.push({
      subject: raw?.subject ?? name,
      problem: `${shown}${parsed.problem}.`,
      right: row.right,
    });
    return [name, null];
  });
  // The cast is correct, because each value was parsed by its own setting's row.
  return Object.fromEntries(entries) as Values;
}

/** Reports settings that are valid alone but contradict each other. */
function contradictions(
  values: Values,
  settings: ReadonlyMap<SettingName, RawSetting>,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const isSet = (name: SettingName): boolean => settings.has(name);
  const complain = (name: SettingName, problem: string, right: string): void => {
    problems.push({ subject: settings.get(name)?.subject ?? name, problem, right });
  };
  if (values.HOST !== null && !isLocalHost(values.HOST) && !isSet('FARANDOLE_AGE_REQUIRED')) {
    complain(
      'FARANDOLE_AGE_REQUIRED',
      `is not set, and HOST=${values.HOST} lets others reach this server.`,
      `Say how you ask for age. ${SETTINGS.FARANDOLE_AGE_REQUIRED.right}`,
    );
  }
  if (isSet('FARANDOLE_VALKEY_URL') && !isSet('FARANDOLE_DATABASE_URL')) {
    complain(
      'FARANDOLE_DATABASE_URL',
      'is not set, and FARANDOLE_VALKEY_URL is.',
      'Nodes that work together share one PostgreSQL database: set both, or neither.',
    );
  }
  const relay = values.FARANDOLE_RELAY;
  if (!isSet('FARANDOLE_TURN_URLS')) {
    if (relay !== null && relay !== 'direct') {
      complain(
        'FARANDOLE_RELAY',
        `is ${relay}, but there is no relay.`,
        'Set FARANDOLE_TURN_URLS, or use direct.',
      );
    }
    for (const name of ['FARANDOLE_TURN_SECRET', 'FARANDOLE_TURN_RELAY_IPS'] as const) {
      if (isSet(name)) {
        complain(name, 'is set, but there is no relay.', 'Set FARANDOLE_TURN_URLS, or unset this.');
      }
    }
  } else if (!isSet('FARANDOLE_TURN_SECRET') && relay !== 'direct') {
    complain(
      'FARANDOLE_TURN_SECRET',
      'is not set, and the relay in FARANDOLE_TURN_URLS asks for credentials made from it.',
      `${SETTINGS.FARANDOLE_TURN_SECRET.right} With FARANDOLE_RELAY=direct none is needed.`,
    );
  }
  const modes = values.FARANDOLE_MODES ?? [];
  if (modes.includes('question') && modes.every((mode) => mode === 'question')) {
    complain(
      'FARANDOLE_MODES',
      'offers only question, and users earn the trust to ask in other calls.',
      'Give another way to meet too: text,question.',
    );
  }
  if (modes.includes('question') && isSet('FARANDOLE_VALKEY_URL')) {
    complain(
      'FARANDOLE_MODES',
      'offers question, which works on one node only, and FARANDOLE_VALKEY_URL connects several.',
      'Leave question out, or run one node without FARANDOLE_VALKEY_URL.',
    );
  }
  const clean = values.FARANDOLE_SHIELD_CLEAN_PERCENT;
  const explicit = values.FARANDOLE_SHIELD_EXPLICIT_PERCENT;
  if (clean !== null && explicit !== null && clean >= explicit) {
    complain(
      'FARANDOLE_SHIELD_CLEAN_PERCENT',
      `is ${clean}, and FARANDOLE_SHIELD_EXPLICIT_PERCENT is ${explicit}.`,
      'What is clean must be surer than what is explicit: give a lower number.',
    );
  }
  const evidence = ['FARANDOLE_EVIDENCE_JURISDICTION', 'FARANDOLE_EVIDENCE_REGISTRATION'] as const;
  for (const [name, other] of [evidence, evidence.toReversed()] as const) {
    if (name === undefined || other === undefined || !isSet(name) || isSet(other)) continue;
    complain(other, `is not set, and ${name} is.`, 'Pictures are kept with both or not at all.');
  }
  const metricsAddress = values.FARANDOLE_METRICS_ADDRESS;
  const isOpen = metricsAddress !== null && !isLocalHost(metricsAddress);
  if (isOpen && !isSet('FARANDOLE_METRICS_TOKEN')) {
    complain(
      'FARANDOLE_METRICS_TOKEN',
      `is not set, and FARANDOLE_METRICS_ADDRESS=${metricsAddress} lets others reach the metrics.`,
      SETTINGS.FARANDOLE_METRICS_TOKEN.right,
    );
  }
  for (const [name, problem, right] of alertContradictions(isSet)) complain(name, problem, right);
  const port = values.PORT;
  if (port !== null && port !== 0 && values.FARANDOLE_METRICS_PORT === port) {
    complain(
      'FARANDOLE_METRICS_PORT',
      `is ${port}, and so is PORT.`,
      'Give the metrics another port.',
    );
  }
  return problems;
}

/** @throws AssertionError if a setting with a default has no value, which is a bug in the table */
function complete(values: Values): Config {
  const turnUrls = values.FARANDOLE_TURN_URLS ?? [];
  const keysFile = values.FARANDOLE_KEYS_FILE;
  const relay = values.FARANDOLE_RELAY ?? (turnUrls.length > 0 ? 'until-consent' : 'direct');
  return {
    port: certain(values, 'PORT'),
    host: certain(values, 'HOST'),
    dataDir: resolve(certain(values, 'FARANDOLE_DATA_DIR')),
    keysFile: keysFile === null ? null : resolve(keysFile),
    databaseUrl: values.FARANDOLE_DATABASE_URL,
    valkey: values.FARANDOLE_VALKEY_URL,
    origins: values.FARANDOLE_ORIGINS,
    trustedProxies: values.FARANDOLE_TRUSTED_PROXIES ?? [],
    ageRequired: certain(values, 'FARANDOLE_AGE_REQUIRED'),
    modes: [...new Set(certain(values, 'FARANDOLE_MODES'))],
    relay,
    turnUrls,
    turnSecret: relay === 'direct' ? null : values.FARANDOLE_TURN_SECRET,
    turnRelayAddresses: values.FARANDOLE_TURN_RELAY_IPS,
    sourceUrl: values.FARANDOLE_SOURCE_URL,
    operatorName: values.FARANDOLE_OPERATOR_NAME,
    operatorContact: values.FARANDOLE_OPERATOR_CONTACT,
    helpLines: {
      anybody: values.FARANDOLE_HELP_LINES,
      children: values.FARANDOLE_CHILD_HELP_LINES,
    },
    shield: {
      explicitAt: certain(values, 'FARANDOLE_SHIELD_EXPLICIT_PERCENT') / 100,
      cleanBelow: certain(values, 'FARANDOLE_SHIELD_CLEAN_PERCENT') / 100,
      mayResume: certain(values, 'FARANDOLE_SHIELD_RESUME') === 'allowed',
      mayBeOff: certain(values, 'FARANDOLE_SHIELD_OFF') === 'allowed',
    },
    keepsNetworksApart: certain(values, 'FARANDOLE_SAME_NETWORK') === 'apart',
    rentedRanges: values.FARANDOLE_RENTED_RANGES,
    hasOfflinePage: certain(values, 'FARANDOLE_OFFLINE_PAGE') === 'on',
    hasWebPush:
      certain(values, 'FARANDOLE_WEB_PUSH') === 'on' &&
      certain(values, 'FARANDOLE_OFFLINE_PAGE') === 'on',
    evidence: evidenceOf(values),
    handOver: {
      hotline: values.FARANDOLE_HANDOVER_HOTLINE,
      authority: values.FARANDOLE_HANDOVER_AUTHORITY,
    },
    picturesPerShift: certain(values, 'FARANDOLE_PICTURES_PER_SHIFT'),
    metricsPort: values.FARANDOLE_METRICS_PORT,
    metricsAddress: certain(values, 'FARANDOLE_METRICS_ADDRESS'),
    metricsToken: values.FARANDOLE_METRICS_TOKEN,
    alerts: alertsOf(values),
    logLevel: certain(values, 'FARANDOLE_LOG_LEVEL'),
    connectionsMax: certain(values, 'FARANDOLE_CONNECTIONS_MAX'),
    connectionsPerNetworkMax: certain(values, 'FARANDOLE_CONNECTIONS_PER_NETWORK_MAX'),
    exemptRanges: values.FARANDOLE_EXEMPT_RANGES ?? [],
    proofMs: certain(values, 'FARANDOLE_PROOF_MS'),
  };
}

function evidenceOf(values: Values): EvidenceRecord | null {
  const jurisdiction = values.FARANDOLE_EVIDENCE_JURISDICTION;
  const registration = values.FARANDOLE_EVIDENCE_REGISTRATION;
  return jurisdiction === null || registration === null ? null : { jurisdiction, registration };
}

function certain<Name extends SettingName>(values: Values, name: Name): SettingValue<Name> {
  const value: SettingValue<Name> | null = values[name];
  assert(value !== null, `${name} has no default in the table of settings`);
  return value;
}

function describe(
  config: Config,
  settings: ReadonlyMap<SettingName, RawSetting>,
): readonly EffectiveSetting[] {
  const inEffect: Partial<Record<SettingName, string>> = {
    PORT: String(config.port),
    HOST: config.host,
    FARANDOLE_DATA_DIR: config.dataDir,
    FARANDOLE_RELAY: config.relay,
    FARANDOLE_AGE_REQUIRED: config.ageRequired,
  };
  return SETTING_NAMES.map((name) => {
    const row: Setting<unknown> = SETTINGS[name];
    const raw = settings.get(name);
    const written = raw === undefined ? row.byDefault.replaceAll('`', '') : raw.text;
    return {
      name,
      text: raw !== undefined && row.isSecret ? MASK : (inEffect[name] ?? written),
      source: raw?.source ?? 'default',
    };
  });
}

/** Returns whether a listening address is reachable only from this machine. */
export function isLocalHost(host: string): boolean {
  if (host === 'localhost') return true;
  const address = parseIpAddress(host);
  return address !== null && isLoopback(address);
}

/**
 * Returns the configured origins, or by default `http://localhost` with the given listening port.
 */
export function originsOf(config: Config, port: number): readonly string[] {
  return config.origins ?? [`http://localhost:${port}`];
}
