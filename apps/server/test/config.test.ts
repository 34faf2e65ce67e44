import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { SHIELD_DEFAULTS } from '@farandole/protocol/shield-rules';
import { checkRuntime } from '../src/config/runtime.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../src/config/settings.ts';
import { type Config, inWords, isLocalHost, loadConfig, originsOf } from '../src/config.ts';
import {
  EVIDENCE_TEXT_CHARS_MAX,
  HELP_LINES_CHARS_MAX,
  HELP_LINES_LIST_CHARS_MAX,
  METRICS_TOKEN_CHARS_MIN,
  OPERATOR_CONTACT_CHARS_MAX,
  OPERATOR_NAME_CHARS_MAX,
  PROOF_MS_MAX,
  SOURCE_URL_CHARS_MAX,
  TURN_SECRET_CHARS_MIN,
  WEBHOOK_SECRET_CHARS_MIN,
} from '../src/limits.ts';
import { temporaryFolder } from './support/test-server.ts';

type Env = Readonly<Record<string, string>>;

const SECRET = 'a-secret-that-nobody-guesses';
const TURN = { FARANDOLE_TURN_URLS: 'turn:turn.example.org', FARANDOLE_TURN_SECRET: SECRET };

function accepted(env: Env, file: string | null = null): Config {
  const loaded = loadConfig(env, file);
  assert.ok(loaded.ok, loaded.ok ? '' : inWords(loaded.problems));
  return loaded.config;
}

function refused(env: Env, file: string | null = null): { subjects: string[]; words: string } {
  const loaded = loadConfig(env, file);
  assert.ok(!loaded.ok, 'the settings were taken');
  return {
    subjects: loaded.problems.map(({ subject }) => subject),
    words: inWords(loaded.problems),
  };
}

test('serves only this machine if no setting is given', () => {
  const config = accepted({});
  assert.deepEqual(config, {
    port: 8080,
    host: 'localhost',
    runtime: 'node',
    dataDir: resolve('.farandole'),
    keysFile: null,
    databaseUrl: null,
    valkey: null,
    origins: null,
    trustedProxies: [],
    ageRequired: 'declared',
    modes: ['video', 'text'],
    relay: 'direct',
    turnUrls: [],
    turnSecret: null,
    turnRelayAddresses: null,
    relayKbpsMax: null,
    sourceUrl: null,
    operatorName: null,
    operatorContact: null,
    helpLines: { anybody: null, children: null },
    shield: SHIELD_DEFAULTS,
    keepsNetworksApart: false,
    rentedRanges: null,
    hasOfflinePage: true,
    hasWebPush: false,
    evidence: null,
    handOver: { hotline: null, authority: null },
    picturesPerShift: 100,
    metricsPort: null,
    metricsAddress: '127.0.0.1',
    metricsToken: null,
    alerts: { webhook: null, mail: null },
    logLevel: 'info',
    connectionsMax: 20_000,
    connectionsPerNetworkMax: 2_500,
    exemptRanges: [],
    proofMs: 500,
  });
  assert.deepEqual(originsOf(config, 8080), ['http://localhost:8080']);
});

test('reads every setting from the environment', () => {
  const config = accepted({
    ...TURN,
    PORT: '0',
    HOST: '192.0.2.1',
    FARANDOLE_DATA_DIR: 'somewhere',
    FARANDOLE_ORIGINS: 'https://meet.example.org, http://localhost:9000',
    FARANDOLE_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8, fd00::/8',
    FARANDOLE_AGE_REQUIRED: 'declared',
    FARANDOLE_TURN_RELAY_IPS: '203.0.113.7,2001:DB8::1',
    FARANDOLE_RELAY: 'always',
    FARANDOLE_METRICS_PORT: '9100',
    FARANDOLE_LOG_LEVEL: 'warn',
    FARANDOLE_CONNECTIONS_MAX: '20000',
    FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '1',
  });
  assert.equal(config.port, 0);
  assert.equal(config.host, '192.0.2.1');
  assert.equal(config.dataDir, resolve('somewhere'));
  assert.deepEqual(config.origins, ['https://meet.example.org', 'http://localhost:9000']);
  assert.deepEqual(
    config.trustedProxies.map(({ text }) => text),
    ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
  );
  assert.deepEqual(config.turnRelayAddresses, ['203.0.113.7', '2001:db8::1']);
  assert.equal(config.relay, 'always');
  assert.equal(config.metricsPort, 9100);
  assert.equal(config.logLevel, 'warn');
  assert.equal(config.connectionsMax, 20_000);
  assert.equal(config.connectionsPerNetworkMax, 1);
});

