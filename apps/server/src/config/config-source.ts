import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlatJsonError, parseFlatJson } from './flat-json.ts';
import { nearestName } from './nearest-name.ts';
import { isSettingName, SETTING_NAMES, type SettingName, secretOfFile } from './settings.ts';

/**
 * Name of the environment variable with the path of a settings file. This variable is not a setting
 * itself.
 */
export const CONFIG_FILE_VARIABLE = 'FARANDOLE_CONFIG';

export interface ConfigProblem {
  /** Subject of the error message, which is a setting, or a file and a position in it. */
  readonly subject: string;
  /** Rest of the error message, which continues the sentence after `subject`. */
  readonly problem: string;
  readonly right: string;
}

export interface RawSetting {
  readonly text: string;
  readonly source: 'environment' | 'credential' | 'file';
  /** Name of the setting in error messages, with its position if the setting came from a file. */
  readonly subject: string;
}

export interface RawSettings {
  readonly settings: ReadonlyMap<SettingName, RawSetting>;
  readonly problems: readonly ConfigProblem[];
}

/** Environment variables by name. An empty variable counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'FARANDOLE_';

/** Environment variable by which systemd names the folder of a service's credentials. */
const CREDENTIALS_VARIABLE = 'CREDENTIALS_DIRECTORY';

/**
 * Collects the settings from a settings file, from the credentials of systemd and from the
 * environment. Each source overrides the ones before it. Reports unknown names, because a misspelt
 * setting would otherwise silently keep its default.
 *
 * @param filePath path of the file, from the command line; null to use the path in
 * `FARANDOLE_CONFIG`, if set
 */
export function gatherSettings(environment: Environment, filePath: string | null): RawSettings {
  const problems: ConfigProblem[] = [];
  const settings = new Map<SettingName, RawSetting>();
  const path = filePath ?? (environment[CONFIG_FILE_VARIABLE] || null);
  if (path !== null) gatherFile(path, settings, problems);
  gatherCredentials(environment, settings, problems);
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    const secret = secretOfFile(name);
    if (secret !== null && (environment[secret] ?? '') !== '') {
      problems.push({ subject: name, problem: `is set, and so is ${secret}.`, right: 'Set one.' });
    } else if (secret !== null) {
      gatherSecret(
        { secret, path: value, subject: name, source: 'environment' },
        settings,
        problems,
      );
    } else if (isSettingName(name)) {
      settings.set(name, { text: value, source: 'environment', subject: name });
    } else if (name.startsWith(PREFIX) && name !== CONFIG_FILE_VARIABLE) {
      problems.push(unknownName(name, name));
    }
  }
  return { settings, problems };
}

function gatherFile(
  path: string,
  settings: Map<SettingName, RawSetting>,
  problems: ConfigProblem[],
): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : 'for an unknown reason';
    problems.push({
      subject: path,
      problem: `cannot be read: ${why}.`,
      right: 'Give the path of a JSON file of settings that this process may read.',
    });
    return;
  }
  try {
    const entries = parseFlatJson(text);
    for (const { key, value, line, column } of entries) {
      const place = `${path}:${line}:${column}`;
      const asText = Array.isArray(value) ? value.join(',') : String(value);
      const secret = secretOfFile(key);
      if (secret !== null && entries.some((entry) => entry.key === secret)) {
        const problem = `names ${key}, and the file has ${secret} too.`;
        problems.push({ subject: place, problem, right: 'Set one.' });
      } else if (secret !== null) {
        const subject = `${place} ${key}`;
        gatherSecret({ secret, path: asText, subject, source: 'file' }, settings, problems);
      } else if (isSettingName(key)) {
        settings.set(key, { text: asText, source: 'file', subject: `${place} ${key}` });
      } else {
        problems.push(unknownName(key, place));
      }
    }
  } catch (error) {
    if (!(error instanceof FlatJsonError)) throw error;
    problems.push({
      subject: `${path}:${error.line}:${error.column}`,
      problem: `is not valid JSON for settings. ${error.message}`,
      right: 'Give one object with a setting on each line: { "PORT": 8080 }',
    });
  }
}

/** Reads each credential of systemd that has the name of a secret setting. */
function gatherCredentials(
  environment: Environment,
  settings: Map<SettingName, RawSetting>,
  problems: ConfigProblem[],
): void {
  const folder = environment[CREDENTIALS_VARIABLE];
  if (folder === undefined || folder === '') return;
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'for an unknown reason';
    problems.push({
      subject: CREDENTIALS_VARIABLE,
      problem: `names a folder that cannot be read: ${why}.`,
      right: 'It must be the folder of the credentials that systemd hands to the service.',
    });
    return;
  }
  for (const name of names) {
    const secret = secretOfFile(`${name}_FILE`);
    if (secret === null) continue;
    const path = join(folder, name);
    gatherSecret({ secret, path, subject: path, source: 'credential' }, settings, problems);
  }
}

/** Reads the value of a secret setting from a file that contains nothing else. */
function gatherSecret(
  named: Pick<RawSetting, 'subject' | 'source'> & {
    readonly secret: SettingName;
    readonly path: string;
  },
  settings: Map<SettingName, RawSetting>,
  problems: ConfigProblem[],
): void {
  const { secret, path, subject, source } = named;
  const right = `Give the path of a file that contains only ${secret} and that this process may read.`;
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text === '') problems.push({ subject, problem: `names ${path}, which is empty.`, right });
    else settings.set(secret, { text, source, subject });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'for an unknown reason';
    problems.push({ subject, problem: `names a file that cannot be read: ${why}.`, right });
  }
}

function unknownName(name: string, subject: string): ConfigProblem {
  const nearest = nearestName(name, SETTING_NAMES);
  return {
    subject,
    problem: subject === name ? 'is not a setting.' : `names ${JSON.stringify(name)}, no setting.`,
    right: nearest === null ? 'Run with --help to see all settings.' : `Did you mean ${nearest}?`,
  };
}
