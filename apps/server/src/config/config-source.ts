import { readFileSync } from 'node:fs';
import { FlatJsonError, parseFlatJson } from './flat-json.ts';
import { nearestName } from './nearest-name.ts';
import { isSettingName, SETTING_NAMES, type SettingName } from './settings.ts';

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
  readonly source: 'environment' | 'file';
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

/**
 * Collects the settings from a file and the environment, which overrides the file. Reports unknown
 * names, because a misspelt setting would otherwise silently keep its default.
 *
 * @param filePath path of the file, from the command line; null to use the path in
 * `FARANDOLE_CONFIG`, if set
 */
export function gatherSettings(environment: Environment, filePath: string | null): RawSettings {
  const problems: ConfigProblem[] = [];
  const settings = new Map<SettingName, RawSetting>();
  const path = filePath ?? (environment[CONFIG_FILE_VARIABLE] || null);
  if (path !== null) gatherFile(path, settings, problems);
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    if (isSettingName(name)) {
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
    for (const { key, value, line, column } of parseFlatJson(text)) {
      const place = `${path}:${line}:${column}`;
      if (isSettingName(key)) {
        const asText = Array.isArray(value) ? value.join(',') : String(value);
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

function unknownName(name: string, subject: string): ConfigProblem {
  const nearest = nearestName(name, SETTING_NAMES);
  return {
    subject,
    problem: subject === name ? 'is not a setting.' : `names ${JSON.stringify(name)}, no setting.`,
    right: nearest === null ? 'Run with --help to see all settings.' : `Did you mean ${nearest}?`,
  };
}