test('explains for every invalid setting which values are valid', () => {
  const wrong: readonly [name: string, value: string][] = [
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '8080.5'],
    ['HOST', 'http://localhost'],
    ['HOST', '-'],
    ['FARANDOLE_ORIGINS', 'meet.example.org'],
    ['FARANDOLE_ORIGINS', 'https://meet.example.org/'],
    ['FARANDOLE_ORIGINS', 'https://meet.example.org/chat'],
    ['FARANDOLE_ORIGINS', 'https://*.example.org'],
    ['FARANDOLE_ORIGINS', 'http://meet.example.org'],
    ['FARANDOLE_ORIGINS', 'http://localhost.example.org'],
    ['FARANDOLE_ORIGINS', 'https://a.example.org,,https://b.example.org'],
    ['FARANDOLE_ORIGINS', '*'],
    ['FARANDOLE_EXEMPT_RANGES', '2001:db8::/129'],
    ['FARANDOLE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['FARANDOLE_TRUSTED_PROXIES', '10.0.0'],
    ['FARANDOLE_TRUSTED_PROXIES', 'proxy.example.org'],
    ['FARANDOLE_TRUSTED_PROXIES', '::ffff:10.0.0.0/104'],
    ['FARANDOLE_AGE_REQUIRED', 'estimated'],
    ['FARANDOLE_AGE_REQUIRED', 'verified'],
    ['FARANDOLE_AGE_REQUIRED', 'unknown'],
    ['FARANDOLE_AGE_REQUIRED', 'yes'],
    ['FARANDOLE_TURN_URLS', 'stun:turn.example.org'],
    ['FARANDOLE_TURN_URLS', 'turn:turn.example.org:0'],
    ['FARANDOLE_TURN_URLS', 'turn:turn.example.org?transport=sctp'],
    ['FARANDOLE_TURN_RELAY_IPS', 'turn.example.org'],
    ['FARANDOLE_RELAY', 'sometimes'],
    ['FARANDOLE_RELAY_KBPS_MAX', '99'],
    ['FARANDOLE_RELAY_KBPS_MAX', '3001'],
    ['FARANDOLE_SOURCE_URL', 'code.example.org'],
    ['FARANDOLE_SOURCE_URL', 'javascript:alert(1)'],
    ['FARANDOLE_SOURCE_URL', 'data:text/html,x'],
    ['FARANDOLE_SOURCE_URL', 'ftp://code.example.org'],
    ['FARANDOLE_SOURCE_URL', 'https://name:word@code.example.org'],
    ['FARANDOLE_OPERATOR_NAME', 'two\u2028lines'],
    ['FARANDOLE_OPERATOR_CONTACT', 'help at example.org'],
    ['FARANDOLE_OPERATOR_CONTACT', 'javascript:alert(1)//a@b.example'],
    ['FARANDOLE_OPERATOR_CONTACT', 'mailto:help@example.org?bcc=a@b.example'],
    ['FARANDOLE_HELP_LINES', 'javascript:alert(1)'],
    ['FARANDOLE_HELP_LINES', 'tel:116 111'],
    ['FARANDOLE_CHILD_HELP_LINES', 'tel:+'],
    ['FARANDOLE_HELP_LINES', 'FR=tel:3114,DE=javascript:alert(1)'],
    ['FARANDOLE_HELP_LINES', 'FR=tel:3114,DE='],
    ['FARANDOLE_HELP_LINES', 'FR=tel:3114,FR=tel:3115'],
    ['FARANDOLE_HELP_LINES', 'QQ=tel:3114'],
    ['FARANDOLE_CHILD_HELP_LINES', 'UK=tel:116123'],
    ['FARANDOLE_CHILD_HELP_LINES', 'ZZ=tel:116123'],
    ['FARANDOLE_SHIELD_EXPLICIT_PERCENT', '70%'],
    ['FARANDOLE_SHIELD_CLEAN_PERCENT', '0.4'],
    ['FARANDOLE_SHIELD_RESUME', 'yes'],
    ['FARANDOLE_SHIELD_OFF', 'true'],
    ['FARANDOLE_SAME_NETWORK', 'never'],
    ['FARANDOLE_OFFLINE_PAGE', 'no'],
    ['FARANDOLE_WEB_PUSH', 'yes'],
    ['FARANDOLE_METRICS_PORT', 'on'],
    ['FARANDOLE_LOG_LEVEL', 'loud'],
    ['FARANDOLE_CONNECTIONS_MAX', '0'],
    ['FARANDOLE_CONNECTIONS_MAX', '1000001'],
    ['FARANDOLE_CONNECTIONS_PER_NETWORK_MAX', '0'],
  ];
  for (const [name, value] of wrong) {
    // The environment has a valid relay configuration, so that only the value under test is
    // invalid.
    const env = { ...(/TURN|RELAY_KBPS/.test(name) ? TURN : {}), [name]: value };
    const { subjects, words } = refused(env);
    assert.deepEqual(subjects, [name], `${name}=${value}`);
    assert.ok(words.includes(value), words);
    const row = Object.entries(SETTINGS).find(([known]) => known === name)?.[1];
    assert.ok(words.includes(row?.right ?? '?'), words);
  }
});

const EVIDENCE: Env = {
  FARANDOLE_EVIDENCE_JURISDICTION: 'France',
  FARANDOLE_EVIDENCE_REGISTRATION: 'PHAROS 12345',
};

const WEBHOOK: Env = {
  FARANDOLE_ALERT_WEBHOOK_URL: 'https://hooks.example.org/alerts',
  FARANDOLE_ALERT_WEBHOOK_SECRET: 'a-secret-that-nobody-guesses',
};
const MAIL: Env = {
  FARANDOLE_ALERT_SMTP_URL: 'smtps://me:secret@mail.example.org',
  FARANDOLE_ALERT_MAIL_FROM: 'Farandole <alerts@example.org>',
};

/** One non-default value for each setting, with the other settings on which it depends. */
const OTHER_THAN_DEFAULT: Readonly<Record<SettingName, Env>> = {
  PORT: { PORT: '9000' },
  HOST: { HOST: '127.0.0.1' },
  FARANDOLE_RUNTIME: { FARANDOLE_RUNTIME: 'bun' },
  FARANDOLE_DATA_DIR: { FARANDOLE_DATA_DIR: 'elsewhere' },
  FARANDOLE_DATABASE_URL: { FARANDOLE_DATABASE_URL: 'postgres://me:secret@localhost/farandole' },
  FARANDOLE_KEYS_FILE: { FARANDOLE_KEYS_FILE: '/etc/farandole/keys.json' },
  FARANDOLE_VALKEY_URL: {
    FARANDOLE_VALKEY_URL: 'valkey://:secret@localhost',
    FARANDOLE_DATABASE_URL: 'postgres://me:secret@localhost/farandole',
  },
  FARANDOLE_ORIGINS: { FARANDOLE_ORIGINS: 'https://meet.example.org' },
  FARANDOLE_TRUSTED_PROXIES: { FARANDOLE_TRUSTED_PROXIES: '127.0.0.1' },
  FARANDOLE_AGE_REQUIRED: { FARANDOLE_AGE_REQUIRED: 'declared' },
  FARANDOLE_TURN_URLS: { FARANDOLE_TURN_URLS: 'turn:other.example.org' },
  FARANDOLE_TURN_SECRET: { FARANDOLE_TURN_SECRET: 'another-secret-that-nobody-guesses' },
  FARANDOLE_TURN_RELAY_IPS: { FARANDOLE_TURN_RELAY_IPS: '203.0.113.7' },
  FARANDOLE_RELAY_KBPS_MAX: { FARANDOLE_RELAY_KBPS_MAX: '500' },
  FARANDOLE_RELAY: { FARANDOLE_RELAY: 'always' },
  FARANDOLE_SOURCE_URL: { FARANDOLE_SOURCE_URL: 'https://code.example.org/farandole' },
  FARANDOLE_OPERATOR_NAME: { FARANDOLE_OPERATOR_NAME: 'A club' },
  FARANDOLE_EVIDENCE_JURISDICTION: EVIDENCE,
  FARANDOLE_EVIDENCE_REGISTRATION: EVIDENCE,
  FARANDOLE_HANDOVER_HOTLINE: { FARANDOLE_HANDOVER_HOTLINE: 'A hotline, example.org' },
  FARANDOLE_HANDOVER_AUTHORITY: { FARANDOLE_HANDOVER_AUTHORITY: 'An authority, example.org' },
  FARANDOLE_OPERATOR_CONTACT: { FARANDOLE_OPERATOR_CONTACT: 'help@example.org' },
  FARANDOLE_HELP_LINES: { FARANDOLE_HELP_LINES: 'https://example.org/help' },
  FARANDOLE_CHILD_HELP_LINES: { FARANDOLE_CHILD_HELP_LINES: 'tel:116111' },
  FARANDOLE_SHIELD_EXPLICIT_PERCENT: { FARANDOLE_SHIELD_EXPLICIT_PERCENT: '60' },
  FARANDOLE_SHIELD_CLEAN_PERCENT: { FARANDOLE_SHIELD_CLEAN_PERCENT: '30' },
  FARANDOLE_SHIELD_RESUME: { FARANDOLE_SHIELD_RESUME: 'never' },
  FARANDOLE_SHIELD_OFF: { FARANDOLE_SHIELD_OFF: 'allowed' },
  FARANDOLE_SAME_NETWORK: { FARANDOLE_SAME_NETWORK: 'apart' },
  FARANDOLE_RENTED_RANGES: { FARANDOLE_RENTED_RANGES: '/etc/farandole/rented.txt' },
  FARANDOLE_OFFLINE_PAGE: { FARANDOLE_OFFLINE_PAGE: 'off' },
  FARANDOLE_WEB_PUSH: { FARANDOLE_WEB_PUSH: 'on' },
  FARANDOLE_PICTURES_PER_SHIFT: { FARANDOLE_PICTURES_PER_SHIFT: '7' },
  FARANDOLE_METRICS_PORT: { FARANDOLE_METRICS_PORT: '9100' },
  FARANDOLE_METRICS_ADDRESS: { FARANDOLE_METRICS_ADDRESS: '127.0.0.2' },
  FARANDOLE_METRICS_TOKEN: { FARANDOLE_METRICS_TOKEN: 'a-token-that-nobody-guesses' },
  FARANDOLE_ALERT_WEBHOOK_URL: WEBHOOK,
  FARANDOLE_ALERT_WEBHOOK_SECRET: WEBHOOK,
  FARANDOLE_ALERT_SMTP_URL: MAIL,
  FARANDOLE_ALERT_MAIL_FROM: MAIL,
  FARANDOLE_LOG_LEVEL: { FARANDOLE_LOG_LEVEL: 'debug' },
  FARANDOLE_CONNECTIONS_MAX: { FARANDOLE_CONNECTIONS_MAX: '7' },
  FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: { FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '7' },
  FARANDOLE_MODES: { FARANDOLE_MODES: 'voice' },
  FARANDOLE_EXEMPT_RANGES: { FARANDOLE_EXEMPT_RANGES: '198.51.100.0/22' },
  FARANDOLE_PROOF_MS: { FARANDOLE_PROOF_MS: '7' },
};

test('offers each way to meet once', () => {
  assert.deepEqual(accepted({ FARANDOLE_MODES: 'voice, text,voice' }).modes, ['voice', 'text']);
  assert.match(refused({ FARANDOLE_MODES: 'voice,stage' }).words, /"stage"/);
  assert.deepEqual(refused({ FARANDOLE_MODES: 'voice,' }).subjects, ['FARANDOLE_MODES']);
  assert.deepEqual(accepted({ FARANDOLE_MODES: 'text,exchange' }).modes, ['text', 'exchange']);
  assert.match(refused({ FARANDOLE_MODES: 'exchange' }).words, /needs video, voice or text/);
});

test('refuses the question mode alone', () => {
  const modes = accepted({ FARANDOLE_MODES: 'text,question' }).modes;
  assert.deepEqual(modes, ['text', 'question']);
  assert.match(refused({ FARANDOLE_MODES: 'question' }).words, /Give another way to meet too/);
});

test('runs on Bun where others reach it only behind a listed proxy', () => {
  const open = { FARANDOLE_RUNTIME: 'bun', HOST: '0.0.0.0', FARANDOLE_AGE_REQUIRED: 'declared' };
  assert.deepEqual(refused(open).subjects, ['FARANDOLE_TRUSTED_PROXIES']);
  assert.equal(accepted({ ...open, FARANDOLE_TRUSTED_PROXIES: '10.0.0.2' }).runtime, 'bun');
  assert.equal(accepted({ FARANDOLE_RUNTIME: 'bun' }).runtime, 'bun');
  assert.equal(accepted({ ...open, FARANDOLE_RUNTIME: 'node' }).runtime, 'node');
});

test('starts only in the program that the settings name', () => {
  checkRuntime('node', 'node');
  checkRuntime('bun', 'bun');
  assert.throws(() => checkRuntime('bun', 'node'), /this process runs on Node.js/);
  assert.throws(() => checkRuntime('node', 'bun'), /no size limit/);
});

test('every setting, when given, changes the configuration', () => {
  const before = accepted(TURN);
  for (const name of SETTING_NAMES) {
    const after = accepted({ ...TURN, ...OTHER_THAN_DEFAULT[name] });
    // This setting has only one valid value.
    if (name === 'FARANDOLE_AGE_REQUIRED') assert.equal(after.ageRequired, 'declared');
    else assert.notDeepEqual(after, before, `${name} changes nothing`);
  }
});

test('normalizes the source URL up to its length limit', () => {
  const sourceUrl = (value: string) => accepted({ FARANDOLE_SOURCE_URL: value }).sourceUrl;
  assert.equal(sourceUrl('HTTP://Code.example.org'), 'http://code.example.org/');
  assert.equal(sourceUrl('https://example.org/a b"c'), 'https://example.org/a%20b%22c');
  const base = 'https://code.example.org/';
  const longest = base.padEnd(SOURCE_URL_CHARS_MAX, 'x');
  assert.equal(sourceUrl(longest), longest);
  assert.deepEqual(refused({ FARANDOLE_SOURCE_URL: `${longest}x` }).subjects, [
    'FARANDOLE_SOURCE_URL',
  ]);
});

test('accepts an address or a telephone number as help line', () => {
  const own = (value: string) => accepted({ FARANDOLE_HELP_LINES: value }).helpLines.anybody;
  assert.equal(own('https://example.org/help'), 'https://example.org/help');
  assert.equal(own('tel:+33-1-23'), 'tel:+33-1-23');
  const { helpLines } = accepted({ FARANDOLE_CHILD_HELP_LINES: 'tel:116111' });
  assert.deepEqual(helpLines, { anybody: null, children: 'tel:116111' });
  refused({ FARANDOLE_HELP_LINES: `https://example.org/${'x'.repeat(HELP_LINES_CHARS_MAX)}` });
});

test('reads a help line per country, each an address or number', () => {
  const own = (value: string) => accepted({ FARANDOLE_HELP_LINES: value }).helpLines.anybody;
  assert.equal(own('fr=tel:3114, DE=https://example.org'), 'FR=tel:3114,DE=https://example.org/');
  const withCommas = 'FR=https://example.org/a,b?x=1,DE=tel:1';
  assert.equal(own(withCommas), withCommas);
  const listOf = (chars: number): string => {
    const of = (country: string, path: number) =>
      `${country}=https://example.org/${'x'.repeat(path)}`;
    const all = ['FR', 'DE', 'AT', 'CH', 'BE', 'LU'].map((country) => of(country, 600));
    return all.join(',') + 'x'.repeat(chars - all.join(',').length);
  };
  assert.equal(own(listOf(HELP_LINES_LIST_CHARS_MAX)), listOf(HELP_LINES_LIST_CHARS_MAX));
  refused({ FARANDOLE_HELP_LINES: listOf(HELP_LINES_LIST_CHARS_MAX + 1) });
  const { words } = refused({ FARANDOLE_HELP_LINES: 'FR=tel:3114,UK=tel:116123' });
  assert.match(words, /names UK, which is not an ISO 3166 country code/);
});

test("reads the operator's name and contact", () => {
  const contact = (value: string) =>
    accepted({ FARANDOLE_OPERATOR_CONTACT: value }).operatorContact;
  assert.equal(contact('help@example.org'), 'mailto:help@example.org');
  assert.equal(contact('a"b@example.org'), 'mailto:a%22b@example.org');
  assert.equal(contact('https://example.org/help'), 'https://example.org/help');
  const name = 'é'.repeat(OPERATOR_NAME_CHARS_MAX);
  assert.equal(accepted({ FARANDOLE_OPERATOR_NAME: name }).operatorName, name);
  refused({ FARANDOLE_OPERATOR_NAME: `${name}é` });
  const longest = `${'a'.repeat(OPERATOR_CONTACT_CHARS_MAX - '@example.org'.length)}@example.org`;
  assert.equal(contact(longest), `mailto:${longest}`);
  refused({ FARANDOLE_OPERATOR_CONTACT: `a${longest}` });
});

test('accepts numeric settings at their bounds and refuses values just beyond', () => {
  for (const [name, min, max] of [
    ['PORT', 0, 65_535],
    ['FARANDOLE_METRICS_PORT', 0, 65_535],
    ['FARANDOLE_SHIELD_EXPLICIT_PERCENT', 50, 90],
    ['FARANDOLE_SHIELD_CLEAN_PERCENT', 10, 60],
    ['FARANDOLE_PICTURES_PER_SHIFT', 1, 10_000],
    ['FARANDOLE_CONNECTIONS_MAX', 1, 1_000_000],
    ['FARANDOLE_CONNECTIONS_PER_NETWORK_MAX', 1, 1_000_000],
    ['FARANDOLE_PROOF_MS', 0, PROOF_MS_MAX],
  ] as const) {
    accepted({ [name]: String(min) });
    accepted({ [name]: String(max) });
    refused({ [name]: String(min - 1) });
    refused({ [name]: String(max + 1) });
  }
});

test('[SH-60] accepts shield thresholds only in a consistent order', () => {
  const { shield } = accepted({
    FARANDOLE_SHIELD_EXPLICIT_PERCENT: '55',
    FARANDOLE_SHIELD_CLEAN_PERCENT: '54',
    FARANDOLE_SHIELD_RESUME: 'never',
    FARANDOLE_SHIELD_OFF: 'allowed',
  });
  assert.deepEqual(shield, {
    explicitAt: 0.55,
    cleanBelow: 0.54,
    mayResume: false,
    mayBeOff: true,
  });
  const { subjects } = refused({
    FARANDOLE_SHIELD_EXPLICIT_PERCENT: '55',
    FARANDOLE_SHIELD_CLEAN_PERCENT: '55',
  });
  assert.deepEqual(subjects, ['FARANDOLE_SHIELD_CLEAN_PERCENT']);
});

test('enables report pictures only if the settings contain both law and registration', () => {
  assert.deepEqual(accepted(EVIDENCE).evidence, {
    jurisdiction: 'France',
    registration: 'PHAROS 12345',
  });
  for (const [name, value] of Object.entries(EVIDENCE)) {
    const [missing] = Object.keys(EVIDENCE).filter((other) => other !== name);
    assert.deepEqual(refused({ [name]: value }).subjects, [missing]);
    accepted({ ...EVIDENCE, [name]: 'x'.repeat(EVIDENCE_TEXT_CHARS_MAX) });
    const long = 'x'.repeat(EVIDENCE_TEXT_CHARS_MAX + 1);
    assert.deepEqual(refused({ ...EVIDENCE, [name]: long }).subjects, [name]);
    assert.deepEqual(refused({ ...EVIDENCE, [name]: 'two\nlines' }).subjects, [name]);
  }
});

test('reports all invalid settings together', () => {
  const { subjects } = refused({
    PORT: 'x',
    HOST: '0.0.0.0',
    FARANDOLE_RELAY: 'always',
    FARANDOLE_ORIGINS: 'y',
    FARANDOLE_NOPE: '1',
  });
  assert.deepEqual(subjects.toSorted(), [
    'FARANDOLE_AGE_REQUIRED',
    'FARANDOLE_NOPE',
    'FARANDOLE_ORIGINS',
    'FARANDOLE_RELAY',
    'PORT',
  ]);
});

test('refuses an unknown setting and suggests the closest name', () => {
  const { words } = refused({ FARANDOLE_TRUSTED_PROXY: '127.0.0.1' });
  assert.match(words, /FARANDOLE_TRUSTED_PROXY is not a setting/);
  assert.match(words, /Did you mean FARANDOLE_TRUSTED_PROXIES\?/);
  assert.match(refused({ FARANDOLE_WHATEVER_ELSE: '1' }).words, /--help/);
  // Other variables are ignored, and an empty variable counts as not set.
  accepted({ PATH: '/bin', NODE_ENV: 'test', FARANDOLE_DATA_DIR: '', PORT: '' });
});

test('requires an age rule on a public server', () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'meet.example.org', '128.0.0.1']) {
    assert.deepEqual(refused({ HOST: host }).subjects, ['FARANDOLE_AGE_REQUIRED'], host);
    assert.equal(accepted({ HOST: host, FARANDOLE_AGE_REQUIRED: 'declared' }).host, host);
    assert.equal(isLocalHost(host), false);
  }
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) {
    assert.equal(accepted({ HOST: host }).host, host);
    assert.equal(isLocalHost(host), true);
  }
});

test("refuses a relay, secret and relay mode that don't fit together", () => {
  assert.equal(accepted(TURN).relay, 'until-consent');
  assert.equal(accepted({ ...TURN, FARANDOLE_RELAY: 'fallback' }).turnSecret, SECRET);
  for (const relay of ['always', 'until-consent', 'fallback']) {
    assert.deepEqual(refused({ FARANDOLE_RELAY: relay }).subjects, ['FARANDOLE_RELAY']);
  }
  const capped = { FARANDOLE_RELAY_KBPS_MAX: '500' };
  assert.deepEqual(refused(capped).subjects, ['FARANDOLE_RELAY_KBPS_MAX']);
  for (const kbps of [100, 3_000]) {
    const config = accepted({ ...TURN, FARANDOLE_RELAY_KBPS_MAX: String(kbps) });
    assert.equal(config.relayKbpsMax, kbps);
  }
  assert.equal(accepted(TURN).relayKbpsMax, null);
  const { FARANDOLE_TURN_URLS, FARANDOLE_TURN_SECRET } = TURN;
  assert.deepEqual(refused({ FARANDOLE_TURN_URLS }).subjects, ['FARANDOLE_TURN_SECRET']);
  assert.deepEqual(refused({ FARANDOLE_TURN_SECRET }).subjects, ['FARANDOLE_TURN_SECRET']);
  assert.deepEqual(refused({ FARANDOLE_TURN_RELAY_IPS: '203.0.113.7' }).subjects, [
    'FARANDOLE_TURN_RELAY_IPS',
  ]);
  // STUN alone needs no secret, because it has no credentials.
  const stunOnly = accepted({ FARANDOLE_TURN_URLS, FARANDOLE_RELAY: 'direct' });
  assert.equal(stunOnly.turnSecret, null);
  assert.equal(accepted({ ...TURN, FARANDOLE_RELAY: 'direct' }).turnSecret, null);
});

test('requires a separate port for metrics', () => {
  assert.deepEqual(refused({ PORT: '9100', FARANDOLE_METRICS_PORT: '9100' }).subjects, [
    'FARANDOLE_METRICS_PORT',
  ]);
  assert.deepEqual(refused({ FARANDOLE_METRICS_PORT: '8080' }).subjects, [
    'FARANDOLE_METRICS_PORT',
  ]);
  accepted({ PORT: '0', FARANDOLE_METRICS_PORT: '0' });
});

test('never prints a secret, valid or not', () => {
  const loaded = loadConfig(TURN, null);
  assert.ok(loaded.ok);
  const shown = JSON.stringify(loaded.effective);
  assert.ok(!shown.includes(SECRET));
  assert.match(shown, /\*{8}/);
  const { words } = refused({ FARANDOLE_TURN_SECRET: 'hush-hush', PORT: 'x' });
  assert.ok(!words.includes('hush-hush'));
});

test('accepts only PostgreSQL database URLs and never prints them', () => {
  for (const url of [
    'localhost/hush-hush',
    'mysql://localhost/hush-hush',
    'postgres://hush-hush/',
  ]) {
    const { subjects, words } = refused({ FARANDOLE_DATABASE_URL: url });
    assert.deepEqual(subjects, ['FARANDOLE_DATABASE_URL']);
    assert.ok(!words.includes('hush-hush'), words);
  }
  const url = 'postgresql://me@%2Frun%2Fpostgresql/farandole';
  assert.equal(accepted({ FARANDOLE_DATABASE_URL: url }).databaseUrl, url);
});

test('accepts only Valkey URLs beside a PostgreSQL database and never prints them', () => {
  const database = { FARANDOLE_DATABASE_URL: 'postgres://me:hush-hush@localhost/farandole' };
  for (const url of ['hush-hush:6379', 'http://:hush-hush@localhost', 'valkey://:hush-hush@h/1']) {
    const { subjects, words } = refused({ FARANDOLE_VALKEY_URL: url, ...database, PORT: 'x' });
    assert.deepEqual(subjects.toSorted(), ['FARANDOLE_VALKEY_URL', 'PORT']);
    assert.ok(!words.includes('hush-hush'), words);
  }
  const url = 'valkeys://:hush-hush@valkey.example.org:7000';
  const alone = refused({ FARANDOLE_VALKEY_URL: url });
  assert.deepEqual(alone.subjects, ['FARANDOLE_DATABASE_URL']);
  const { valkey } = accepted({ FARANDOLE_VALKEY_URL: url, ...database });
  assert.equal(valkey?.isTls, true);
  assert.deepEqual(valkey?.hosts, [{ host: 'valkey.example.org', port: 7_000 }]);
});

test('refuses a relay secret that is too short', () => {
  const { FARANDOLE_TURN_URLS } = TURN;
  const shortest = 'x'.repeat(TURN_SECRET_CHARS_MIN);
  const taken = accepted({ FARANDOLE_TURN_URLS, FARANDOLE_TURN_SECRET: shortest });
  assert.equal(taken.turnSecret, shortest);
  const { subjects, words } = refused({
    FARANDOLE_TURN_URLS,
    FARANDOLE_TURN_SECRET: shortest.slice(1),
  });
  assert.deepEqual(subjects, ['FARANDOLE_TURN_SECRET']);
  assert.match(words, /openssl rand -hex 32/);
});

test('lists every setting in force with its source', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'farandole.json');
  await writeFile(file, JSON.stringify({ PORT: 9000, FARANDOLE_LOG_LEVEL: 'warn' }));
  const loaded = loadConfig({ ...TURN, FARANDOLE_CONFIG: file, PORT: '9001' }, null);
  assert.ok(loaded.ok);
  assert.deepEqual(
    loaded.effective.map(({ name }) => name),
    SETTING_NAMES,
  );
  const row = (name: string) => loaded.effective.find((setting) => setting.name === name);
  assert.deepEqual(row('PORT'), { name: 'PORT', text: '9001', source: 'environment' });
  assert.equal(row('FARANDOLE_LOG_LEVEL')?.source, 'file');
  assert.deepEqual(row('FARANDOLE_RELAY'), {
    name: 'FARANDOLE_RELAY',
    text: 'until-consent',
    source: 'default',
  });
});

test('reads texts, numbers and lists from a configuration file', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'farandole.json');
  const other = join(folder, 'other.json');
  await writeFile(
    file,
    JSON.stringify({
      PORT: 9000,
      FARANDOLE_ORIGINS: ['https://a.example.org', 'https://b.example.org'],
      FARANDOLE_CONNECTIONS_MAX: '500',
    }),
  );
  await writeFile(other, JSON.stringify({ PORT: 1 }));
  const config = accepted({ FARANDOLE_CONFIG: other }, file);
  assert.equal(config.port, 9000);
  assert.deepEqual(config.origins, ['https://a.example.org', 'https://b.example.org']);
  assert.equal(config.connectionsMax, 500);
});

test('locates errors in a configuration file by line and column', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'farandole.json');
  const inFile = async (text: string): Promise<{ subjects: string[]; words: string }> => {
    await writeFile(file, text);
    return refused({}, file);
  };
  assert.deepEqual((await inFile('{\n  "PORT": 8080,\n  "PROT": 1\n}')).subjects, [`${file}:3:3`]);
  assert.match((await inFile('{ "PROT": 1 }')).words, /Did you mean PORT\?/);
  assert.deepEqual((await inFile('{\n  "PORT": "x"\n}')).subjects, [`${file}:2:3 PORT`]);
  assert.deepEqual((await inFile('{ "PORT": 8080 ')).subjects, [`${file}:1:16`]);
  assert.deepEqual((await inFile('{ "PORT": 1, "PORT": 2 }')).subjects, [`${file}:1:14`]);
  assert.deepEqual((await inFile('')).subjects, [`${file}:1:1`]);
  assert.match((await inFile('{ "FARANDOLE_CONFIG": "x" }')).words, /no setting/);
  assert.deepEqual(refused({}, join(folder, 'gone.json')).subjects, [join(folder, 'gone.json')]);
  assert.match(refused({ FARANDOLE_CONFIG: folder }).words, /cannot be read/);
});

test("docs/configuration.md has each setting's row as in the table of settings", () => {
  const document = readFileSync(
    join(import.meta.dirname, '..', '..', '..', 'docs', 'configuration.md'),
    'utf8',
  );
  for (const name of SETTING_NAMES) {
    const { byDefault, purpose } = SETTINGS[name];
    assert.ok(
      document.includes(`\n| \`${name}\` | ${byDefault} | ${purpose} |\n`),
      `the row of ${name} is not as in the table`,
    );
  }
});

test('reads a secret from a file, from a credential, or as it is', async (t) => {
  const folder = await temporaryFolder(t);
  const secretFile = join(folder, 'turn-secret');
  await writeFile(secretFile, `${SECRET}\n`);
  const urls = { FARANDOLE_TURN_URLS: 'turn:turn.example.org' };
  const file = join(folder, 'settings.json');
  await writeFile(file, JSON.stringify({ ...urls, FARANDOLE_TURN_SECRET_FILE: secretFile }));
  assert.equal(accepted({}, file).turnSecret, SECRET);
  assert.equal(accepted({ ...urls, FARANDOLE_TURN_SECRET_FILE: secretFile }).turnSecret, SECRET);

  const credentials = join(folder, 'credentials');
  await mkdir(credentials);
  await writeFile(join(credentials, 'FARANDOLE_TURN_SECRET'), `${SECRET}-of-systemd`);
  await writeFile(join(credentials, 'another-program'), 'not ours');
  const unit = { CREDENTIALS_DIRECTORY: credentials };
  assert.equal(accepted(unit, file).turnSecret, `${SECRET}-of-systemd`, 'overrides the file');
  const inPlace = { ...unit, FARANDOLE_TURN_SECRET: `${SECRET}-in-place` };
  assert.equal(accepted(inPlace, file).turnSecret, `${SECRET}-in-place`);
});

test('refuses a folder of credentials that cannot be read', async (t) => {
  const gone = join(await temporaryFolder(t), 'gone');
  const loaded = loadConfig({ CREDENTIALS_DIRECTORY: gone }, null);
  assert.ok(!loaded.ok);
  const said = inWords(loaded.problems);
  assert.match(said, /CREDENTIALS_DIRECTORY .*a folder that cannot be read: ENOENT/);
});

test('refuses a secret file that is missing, empty, doubled or of no secret', async (t) => {
  const folder = await temporaryFolder(t);
  const empty = join(folder, 'empty');
  await writeFile(empty, '\n');
  const gone = {
    ...TURN,
    FARANDOLE_TURN_SECRET: '',
    FARANDOLE_TURN_SECRET_FILE: join(folder, 'a'),
  };
  assert.match(refused(gone).words, /FARANDOLE_TURN_SECRET_FILE names a file .*ENOENT/);
  assert.match(refused({ ...gone, FARANDOLE_TURN_SECRET_FILE: empty }).words, /which is empty/);
  assert.match(
    refused({ ...TURN, FARANDOLE_TURN_SECRET_FILE: empty }).words,
    /is set, and so is FARANDOLE_TURN_SECRET/,
  );
  assert.match(refused({ FARANDOLE_ORIGINS_FILE: empty }).words, /is not a setting/);
  const file = join(folder, 'settings.json');
  await writeFile(file, JSON.stringify({ ...TURN, FARANDOLE_TURN_SECRET_FILE: empty }));
  assert.match(refused({}, file).words, /the file has FARANDOLE_TURN_SECRET too/);
  assert.doesNotMatch(refused({}, file).words, new RegExp(SECRET));
});

test('needs a token where others can reach the metrics', () => {
  const open = { FARANDOLE_METRICS_PORT: '9100', FARANDOLE_METRICS_ADDRESS: '0.0.0.0' };
  assert.deepEqual(refused(open).subjects, ['FARANDOLE_METRICS_TOKEN']);
  const token = 'a'.repeat(METRICS_TOKEN_CHARS_MIN);
  const config = accepted({ ...open, FARANDOLE_METRICS_TOKEN: token });
  assert.deepEqual([config.metricsAddress, config.metricsToken], ['0.0.0.0', token]);
  for (const wrong of [token.slice(1), `${token} b`, `${token}é`]) {
    assert.deepEqual(refused({ ...open, FARANDOLE_METRICS_TOKEN: wrong }).subjects, [
      'FARANDOLE_METRICS_TOKEN',
    ]);
  }
  assert.equal(accepted({ FARANDOLE_METRICS_ADDRESS: '::1' }).metricsAddress, '::1');
  assert.deepEqual(refused({ FARANDOLE_METRICS_ADDRESS: 'localhost' }).subjects, [
    'FARANDOLE_METRICS_ADDRESS',
  ]);
});

test('takes a webhook and a mail server for alerts, each with its other half', () => {
  const { alerts } = accepted({ ...WEBHOOK, ...MAIL });
  assert.deepEqual(alerts, {
    webhook: { url: 'https://hooks.example.org/alerts', secret: 'a-secret-that-nobody-guesses' },
    mail: {
      smtpUrl: 'smtps://me:secret@mail.example.org',
      from: { name: 'Farandole', address: 'alerts@example.org' },
    },
  });
  assert.deepEqual(accepted({}).alerts, { webhook: null, mail: null });
  for (const [name, both] of Object.entries({
    FARANDOLE_ALERT_WEBHOOK_URL: WEBHOOK,
    FARANDOLE_ALERT_WEBHOOK_SECRET: WEBHOOK,
    FARANDOLE_ALERT_SMTP_URL: MAIL,
    FARANDOLE_ALERT_MAIL_FROM: MAIL,
  })) {
    const { [name]: _, ...half } = both;
    assert.deepEqual(refused(half).subjects, [name]);
  }
});

test('reads a comma in the sender’s name as part of the name', () => {
  const address = 'alerts@example.org';
  const cases = {
    [address]: { name: '', address },
    'Us, the team <alerts@example.org>': { name: 'Us, the team', address },
    '"Us, the team" <alerts@example.org>': { name: 'Us, the team', address },
  };
  for (const [from, expected] of Object.entries(cases)) {
    const { mail } = accepted({ ...MAIL, FARANDOLE_ALERT_MAIL_FROM: from }).alerts;
    assert.deepEqual(mail?.from, expected);
  }
});

test('refuses addresses for alerts that others could read or that are none', () => {
  const secret = 'a'.repeat(WEBHOOK_SECRET_CHARS_MIN);
  for (const url of ['http://127.0.0.1:9/x', 'http://[::1]:9/', 'http://localhost/']) {
    const set = { FARANDOLE_ALERT_WEBHOOK_URL: url, FARANDOLE_ALERT_WEBHOOK_SECRET: secret };
    assert.ok(accepted(set).alerts.webhook !== null, url);
  }
  for (const url of ['http://hooks.example.org/', 'ftp://localhost/', 'https://a:b@c.org/', 'x']) {
    const set = { ...WEBHOOK, FARANDOLE_ALERT_WEBHOOK_URL: url };
    assert.deepEqual(refused(set).subjects, ['FARANDOLE_ALERT_WEBHOOK_URL'], url);
  }
  const short = { ...WEBHOOK, FARANDOLE_ALERT_WEBHOOK_SECRET: secret.slice(1) };
  assert.deepEqual(refused(short).subjects, ['FARANDOLE_ALERT_WEBHOOK_SECRET']);
  const mails = ['https://mail.example.org', 'smtp://', 'smtp://h/path', 'smtp://h?x=1'];
  for (const url of [...mails, 'smtps://me:100%@h', 'smtps://m%e:x@h']) {
    const set = { ...MAIL, FARANDOLE_ALERT_SMTP_URL: url };
    assert.deepEqual(refused(set).subjects, ['FARANDOLE_ALERT_SMTP_URL'], url);
  }
  const senders = ['nobody', 'A <a@b.org', 'a@b.org>', 'a@b.org\nBcc: c@d.org', ' <a@b.org>'];
  const lists = ['a@b.org, c@d.org', 'A <a@b.org>, C <c@d.org>', 'a@b.org, C <c@d.org>'];
  for (const from of [...senders, ...lists, `${'n'.repeat(81)} <a@b.org>`, '"A <a@b.org>']) {
    const set = { ...MAIL, FARANDOLE_ALERT_MAIL_FROM: from };
    assert.deepEqual(refused(set).subjects, ['FARANDOLE_ALERT_MAIL_FROM'], from);
  }
});
